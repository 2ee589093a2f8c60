// An implementation compiled for one instruction set, or a library's routine.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "suite/implementation.hpp"
#include "suite/isa.hpp"
#include "suite/operation.hpp"

namespace trilbench {

struct Variant {
  const char* operation;   // the folder, such as "causal_mean"
  const char* name;        // the file, such as "prefix_mean"
  std::optional<Isa> isa;  // nothing: a library's routine, which chooses its instructions itself
  const Implementation* implementation;

  bool is_library() const { return !isa; }
};

/// The instruction set's name in benchmarks and tables; "peer" of a library's routine.
std::string_view isa_text(const Variant& variant);

/// The kernel of a variant on a CPU that has its instruction set: there is no other way to its code.
class Runnable {
 public:
  /// Nothing on a CPU that lacks the instruction set.
  static std::optional<Runnable> of(const Variant& variant);

  /// The kernel's own reason for refusing the problem; nullptr if it takes it.
  const char* refuses(const Problem& problem) const {
    return kernel_.refuses_ ? kernel_.refuses_(problem) : nullptr;
  }
  std::size_t workspace_bytes(const Problem& problem, const Machine& machine) const {
    return kernel_.workspace_bytes_(problem, machine);
  }
  void prepare(const Problem& problem, const Machine& machine, void* workspace) const {
    kernel_.prepare_(problem, machine, workspace);
  }
  void run(void* workspace, const float* const* inputs, float* output) const {
    kernel_.run_(workspace, inputs, output);
  }
  /// What the plan chose, and why. False if there is no choice: nothing is said.
  bool explain(const Problem& problem, const Machine& machine, Explanation& explanation) const {
    if (!kernel_.explain_) return false;
    kernel_.explain_(problem, machine, explanation);
    return true;
  }

 private:
  explicit Runnable(const Kernel& kernel) : kernel_(kernel) {}
  Kernel kernel_;
};

/// "<operation>/<implementation>/<isa>/f32/B:8/T:1024/C:64/omp:1"; of an axis that is a shape "X:3x1x2x2".
std::string benchmark_name(const Operation& operation, const Variant& variant, const Problem& problem);

/// What the CPU lacks, or why operation, implementation or kernel refuse the problem; empty if it runs.
std::string why_skipped(const Operation& operation, const Variant& variant, const Problem& problem);

/// Useful flops of a call.
double flops(const Operation& operation, const Variant& variant, const Problem& problem);

/// The number of roundings that the operation and the implementation allow in an output row: the bound is
/// made of it (suite/verify/compare.hpp).
double roundings(const Operation& operation, const Variant& variant, const Problem& problem,
                 std::int64_t row);

/// g, in units of u, in the last row of the output, where it is largest.
double growth(const Operation& operation, const Variant& variant, const Problem& problem);

}  // namespace trilbench
