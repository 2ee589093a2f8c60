#include "harness/plan.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "harness/text.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/machine/process.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

constexpr double part_of_memory = 0.6;
constexpr double little_work = 1e6;  // of a thread: of less, a team's beginning is most of what is seen
constexpr double bytes_of_comparison = 4 * sizeof(double);  // an element of a row: suite/verify/compare.hpp

/// What a call's time grows with: flops, or bytes where a method moves more than it computes.
double work(const Operation& operation, const Variant& variant, const Problem& problem) {
  return std::max(flops(operation, variant, problem), bytes_of(operation.traffic(problem)));
}

/// The problem with its largest sizes halved until the variant has little work or would refuse it. Equal ones
/// are halved together: in a product of tensors they may have to stay equal.
Problem reduced(const Operation& operation, const Variant& variant, Problem problem) {
  while (work(operation, variant, problem) > little_work * problem.threads) {
    Problem smaller = problem;
    const std::int64_t largest = *std::ranges::max_element(smaller.sizes);
    if (largest == 1) break;
    std::ranges::replace(smaller.sizes, largest, largest / 2);
    if (!why_skipped(operation, variant, smaller).empty()) break;
    problem = smaller;
  }
  return problem;
}

/// A call of a reduced problem, scaled by the work. Throws KernelFault.
double predict_seconds(const Operation& operation, const Variant& variant, const Problem& problem,
                       const Fill& data) {
  const Caller caller(benchmark_name(operation, variant, problem));
  const Problem small = reduced(operation, variant, problem);
  Arrays arrays(operation, small);
  arrays.fill(data, 0);
  const std::uint64_t mode = floating_point_mode();
  const Prepared prepared(variant, small);
  double best = 0;
  call_kernel([&] {
    for (int call = 0; call < 3; ++call) {  // the first is cold
      const Stopwatch watch;
      prepared.run(arrays);
      const double seconds = watch.seconds();
      best = call == 0 ? seconds : std::min(best, seconds);
    }
  });
  restore_floating_point_mode(mode, problem.threads);  // who changes it is caught when it is measured
  return best * work(operation, variant, problem) / work(operation, variant, small);
}

/// Adds what a call takes, and skips the row if that is too long. One that faults runs all the same: that is
/// no plan's business, and is told with its result.
void predict(const Operation& operation, Planned& planned, const Options& options) {
  try {
    planned.predicted_seconds = predict_seconds(operation, *planned.variant, planned.problem, *options.data);
  } catch (const KernelFault&) {
    return;
  }
  if (*planned.predicted_seconds > options.max_call)
    planned.skipped = "a call would take " + seconds_text(*planned.predicted_seconds) +
                      ", more than --max-call=" + seconds_text(options.max_call);
}

std::string too_much(double bytes, double available) {
  return "needs " + bytes_text(bytes) + " of memory, more than 60 % of the " + bytes_text(available) +
         " available";
}

/// The row with the reason to skip it, if the variant itself, its error bound or its memory gives one.
Planned admitted(const Operation& operation, Planned planned, const Conditions& conditions,
                 double available) {
  const Variant& variant = *planned.variant;
  const Problem& problem = planned.problem;
  planned.skipped = why_skipped(operation, variant, problem);
  if (!planned.skipped.empty()) return planned;
  planned.workspace_bytes =
      static_cast<double>(Runnable::of(variant)->workspace_bytes(problem, this_machine()));
  const double arrays = data_bytes(operation, problem), workspace = *planned.workspace_bytes;
  const auto sets = static_cast<double>(sets_of_arrays(operation, problem, conditions));
  const double bytes = (sets * arrays + workspace) +  // and what the verification has for itself
                       (arrays + workspace) +
                       bytes_of_comparison * static_cast<double>(operation.columns(problem));
  if (std::isinf(growth(operation, variant, problem)))
    planned.skipped = "no error bound holds for sums of more than 2^24 terms";
  else if (bytes > part_of_memory * available)
    planned.skipped = too_much(bytes, available);
  return planned;
}

}  // namespace

std::vector<Planned> make_plan(const Operation& operation, const Options& options) {
  const double available = available_memory();
  std::vector<Planned> plan;
  for (const Planned& counted : options.counted)
    plan.push_back(admitted(operation, counted, options.conditions, available));
  for (const Problem& problem : options.problems) {
    const double least_bytes = data_bytes(operation, problem) *
                               static_cast<double>(sets_of_arrays(operation, problem, options.conditions));
    if (options.own_shapes && least_bytes > part_of_memory * available)
      throw std::invalid_argument("shape " + shape_text(operation, problem) + " " +
                                  too_much(least_bytes, available));
    for (const Variant* variant : options.variants) {
      plan.push_back(admitted(operation, {variant, problem}, options.conditions, available));
      if (plan.back().skipped.empty()) predict(operation, plan.back(), options);
    }
  }
  return plan;
}

}  // namespace trilbench::bench
