// One method of an operation: a description, which is plain data, and a kernel, code of one instruction set.
//
// A file under operations/ is compiled once for each instruction set and defines one Implementation. Reading
// its description executes nothing of the set, so that every CPU can list what only some can run. The
// kernel's functions are private to Runnable (suite/variant.hpp), which exists only where the CPU has the
// set.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include "suite/explanation.hpp"
#include "suite/machine.hpp"
#include "suite/problem.hpp"

namespace trilbench {

/// The useful floating-point operations of a method, in what its operation counts (Counts,
/// suite/operation.hpp): what must be computed, not what padding adds.
struct Flops {
  double per_term = 0;
  double per_output = 0;
  double per_weight = 0;
};

/// What an exponential counts as (simd/exp_by_table.hpp): four fused multiply-adds, a subtraction, a product,
/// and the product with a power of two. The library's, in plain loops, takes more and is credited with these.
inline constexpr double flops_of_exponential = 11;

inline constexpr std::size_t workspace_alignment = 64;

class Kernel {
 public:
  /// Why the kernel does not take a problem that its operation has, or nullptr if it does.
  using Refuses = const char* (*)(const Problem&);
  /// Bytes of the workspace, which begins with the plan.
  using WorkspaceBytes = std::size_t (*)(const Problem&, const Machine&);
  /// Decides all that depends on the sizes, the threads and the machine, and writes it, the plan, at the head
  /// of the workspace; behind it what can be built before the data are there. Timed apart from `run`. The
  /// plan is plain data and lives as long as the workspace's memory, whose address it may hold.
  using Prepare = void (*)(const Problem&, const Machine&, void* workspace);
  /// Computes the output by the plan. Allocates nothing, throws nothing, writes only its output and its
  /// workspace, and may be called any number of times. Pointers may have any alignment that float has.
  using Run = void (*)(void* workspace, const float* const* inputs, float* output);

  /// Says what the plan for a problem on a machine chose and why; nullptr: there is no choice.
  using Explain = void (*)(const Problem&, const Machine&, Explanation&);

  constexpr Kernel(WorkspaceBytes workspace_bytes, Prepare prepare, Run run, Refuses refuses = nullptr,
                   Explain explain = nullptr)
      : workspace_bytes_(workspace_bytes),
        prepare_(prepare),
        run_(run),
        refuses_(refuses),
        explain_(explain) {}

 private:
  friend class Runnable;
  WorkspaceBytes workspace_bytes_;
  Prepare prepare_;
  Run run_;
  Refuses refuses_;
  Explain explain_;
};

enum class Role {
  method,  // computes its operation
  probe,   // a limit of the machine: moves what a Traffic says (suite/traffic.hpp)
};

struct Implementation {
  const char* idea;  // one line for people
  Flops flops = {};
  bool one_thread = false;     // takes problems of one thread only
  std::int64_t sum_block = 0;  // sums are kept in blocks of so many terms, so errors grow less; 0: no
  Role role = Role::method;
  Kernel kernel;
};

/// The kernel of a plan, which is a class that has
///   Plan(const Problem&, const Machine&)
///   void run(const float* const* inputs, float* output, void* scratch) const
/// and, if it needs memory beside itself, aligned to 64,
///   std::size_t scratch_bytes() const
///   void prepare(void* scratch) const    to build there what depends on the sizes alone
/// and, if it chooses,
///   void explain(Explanation&) const     to say what and why, from the members that run goes by
template <class Plan>
constexpr Kernel kernel_of(Kernel::Refuses refuses = nullptr) {
  constexpr auto explain = []() -> Kernel::Explain {
    if constexpr (requires(const Plan& plan, Explanation& explanation) { plan.explain(explanation); })
      return [](const Problem& problem, const Machine& machine, Explanation& explanation) {
        Plan(problem, machine).explain(explanation);
      };
    return nullptr;
  };
  constexpr std::size_t head =
      (sizeof(Plan) + workspace_alignment - 1) / workspace_alignment * workspace_alignment;
  static_assert(alignof(Plan) <= workspace_alignment);
  return {[](const Problem& problem, const Machine& machine) -> std::size_t {
            if constexpr (requires(const Plan& plan) { plan.scratch_bytes(); })
              return head + Plan(problem, machine).scratch_bytes();
            return head;
          },
          [](const Problem& problem, const Machine& machine, void* workspace) {
            [[maybe_unused]] const Plan* const plan = new (workspace) Plan(problem, machine);
            if constexpr (requires(void* scratch) { plan->prepare(scratch); })
              plan->prepare(static_cast<std::byte*>(workspace) + head);
          },
          [](void* workspace, const float* const* inputs, float* output) {
            static_cast<const Plan*>(workspace)->run(inputs, output,
                                                     static_cast<std::byte*>(workspace) + head);
          },
          refuses, explain()};
}

/// The kernel of functions, whose plan is the problem itself: compute(problem, inputs, output, scratch), and
/// if it needs memory, scratch_size(problem) in bytes and build(problem, scratch), which prepares it.
template <auto compute, auto scratch_size = nullptr, auto build = nullptr>
constexpr Kernel kernel_of_functions(Kernel::Refuses refuses = nullptr) {
  struct Plan {
    Plan(const Problem& of, const Machine&) : problem(of) {}

    std::size_t scratch_bytes() const {
      if constexpr (std::is_null_pointer_v<decltype(scratch_size)>) {
        return 0;
      } else {
        return scratch_size(problem);
      }
    }
    void prepare([[maybe_unused]] void* scratch) const {
      if constexpr (!std::is_null_pointer_v<decltype(build)>) build(problem, scratch);
    }
    void run(const float* const* inputs, float* output, void* scratch) const {
      compute(problem, inputs, output, scratch);
    }

    Problem problem;
  };
  return kernel_of<Plan>(refuses);
}

}  // namespace trilbench
