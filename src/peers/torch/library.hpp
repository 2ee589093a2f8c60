// PyTorch on memory that is not its own.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <span>

#include "suite/problem.hpp"

namespace trilbench::torch {

/// A tensor that lies at that place, dense and row-major, and owns nothing.
at::Tensor view(const float* data, at::IntArrayRef sizes);
/// The same of bytes that are 0 or 1.
at::Tensor truth_view(const bool* data, at::IntArrayRef sizes);

/// In every row's `prepare`.
void set_threads(const Problem& problem);

/// Whether these are the arrays of the row's last call. A user who has tensors calls the routines with them,
/// so what it takes to make tensors of our arrays, two microseconds and more, is left out of the time: a row
/// keeps them from call to call, and makes them anew when it is called with others.
class Arrays {
 public:
  bool are(const Problem& problem, std::span<const float* const> inputs, const float* output,
           const void* workspace);

 private:
  const void* addresses_[4] = {};
  Problem problem_ = {};
};

/// The tensors that `make` makes of a call's arrays, or made when the last call had the same.
template <std::size_t inputs_count, auto make>
auto& tensors_of(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  static Arrays arrays;
  static auto tensors = decltype(make(problem, inputs, output, workspace)){};
  if (!arrays.are(problem, {inputs, inputs_count}, output, workspace))
    tensors = make(problem, inputs, output, workspace);
  return tensors;
}

}  // namespace trilbench::torch
