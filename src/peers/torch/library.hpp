// PyTorch on memory that is not its own.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/InferenceMode.h>

#include <cstddef>
#include <span>

#include "suite/implementation.hpp"

namespace trilbench::torch {

/// A tensor that lies at that place, dense and row-major, and owns nothing.
at::Tensor view(const void* floats, at::IntArrayRef sizes);
/// The same of bytes that are 0 or 1.
at::Tensor truth_view(const bool* data, at::IntArrayRef sizes);

void set_threads(const Problem& problem);

/// Whether these are the arrays of the last call. A user who has tensors calls the routines with them, so
/// what it takes to make tensors of our arrays, two microseconds and more, is left out of the time: a kernel
/// keeps them from call to call, and makes them anew when it is called with others.
class Arrays {
 public:
  bool are(const Problem& problem, std::span<const float* const> inputs, const float* output,
           const void* scratch);

 private:
  const void* addresses_[2 + 3] = {};  // of the output, the scratch memory, and up to three inputs
  Problem problem_ = {};
};

namespace detail {

template <auto build>
void prepare(const Problem& problem, [[maybe_unused]] void* scratch) {
  set_threads(problem);
  if constexpr (!std::is_null_pointer_v<decltype(build)>) build(problem, scratch);
}

template <std::size_t inputs_count, auto make, auto compute>
void run(const Problem& problem, const float* const* inputs, float* output, void* scratch) {
  static Arrays arrays;
  static auto tensors = decltype(make(problem, inputs, output, scratch)){};
  const c10::InferenceMode inference;
  if (!arrays.are(problem, {inputs, inputs_count}, output, scratch))
    tensors = make(problem, inputs, output, scratch);
  compute(tensors);
}

}  // namespace detail

/// The kernel of tensors: make(problem, inputs, output, scratch) returns them in a struct, and
/// compute(struct) is what is timed. scratch_size and build as of kernel_of_functions.
template <std::size_t inputs_count, auto make, auto compute, auto scratch_size = nullptr,
          auto build = nullptr>
constexpr Kernel kernel_of_tensors() {
  return kernel_of_functions<detail::run<inputs_count, make, compute>, scratch_size,
                             detail::prepare<build>>();
}

}  // namespace trilbench::torch
