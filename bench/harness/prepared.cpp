#include "harness/prepared.hpp"

#include "harness/arrays.hpp"

namespace trilbench::bench {
namespace {

Runnable runnable_here(const Variant& variant) {
  if (const std::optional<Runnable> runnable = Runnable::of(variant)) return *runnable;
  throw std::logic_error(std::string(variant.name) + " must not run here: " + why_unsupported(*variant.isa));
}

}  // namespace

Prepared::Prepared(const Variant& variant, const Problem& problem)
    : variant_(&variant),
      runnable_(runnable_here(variant)),
      memory_(touched_memory(runnable_.workspace_bytes(problem, this_machine()), workspace_array,
                             problem.threads)) {
  const Stopwatch watch;
  call_kernel([&] { runnable_.prepare(problem, this_machine(), workspace()); });
  prepare_seconds_ = watch.seconds();
}

}  // namespace trilbench::bench
