// The memory that a row works in, laid out the same for every row: 64-byte aligned, each array at its own
// offset in a page, huge pages asked for, pages first touched by the threads that will use them.
#pragma once

#include <cstdint>
#include <vector>

#include "suite/implementation.hpp"
#include "suite/memory.hpp"
#include "suite/operation.hpp"

namespace trilbench::bench {

/// The inputs and the output of one problem. Throws std::runtime_error if memory cannot be had.
class Arrays {
 public:
  Arrays(const Operation& operation, const Problem& problem);

  void fill(const Fill& fill, std::uint32_t round);
  /// Makes every element of the output NaN, so that nothing old can pass for a result.
  void blank_output();

  const Problem& problem() const { return problem_; }
  const float* const* inputs() const { return inputs_.data(); }
  float* output() const { return output_.as<float>(); }

 private:
  Problem problem_;
  std::vector<Memory> input_memory_;
  std::vector<float*> inputs_;
  Memory output_;
};

/// A row's workspace, prepared. Throws std::runtime_error if memory cannot be had.
class Workspace {
 public:
  Workspace(const Implementation& row, const Problem& problem);

  void* get() const { return memory_.as<void>(); }
  double prepare_seconds() const { return prepare_seconds_; }

 private:
  Memory memory_;
  double prepare_seconds_ = 0;
};

}  // namespace trilbench::bench
