#include "harness/limits.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "harness/run.hpp"
#include "harness/text.hpp"
#include "suite/registry.hpp"

namespace trilbench::bench {
namespace {

constexpr double seconds_of_choice = 0.5e-3;  // of each candidate, twice
constexpr double seconds_of_traffic = 2e-3;
constexpr double seconds_of_settling = 1e-3;
constexpr double close = 1.25;  // a probe so much slower than the fastest may still win another time
constexpr double seconds_of_arithmetic = 0.5e-3;
constexpr int most_batches = 9;
constexpr std::chrono::milliseconds rest_of_a_library(1);
constexpr int most_rests = 500;
constexpr double share_of_idle_threads = 0.1;  // of a core
constexpr std::int64_t arithmetic_elements =
    8192;  // of each thread: calls that dwarf a parallel region of threads that spin

const Operation& machine() {
  if (const Operation* operation = operation_named("machine")) return *operation;
  throw std::logic_error("this program was built without the operation 'machine', which measures the limits");
}

/// Waits until the library's threads no longer spin, which those of ONNX Runtime do for some 40 ms after a
/// call and ggml's for 0.1 s or more: till then they would take the cores that the samples need.
void let_the_library_rest() {
  for (int rest = 0; rest < most_rests; ++rest) {
    const Stopwatch watch;
    const std::clock_t before = std::clock();  // of all threads
    std::this_thread::sleep_for(rest_of_a_library);
    const double busy = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    if (busy < share_of_idle_threads * watch.seconds()) return;
  }
}

/// Seconds of a call: the median of some batches of calls that take `seconds` together, or of one call if
/// that takes longer. A batch is long enough for the clock.
double seconds_of_call(const Prepared& prepared, Arrays& arrays, double seconds) {
  if (measures_library() && arrays.problem().threads > 1) let_the_library_rest();
  const auto time = [&, runnable = prepared.runnable()](std::int64_t calls) {
    const Stopwatch watch;
    for (std::int64_t call = 0; call < calls; ++call, arrays.next())
      runnable.run(prepared.workspace(), arrays.inputs(), arrays.output());
    return watch.seconds() / static_cast<double>(calls);
  };
  const double first = time(1), second = time(1);
  double estimate = std::min(first, second);  // one may be disturbed
  if (estimate >= seconds) return second;
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

/// The same once the caches are as the kernel itself leaves them: after streaming stores y is gone from the
/// caches, and the first calls with ordinary stores take up to a third longer.
double settled_seconds_of_call(const Prepared& prepared, Arrays& arrays, double seconds) {
  if (measures_library() && arrays.problem().threads > 1) let_the_library_rest();
  for (const Stopwatch watch; watch.seconds() < seconds_of_settling; arrays.next()) prepared.run(arrays);
  return seconds_of_call(prepared, arrays, seconds);
}

struct Timed {
  Prepared prepared;
  double seconds;  // of a call
};

/// The operation's wanted variants that run here, the fastest first, by the better of two rounds.
template <class Wanted>
std::vector<Timed> by_speed(const Operation& operation, const Problem& problem, Arrays& arrays,
                            Wanted wanted) {
  std::vector<Timed> timed;
  for (const Variant& variant : variants())
    if (variant.operation == std::string_view(operation.name) && wanted(variant) &&
        why_skipped(operation, variant, problem).empty())
      timed.push_back({Prepared(variant, problem), std::numeric_limits<double>::infinity()});
  for (int round = 0; round < 2; ++round)
    for (Timed& each : timed)
      each.seconds =
          std::min(each.seconds, settled_seconds_of_call(each.prepared, arrays, seconds_of_choice));
  std::ranges::sort(timed, {}, &Timed::seconds);
  return timed;
}

}  // namespace

Limits::Limits(const Operation& operation, Arrays& arrays)
    : arrays_(arrays),
      arithmetic_problem_{.sizes = {arithmetic_elements * arrays.problem().threads},
                          .threads = arrays.problem().threads},
      arithmetic_arrays_(machine(), arithmetic_problem_) {
  arithmetic_arrays_.fill(machine().fills[0], 0);
  const Problem traffic = probe_problem(operation.traffic(arrays.problem()), arrays.problem().threads);
  auto probes = by_speed(machine(), traffic, arrays,
                         [](const Variant& variant) { return variant.implementation->role == Role::probe; });
  auto rates = by_speed(machine(), arithmetic_problem_, arithmetic_arrays_,
                        [](const Variant& variant) { return std::string_view(variant.name) == "fma"; });
  if (probes.empty() || rates.empty())
    throw std::logic_error("the operation 'machine' has no probe of the traffic that runs here, or no fma");
  arithmetic_ = std::move(rates.front().prepared);
  const double fastest = probes.front().seconds;
  for (Timed& probe : probes) {
    const auto same_stores = [&](const Prepared& other) {
      return other.variant().name == std::string_view(probe.prepared.variant().name);
    };
    if (probe.seconds <= close * fastest && std::ranges::none_of(probes_, same_stores))
      probes_.push_back(std::move(probe.prepared));
  }
}

double Limits::sample_traffic_seconds() {
  double least = std::numeric_limits<double>::infinity();
  // The fastest last: what comes next finds the caches as the fastest leaves them.
  for (auto probe = probes_.rbegin(); probe != probes_.rend(); ++probe) {
    const double seconds = settled_seconds_of_call(*probe, arrays_, seconds_of_traffic);
    if (seconds < least) traffic_name_ = label_of(probe->variant());
    least = std::min(least, seconds);
  }
  return least;
}

double Limits::sample_flops_per_second() {
  return flops(machine(), arithmetic_->variant(), arithmetic_problem_) /
         seconds_of_call(*arithmetic_, arithmetic_arrays_, seconds_of_arithmetic);
}

double least_flops(const Operation& operation, const Problem& problem) {
  double least = std::numeric_limits<double>::infinity();
  for (const Variant& variant : variants())
    if (variant.operation == std::string_view(operation.name) &&
        variant.implementation->role == Role::method && why_skipped(operation, variant, problem).empty())
      least = std::min(least, flops(operation, variant, problem));
  return least;
}

}  // namespace trilbench::bench
