#include "harness/measurement.hpp"

#include <algorithm>
#include <ctime>
#include <exception>

#include "harness/environment.hpp"
#include "harness/run.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/machine/process.hpp"
#include "suite/verify/compare.hpp"
#include "suite/verify/verify.hpp"

namespace trilbench::bench {
namespace {

constexpr double seconds_of_verification = 0.1;
constexpr std::int64_t most_elements = std::int64_t{1} << 22;  // compared in full; of more, some rows
constexpr std::int64_t rows_of_large = 64;
constexpr std::int64_t rows_after_timing = 16;

/// The amount over the seconds of a call as Google Benchmark finds them: a stopwatch of ours round its loop
/// would hold the loop's start and end too, which are 3 to 8 % of a short one.
benchmark::Counter per_second_of_a_call(double amount) {
  return {amount, benchmark::Counter::kIsIterationInvariantRate};
}

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Seconds that the threads at work have run until now: those of OpenMP's team of so many, which spin while
/// they wait; of a library, which starts threads of its own, all threads of the process. Where it is less
/// than the time that passes, another program had their cores.
double processor_seconds(int threads) {
  if (measures_library()) return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  if (threads == 1) return seconds_of(CLOCK_THREAD_CPUTIME_ID);
  double sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
  sum += seconds_of(CLOCK_THREAD_CPUTIME_ID);
  return sum;
}

}  // namespace

Measurement::Measurement(const Operation& operation, const Planned& planned, const Options& options,
                         std::string repeat)
    : operation_(operation), options_(options), planned_(planned), repeat_(std::move(repeat)) {}

benchmark::TimeUnit Measurement::unit() const {
  const double predicted = planned_.predicted_seconds.value_or(0);
  return predicted < 1e-5   ? benchmark::kNanosecond
         : predicted < 1e-2 ? benchmark::kMicrosecond
                            : benchmark::kMillisecond;
}

void Measurement::measure(benchmark::State& state, Workbench& bench) {
  measured_ = true;
  const Caller caller(name(), "; repeat with: " + repeat_);
  const std::uint64_t mode = floating_point_mode();
  try {
    if (fault_ == Fault::none && bench.owner != this) enter(bench);
    if (fault_ == Fault::none) {
      fill_for_timing(*bench.arrays);
      time(state, bench);
    }
  } catch (const KernelFault& fault) {
    fail(Fault::wrong, fault.what());
  } catch (const std::exception& error) {
    fail(Fault::broken_off, error.what());
  }
  if (!restore_floating_point_mode(mode, problem_.threads) && fault_ == Fault::none)
    fail(Fault::wrong, "leaves the floating-point mode of a thread changed");
  if (fault_ != Fault::none) state.SkipWithError(why_.c_str());  // also in every later repetition
}

/// Takes the workbench: memory, the prepared kernel, inputs; the first time after a full verification. Where
/// calls are counted, only a sample of the output is checked, and there are no limits.
void Measurement::enter(Workbench& bench) {
  bench.owner = nullptr;
  bench.prepared.reset();
  if (bench.arrays && bench.arrays->problem() != problem_) {
    bench.limits.reset();
    bench.references = {};
    bench.arrays.reset();  // first, so that the two never stand in memory together
  }
  require_team(problem_.threads);
  if (!bench.arrays) bench.arrays.emplace(operation_, problem_, options_.conditions);
  if (verified_.empty() && !counted()) verify(bench);
  if (fault_ != Fault::none) return;
  fill_for_timing(*bench.arrays);
  if (!counted() && !bench.limits) {
    bench.limits.emplace(operation_, *bench.arrays);
    bench.traffic_seconds = bench.limits->sample_traffic_seconds();
  }
  bench.prepared.emplace(variant_, problem_);
  bench.owner = this;
  if (!counted()) return;
  // What the search for a number of calls does otherwise: a tenth of a repetition more.
  call_kernel([&] {
    for (benchmark::IterationCount call = 0; call <= planned_.calls / 10; ++call, bench.arrays->next())
      bench.prepared->run(*bench.arrays);
  });
}

/// On inputs such as those that will be timed, which are not drawn again for it.
void Measurement::verify(Workbench& bench) {
  bench.arrays->fill_for_timing(*options_.data, options_.seed, 0);
  const std::int64_t rows = operation_.rows(problem_);
  const std::int64_t compared =
      rows <= most_elements / operation_.columns(problem_) ? rows : std::min(rows, rows_of_large);
  // qemu's masked loads touch the lanes that are masked off, and would end at the guard pages.
  const CheckSet checks = emulated() ? CheckSet::all().without(Check::margins) : CheckSet::all();
  const Verdict verdict = trilbench::verify(operation_, variant_, problem_,
                                            {.checks = checks,
                                             .round = options_.seed,
                                             .seconds = seconds_of_verification,
                                             .first = options_.data,
                                             .drawn = bench.arrays->inputs(),
                                             .references = &bench.references,
                                             .most_rows = compared});
  error_over_bound_ = verdict.error_over_bound;
  verified_ = std::to_string(verdict.trials) + " inputs, " +
              (verdict.rows == rows ? "all " : std::to_string(verdict.rows) + " of ") + std::to_string(rows) +
              " output rows";
  if (!verdict.passed())
    fail(Fault::wrong, verdict.failure->message.substr(name().size() + 1));  // "fails ..."
}

/// Of the repetition that comes, in all sets of arrays.
void Measurement::fill_for_timing(Arrays& arrays) const {
  arrays.fill_for_timing(*options_.data, options_.seed, round_);
  arrays.share_inputs();
}

/// A repetition lies between two samples of the traffic: the one that the repetition before it left behind,
/// of whatever variant, and its own. The arithmetic is sampled right after the timed calls.
void Measurement::time(benchmark::State& state, Workbench& bench) {
  double seconds = 0;
  call_kernel([&] { seconds = timed_calls(state, bench); });
  // Google Benchmark asks for more iterations until they take long enough.
  const bool repetition =
      seconds >= options_.google.repetition_seconds() || state.max_iterations == repetition_iterations_;
  if (repetition) repetition_iterations_ = state.max_iterations;
  const double peak = counted() ? 0 : bench.limits->sample_flops_per_second();
  check_output(*bench.arrays, " after timing");
  if (fault_ == Fault::none && repetition && !counted()) {
    ++round_;
    if (state.max_iterations > 1 || round_ == 2) check_on_other_inputs(bench);
  }
  report(state, bench);
  if (counted()) return;
  const double before = bench.traffic_seconds;
  if (repetition) bench.traffic_seconds = bench.limits->sample_traffic_seconds();
  report_shares(state, bench, (before + bench.traffic_seconds) / 2, peak);
}

/// Google Benchmark's loop. Returns the seconds it took, with its start and its end.
double Measurement::timed_calls(benchmark::State& state, Workbench& bench) {
  const Runnable runnable = bench.prepared->runnable();
  void* const workspace = bench.prepared->workspace();
  Arrays& arrays = *bench.arrays;
  blank_sample(arrays, static_cast<std::size_t>(state.max_iterations - 1));  // of the last call
  const Stopwatch watch;
  const double processor_before = processor_seconds(problem_.threads);
  if (arrays.sets() == 1) {
    const float* const* const inputs = arrays.inputs();
    float* const output = arrays.output();
    for (auto _ : state) {
      runnable.run(workspace, inputs, output);
      benchmark::ClobberMemory();
    }
  } else {
    for (auto _ : state) {
      runnable.run(workspace, arrays.inputs(), arrays.output());
      benchmark::ClobberMemory();
      arrays.next();
    }
    arrays.previous();
  }
  const double processor = processor_seconds(problem_.threads) - processor_before;
  const double seconds = watch.seconds();
  cpu_share_ = processor / (seconds * problem_.threads);
  return seconds;
}

/// Chooses the rows that will be compared, and blanks the output, in the set of arrays that is current
/// `sets_on` sets later.
void Measurement::blank_sample(Arrays& arrays, std::size_t sets_on) {
  sample_ = sample_rows(operation_, problem_, rows_after_timing, options_.seed + round_ + ++samples_);
  arrays.blank_output(sample_, operation_.columns(problem_), sets_on);
}

/// Compares those rows of the output that stands in the arrays.
void Measurement::check_output(const Arrays& arrays, const char* when) {
  const Worst worst =
      compare(operation_, variant_, problem_, arrays.inputs(), arrays.output(), sample_, options_.data);
  error_over_bound_ = std::max(error_over_bound_, worst.error_over_bound);
  if (!is_right(variant_, worst)) fail(Fault::wrong, text_of(worst, *options_.data) + when);
}

/// After a repetition, with the inputs of the next one: who remembers an answer has it ready by now. Where
/// repetitions are single calls, which are long, only after the first, so that a workspace has a second call:
/// where rows alternate each of them has one of its own.
void Measurement::check_on_other_inputs(Workbench& bench) {
  Arrays& arrays = *bench.arrays;
  arrays.fill_for_timing(*options_.data, options_.seed, round_);
  blank_sample(arrays);
  call_kernel([&] { bench.prepared->run(arrays); });
  check_output(arrays, " after timing, with other inputs");
}

void Measurement::report(benchmark::State& state, const Workbench& bench) const {
  state.counters["omp_threads"] = problem_.threads;
  state.counters["bytes_per_second"] = per_second_of_a_call(bytes_of(operation_.traffic(problem_)));
  state.counters["flops_per_second"] = per_second_of_a_call(flops(operation_, variant_, problem_));
  state.counters["cpu_share"] = cpu_share_;
  state.counters["error_over_bound"] = error_over_bound_;
  state.counters["prepare_seconds"] = bench.prepared->prepare_seconds();
  state.counters["workspace_bytes"] = static_cast<double>(bench.prepared->workspace_bytes());
}

void Measurement::report_shares(benchmark::State& state, const Workbench& bench, double traffic_seconds,
                                double peak) const {
  const double least = std::max(traffic_seconds, least_flops_ / peak);
  state.counters["of_limit"] = per_second_of_a_call(least);
  state.counters["of_peak"] = per_second_of_a_call(flops(operation_, variant_, problem_) / peak);
  state.counters["limit_seconds"] = least;
  state.counters["peak_flops_per_second"] = peak;
  state.SetLabel("verified: " + verified_ + "; limit: " + bench.limits->traffic_name());
}

void Measurement::fail(Fault fault, const std::string& why) {
  fault_ = fault;
  why_ = why + "; repeat with: " + repeat_ + " --seed=" + std::to_string(options_.seed) +
         (round_ > 1 ? " --benchmark_repetitions=" + std::to_string(round_) : "");
}

}  // namespace trilbench::bench
