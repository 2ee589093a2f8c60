// A variant's kernel, its workspace prepared for a problem.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>

#include "suite/memory.hpp"
#include "suite/variant.hpp"
#include "suite/verify/guarded_call.hpp"

namespace trilbench::bench {

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

class Prepared {
 public:
  /// Throws std::logic_error if this CPU lacks the instruction set, std::runtime_error if memory cannot be
  /// had, and KernelFault.
  Prepared(const Variant& variant, const Problem& problem);

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
