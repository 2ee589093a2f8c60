#include "harness/limits.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/measured.hpp"
#include "harness/stopwatch.hpp"
#include "suite/registry.hpp"
#include "suite/row.hpp"

namespace trilbench::bench {
namespace {

constexpr double seconds_of_choice = 0.5e-3;  // of each candidate, twice
constexpr double seconds_of_traffic = 2e-3;
constexpr double seconds_of_settling = 1e-3;
constexpr double close = 1.25;  // a probe so much slower than the fastest may still win another time
constexpr double seconds_of_arithmetic = 0.5e-3;
constexpr int most_batches = 9;
constexpr std::chrono::milliseconds rest_of_a_library(1);  // after which its threads no longer spin
constexpr std::int64_t arithmetic_elements =
    8192;  // of each thread: calls that dwarf a parallel region of threads that spin

const Operation& machine() {
  if (const Operation* operation = operation_named("machine")) return *operation;
  throw std::logic_error("this program was built without the operation 'machine', which measures the limits");
}

/// Seconds of a call: the median of some batches of calls that take `seconds` together, or of one call if
/// that takes longer. A batch is long enough for the clock.
double seconds_of_call(const Implementation& row, const Problem& problem, Arrays& arrays, double seconds) {
  if (measures_library() && problem.threads > 1) std::this_thread::sleep_for(rest_of_a_library);
  const auto time = [&](std::int64_t calls) {
    const Stopwatch watch;
    for (std::int64_t call = 0; call < calls; ++call, arrays.next())
      row.run(problem, arrays.inputs(), arrays.output(), nullptr);
    return watch.seconds() / static_cast<double>(calls);
  };
  double estimate = std::min(time(1), time(1));  // one may be disturbed
  for (std::int64_t calls = 2; estimate * static_cast<double>(calls) < seconds / most_batches; calls *= 2)
    estimate = time(calls);
  const double batch = std::max(seconds / most_batches, estimate);
  const auto calls = std::max<std::int64_t>(std::llround(batch / estimate), 1);
  std::vector<double> batches(
      std::clamp(static_cast<int>(seconds / (estimate * static_cast<double>(calls))), 1, most_batches));
  for (double& each : batches) each = time(calls);
  const auto middle = batches.begin() + static_cast<std::ptrdiff_t>(batches.size() / 2);
  std::nth_element(batches.begin(), middle, batches.end());
  return *middle;
}

/// The same once the caches are as the row itself leaves them: after streaming stores y is gone from the
/// caches, and the first calls with ordinary stores take up to a third longer.
double settled_seconds_of_call(const Implementation& row, const Problem& problem, Arrays& arrays,
                               double seconds) {
  seconds_of_call(row, problem, arrays, seconds_of_settling);
  return seconds_of_call(row, problem, arrays, seconds);
}

/// The rows of the operation that this CPU can run on the problem and that `wanted` picks.
template <class Wanted>
std::vector<const Implementation*> candidates(const Operation& operation, const Problem& problem,
                                              Wanted wanted) {
  std::vector<const Implementation*> rows;
  for (const Implementation* row : implementations())
    if (row->operation == std::string_view(operation.name) && wanted(*row) &&
        why_skipped(*row, problem).empty())
      rows.push_back(row);
  return rows;
}

struct Timed {
  const Implementation* row;
  double seconds;  // of a call
};

/// The fastest first, by the better of two turns.
std::vector<Timed> by_speed(const std::vector<const Implementation*>& rows, const Problem& problem,
                            Arrays& arrays) {
  std::vector<Timed> timed;
  for (const Implementation* row : rows) timed.push_back({row, std::numeric_limits<double>::infinity()});
  for (int turn = 0; turn < 2; ++turn)
    for (Timed& each : timed)
      each.seconds =
          std::min(each.seconds, settled_seconds_of_call(*each.row, problem, arrays, seconds_of_choice));
  std::sort(timed.begin(), timed.end(), [](const Timed& a, const Timed& b) { return a.seconds < b.seconds; });
  return timed;
}

}  // namespace

Limits::Limits(const Operation& operation, Arrays& arrays)
    : arrays_(arrays),
      arithmetic_problem_{.sizes = {arithmetic_elements * arrays.problem().threads},
                          .threads = arrays.problem().threads},
      arithmetic_arrays_(machine(), arithmetic_problem_) {
  arithmetic_arrays_.fill(machine().fills[0], 0);
  const auto moves = [](const Implementation& row) { return row.role == Role::traffic; };
  const auto calculates = [](const Implementation& row) { return std::string_view(row.name) == "fma"; };
  const auto probes = by_speed(candidates(operation, arrays.problem(), moves), arrays.problem(), arrays);
  const auto rates = by_speed(candidates(machine(), arithmetic_problem_, calculates), arithmetic_problem_,
                              arithmetic_arrays_);
  if (probes.empty() || rates.empty())
    throw std::logic_error(std::string(operation.name) +
                           " has no row of Role::traffic that runs here, or the " +
                           "operation 'machine' no way fma");
  arithmetic_ = rates.front().row;
  for (const Timed& probe : probes) {
    const auto same_stores = [&](const Implementation* other) {
      return other->name == std::string_view(probe.row->name);
    };
    if (probe.seconds <= close * probes.front().seconds &&
        std::none_of(probes_.begin(), probes_.end(), same_stores))
      probes_.push_back(probe.row);
  }
}

double Limits::sample_traffic_seconds() {
  double least = std::numeric_limits<double>::infinity();
  // The fastest last: what comes next finds the caches as the fastest leaves them.
  for (auto probe = probes_.rbegin(); probe != probes_.rend(); ++probe) {
    const double seconds = settled_seconds_of_call(**probe, arrays_.problem(), arrays_, seconds_of_traffic);
    if (seconds < least) fastest_ = *probe;
    least = std::min(least, seconds);
  }
  return least;
}

double Limits::sample_flops_per_second() {
  return flops(*arithmetic_, arithmetic_problem_) /
         seconds_of_call(*arithmetic_, arithmetic_problem_, arithmetic_arrays_, seconds_of_arithmetic);
}

std::string Limits::traffic_name() const {
  return std::string(fastest_->name) + "/" + std::string(name_of(fastest_->isa));
}

double least_flops(const Operation& operation, const Problem& problem) {
  double least = std::numeric_limits<double>::infinity();
  for (const Implementation* row :
       candidates(operation, problem, [](const Implementation& row) { return row.role == Role::way; }))
    least = std::min(least, flops(*row, problem));
  return least;
}

}  // namespace trilbench::bench
