#include "harness/timed_row.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>

#include "harness/environment.hpp"
#include "harness/processor_time.hpp"
#include "harness/stopwatch.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/row.hpp"

namespace trilbench::bench {
namespace {

bool same(const Problem& a, const Problem& b) {
  return std::equal(std::begin(a.sizes), std::end(a.sizes), std::begin(b.sizes)) && a.threads == b.threads;
}

/// The amount over the seconds of a call as Google Benchmark finds them: a stopwatch of ours round its loop
/// would hold the loop's start and end too, which are 3 to 8 % of a short one.
benchmark::Counter per_second_of_a_call(double amount) {
  return {amount, benchmark::Counter::kIsIterationInvariantRate};
}

}  // namespace

TimedRow::TimedRow(const Operation& operation, const PlannedRow& planned, const Options& options,
                   std::string repeat)
    : operation_(operation),
      row_(*planned.row),
      problem_(planned.problem),
      conditions_(options.conditions),
      least_flops_(least_flops(operation, problem_)),
      calls_(planned.calls),
      predicted_seconds_(planned.predicted_seconds),
      repetition_seconds_(options.repetition_seconds),
      repeat_(std::move(repeat)),
      check_(operation, row_, problem_, *options.data, options.seed) {}

std::string TimedRow::name() const { return benchmark_name(operation_, row_, problem_); }

benchmark::TimeUnit TimedRow::unit() const {
  if (predicted_seconds_.value_or(0) < 1e-5) return benchmark::kNanosecond;
  return *predicted_seconds_ < 1e-2 ? benchmark::kMicrosecond : benchmark::kMillisecond;
}

void TimedRow::measure(benchmark::State& state, Stage& stage) {
  measured_ = true;
  const std::uint64_t mode = floating_point_mode();
  try {
    if (fault_ == Fault::none && stage.owner != this) enter(stage);
    if (fault_ == Fault::none) time(state, stage);
  } catch (const std::exception& error) {
    fail(Fault::broken_off, error.what());
  }
  if (!restore_floating_point_mode(mode, problem_.threads))
    fail(Fault::wrong, "leaves the floating-point mode of a thread changed");
  if (fault_ != Fault::none) state.SkipWithError(why_.c_str());  // also in every later repetition
}

/// Takes the stage: memory, the prepared workspace, inputs; the first time with a full verification. A row
/// whose calls are counted has only a sample of its output checked, and no limits.
void TimedRow::enter(Stage& stage) {
  stage.owner = nullptr;
  stage.workspace.reset();
  if (!stage.arrays || !same(stage.arrays->problem(), problem_) || (!calls_ && !stage.limits)) {
    stage.limits.reset();
    stage.arrays.reset();  // first, so that the two never stand in memory together
    stage.arrays.emplace(operation_, problem_, conditions_);
    check_.fill_for_timing(*stage.arrays);
    stage.arrays->share_inputs();
    if (!calls_) {
      stage.limits.emplace(operation_, *stage.arrays);
      stage.traffic_seconds = stage.limits->sample_traffic_seconds();
    }
  }
  stage.workspace.emplace(row_, problem_);
  stage.owner = this;
  require_team(problem_.threads);
  prepare_seconds_ = stage.workspace->prepare_seconds();
  if (!verified_ && !calls_) verify(stage);
  check_.fill_for_timing(*stage.arrays);
  stage.arrays->share_inputs();
  if (calls_) warm_up(stage);
}

void TimedRow::verify(Stage& stage) {
  if (const auto failure = check_.before_timing(*stage.arrays, stage.workspace->get()))
    fail(Fault::wrong, *failure);
  verified_ = true;
}

/// What the search for a number of calls does otherwise: a tenth of a repetition more.
void TimedRow::warm_up(Stage& stage) const {
  for (benchmark::IterationCount call = 0; call <= calls_ / 10; ++call) {
    row_.run(problem_, stage.arrays->inputs(), stage.arrays->output(), stage.workspace->get());
    stage.arrays->next();
  }
}

/// A repetition lies between two samples of the traffic: the one that the repetition before it left behind,
/// of whatever row, and its own. The arithmetic is sampled right after the timed calls.
void TimedRow::time(benchmark::State& state, Stage& stage) {
  const double seconds = timed_calls(state, stage);
  if (calls_) {
    if (const auto failure = check_.timed_output(*stage.arrays))
      return fail(Fault::wrong, *failure + " after timing");
    return report(state);
  }
  // Google Benchmark asks for more iterations until they take long enough.
  const bool repetition = seconds >= repetition_seconds_ || state.max_iterations == repetition_iterations_;
  if (repetition) repetition_iterations_ = state.max_iterations;
  const double peak = stage.limits->sample_flops_per_second();
  check(stage, repetition);
  const double before = stage.traffic_seconds;
  if (repetition) stage.traffic_seconds = stage.limits->sample_traffic_seconds();
  const double traffic = (before + stage.traffic_seconds) / 2;
  report(state);
  report_shares(state, traffic, peak, stage.limits->traffic_name());
}

/// Google Benchmark's loop. Returns the seconds it took, with its start and its end.
double TimedRow::timed_calls(benchmark::State& state, Stage& stage) {
  const auto run = row_.run;
  void* const workspace = stage.workspace->get();
  Arrays& arrays = *stage.arrays;
  arrays.blank_output(static_cast<std::size_t>(state.max_iterations - 1));  // the last call's
  const Stopwatch watch;
  const double processor_before = processor_seconds(problem_.threads);
  if (arrays.sets() == 1) {
    const float* const* const inputs = arrays.inputs();
    float* const output = arrays.output();
    for (auto _ : state) {
      run(problem_, inputs, output, workspace);
      benchmark::ClobberMemory();
    }
  } else {
    for (auto _ : state) {
      run(problem_, arrays.inputs(), arrays.output(), workspace);
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

void TimedRow::check(Stage& stage, bool repetition) {
  if (const auto failure = check_.timed_output(*stage.arrays))
    return fail(Fault::wrong, *failure + " after timing");
  if (!repetition) return;
  if (const auto failure = check_.other_inputs(*stage.arrays, stage.workspace->get()))
    fail(Fault::wrong, *failure + " after timing, with other inputs");
}

void TimedRow::report(benchmark::State& state) const {
  state.counters["omp_threads"] = problem_.threads;
  state.counters["bytes_per_second"] = per_second_of_a_call(operation_.bytes(problem_));
  state.counters["flops_per_second"] = per_second_of_a_call(flops(row_, problem_));
  state.counters["cpu_share"] = cpu_share_;
  state.counters["error_over_bound"] = check_.error_over_bound();
  state.counters["prepare_seconds"] = prepare_seconds_;
  state.counters["workspace_bytes"] = static_cast<double>(workspace_bytes(row_, problem_));
}

void TimedRow::report_shares(benchmark::State& state, double traffic_seconds, double peak,
                             const std::string& traffic_name) const {
  const double least = std::max(traffic_seconds, least_flops_ / peak);
  state.counters["of_limit"] = per_second_of_a_call(least);
  state.counters["of_peak"] = per_second_of_a_call(flops(row_, problem_) / peak);
  state.counters["limit_seconds"] = least;
  state.counters["peak_flops_per_second"] = peak;
  state.SetLabel("verified: " + check_.summary() + "; limit: " + traffic_name);
}

void TimedRow::fail(Fault fault, const std::string& why) {
  fault_ = fault;
  why_ = why + "; repeat with: " + repeat_ + check_.repeat_flags();
}

}  // namespace trilbench::bench
