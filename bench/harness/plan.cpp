#include "harness/plan.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "harness/arrays.hpp"
#include "harness/kernel_call.hpp"
#include "harness/stopwatch.hpp"
#include "harness/units.hpp"
#include "suite/available_memory.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/row.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

constexpr double share_of_memory = 0.6;
constexpr double little_work = 1e6;
constexpr double bytes_of_comparison = 4 * sizeof(double);  // an element of a row: suite/verify/compare.hpp

/// What a call's time grows with: flops, or bytes where a row moves more than it computes.
double work(const Operation& operation, const Implementation& row, const Problem& problem) {
  return std::max(flops(row, problem), operation.bytes(problem));
}

/// The problem with its largest sizes halved until the row has little work or would refuse it. Equal ones are
/// halved together: in a product of tensors they may have to stay equal.
Problem reduced(const Operation& operation, const Implementation& row, Problem problem) {
  while (work(operation, row, problem) > little_work) {
    Problem smaller = problem;
    const std::int64_t largest = *std::ranges::max_element(smaller.sizes);
    if (largest == 1) break;
    std::ranges::replace(smaller.sizes, largest, largest / 2);
    if (row.refuses && row.refuses(smaller)) break;
    problem = smaller;
  }
  return problem;
}

/// A call of a reduced problem, scaled by the work. Throws KernelFault.
double predict_seconds(const Operation& operation, const Implementation& row, const Problem& problem,
                       const Fill& data) {
  const Caller caller(benchmark_name(operation, row, problem));
  const Problem small = reduced(operation, row, problem);
  Arrays arrays(operation, small);
  arrays.fill(data, 0);
  const Workspace workspace(row, small);
  const std::uint64_t mode = floating_point_mode();
  double best = 0;
  call_kernel([&] {
    for (int call = 0; call < 3; ++call) {  // the first is cold
      const Stopwatch watch;
      row.run(small, arrays.inputs(), arrays.output(), workspace.get());
      const double seconds = watch.seconds();
      best = call == 0 ? seconds : std::min(best, seconds);
    }
  });
  restore_floating_point_mode(mode, problem.threads);  // a row that changes it is caught when it is measured
  return best * work(operation, row, problem) / work(operation, row, small);
}

/// Adds what the row's call takes, and skips it if that is too long. A row that faults runs all the same:
/// that is no plan's business, and is told with its result.
void predict(const Operation& operation, PlannedRow& planned, const Options& options) {
  try {
    planned.predicted_seconds = predict_seconds(operation, *planned.row, planned.problem, *options.data);
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

/// The row with the reason to skip it, if the row itself, its error bound or its memory gives one.
PlannedRow admitted(const Operation& operation, const Implementation& row, const Problem& problem,
                    const Conditions& conditions, double available) {
  PlannedRow planned{&row, problem, why_skipped(row, problem), std::nullopt};
  const double further_sets = data_bytes(operation, problem) *
                              static_cast<double>(sets_of_arrays(operation, problem, conditions) - 1);
  if (planned.skipped.empty() && std::isinf(figures(operation, row, problem)->growth))
    planned.skipped = "no error bound holds for sums of more than 2^24 terms";
  if (planned.skipped.empty()) {
    const double bytes = memory_bytes(operation, row, problem) + further_sets +
                         bytes_of_comparison * static_cast<double>(operation.columns(problem));
    if (bytes > share_of_memory * available) planned.skipped = too_much(bytes, available);
  }
  return planned;
}

}  // namespace

std::vector<PlannedRow> make_plan(const Operation& operation, const Options& options) {
  const double available = available_memory();
  std::vector<PlannedRow> plan;
  for (const CountedRow& counted : options.counted) {
    plan.push_back(admitted(operation, *counted.row, counted.problem, options.conditions, available));
    plan.back().calls = counted.calls;
  }
  for (const Problem& problem : options.problems) {
    const double least_bytes = data_bytes(operation, problem) *
                               static_cast<double>(sets_of_arrays(operation, problem, options.conditions));
    if (options.own_shapes && least_bytes > share_of_memory * available)
      throw std::invalid_argument("shape " + shape_text(operation, problem) + " " +
                                  too_much(least_bytes, available));
    for (const Implementation* row : options.rows) {
      PlannedRow planned = admitted(operation, *row, problem, options.conditions, available);
      if (planned.skipped.empty()) predict(operation, planned, options);
      plan.push_back(std::move(planned));
    }
  }
  return plan;
}

}  // namespace trilbench::bench
