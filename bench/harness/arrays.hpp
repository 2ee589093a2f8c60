// The memory that a variant works in, laid out the same for every variant: 64-byte aligned, each array at its
// own offset in a page, huge pages asked for, pages first touched by the threads that will use them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include "suite/memory.hpp"
#include "suite/operation.hpp"
#include "suite/variant.hpp"
#include "suite/verify/guarded_call.hpp"

namespace trilbench::bench {

/// The state of the memory that a call meets.
struct Conditions {
  bool cold = false;        // every call works on arrays that have left the caches
  bool misaligned = false;  // no array begins on the boundary of a vector
};

/// How many sets of inputs and output alternate: one, or if cold as many as fill twice the last-level caches
/// of the problem's threads.
std::size_t sets_of_arrays(const Operation& operation, const Problem& problem, Conditions conditions);

/// The inputs and the output of one problem, in one set or several; what does not say otherwise speaks of the
/// current set. Throws std::runtime_error if memory cannot be had.
class Arrays {
 public:
  Arrays(const Operation& operation, const Problem& problem, Conditions conditions = {});

  void fill(const Fill& fill, std::uint32_t round);
  /// The inputs of one repetition after another, each time all different: few numbers are drawn anew with the
  /// seed of the round; many, which take a second and more to draw, are drawn once and rotated.
  void fill_for_timing(const Fill& fill, std::uint32_t seed, std::uint32_t round);
  /// Gives all sets the inputs for timing that the current one has.
  void share_inputs();
  /// Makes the output NaN, so that nothing old can pass for a result: of the current set, or of the one that
  /// is current `sets_on` sets later. The others' are left to rest. Of an output so large that it would take
  /// long, only these rows of so many elements, and the ones before and after each.
  void blank_output(std::span<const std::int64_t> rows, std::int64_t columns, std::size_t sets_on = 0);

  const Problem& problem() const { return problem_; }
  const float* const* inputs() const { return arrays_of(set_); }
  float* output() const { return arrays_of(set_)[arrays_.size() - 1]; }

  /// Moves on to the set that has rested longest.
  void next() {
    if (++set_ == sets()) set_ = 0;
  }
  void previous() { set_ = (set_ == 0 ? sets() : set_) - 1; }
  std::size_t sets() const { return timed_.size(); }

 private:
  struct Timed {
    const Fill* fill = nullptr;  // none: not filled for timing
    std::uint32_t seed = 0;
    std::uint32_t round = 0;

    bool operator==(const Timed&) const = default;
  };

  struct Array {
    Memory memory;  // of all sets
    std::size_t floats = 0;
  };

  float* const* arrays_of(std::size_t set) const { return places_.data() + set * arrays_.size(); }

  Problem problem_;
  std::vector<Array> arrays_;   // the inputs, then the output
  std::vector<float*> places_;  // [set][array]
  std::vector<Timed> timed_;    // [set]
  std::size_t set_ = 0;
};

/// Seconds since construction.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begin_ = Clock::now();
};

/// How a kernel faulted, in words: it fails its benchmark.
class KernelFault : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

/// Calls what calls a kernel, and owns nothing. Throws KernelFault.
template <class Call>
void call_kernel(Call&& call) {
  if (const std::optional<Fault> fault = fault_of(call)) throw KernelFault(description(*fault));
}

/// A variant's kernel, its workspace prepared for a problem.
class Prepared {
 public:
  /// Throws KernelFault, and std::runtime_error if memory cannot be had. The CPU must have the set.
  Prepared(const Variant& variant, const Problem& problem);

  /// A call on the current set of arrays.
  void run(const Arrays& arrays) const { runnable_.run(workspace(), arrays.inputs(), arrays.output()); }

  const Variant& variant() const { return *variant_; }
  /// By value: what is called in a loop need not be loaded anew.
  Runnable runnable() const { return runnable_; }
  void* workspace() const { return memory_.as<void>(); }
  std::size_t workspace_bytes() const { return memory_.size(); }
  double prepare_seconds() const { return prepare_seconds_; }

 private:
  const Variant* variant_;
  Runnable runnable_;
  Memory memory_;
  double prepare_seconds_ = 0;
};

}  // namespace trilbench::bench
