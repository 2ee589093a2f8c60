// Calls of kernels by the harness: a fault is told as an exception, which fails the row.
#pragma once

#include <optional>
#include <stdexcept>

#include "suite/verify/guarded_call.hpp"

namespace trilbench::bench {

/// How a kernel faulted, in words.
class KernelFault : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

/// Calls what calls a kernel, and owns nothing. Throws KernelFault.
template <class Call>
void call_kernel(Call&& call) {
  if (const std::optional<Fault> fault = fault_of(call)) throw KernelFault(description(*fault));
}

}  // namespace trilbench::bench
