// One row under Google Benchmark: everything but the timed call happens outside its loop.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <string>

#include "harness/arrays.hpp"
#include "harness/limits.hpp"
#include "harness/plan.hpp"
#include "harness/row_check.hpp"

namespace trilbench::bench {

class TimedRow;

/// The memory of the row at work. There is one at a time, since problems may be large; rows of one problem
/// that follow each other share its arrays, and so run in the very same places and under the same limits.
struct Stage {
  const TimedRow* owner = nullptr;
  std::optional<Arrays> arrays;
  std::optional<Limits> limits;
  double traffic_seconds = 0;  // of a call, as last sampled
  std::optional<Workspace> workspace;
};

class TimedRow {
 public:
  enum class Fault { none, wrong, broken_off };  // broken_off: no verdict, for want of memory

  /// `repeat` is the command that runs this row alone, but for the inputs.
  TimedRow(const Operation& operation, const PlannedRow& planned, const Options& options, std::string repeat);

  /// What Google Benchmark calls, some nine times for the first repetition (each with more iterations, until
  /// one takes long enough) and once for each further one.
  void measure(benchmark::State& state, Stage& stage);

  /// The number of calls of a repetition; 0: Google Benchmark finds out.
  benchmark::IterationCount calls() const { return calls_; }
  bool measured() const { return measured_; }
  Fault fault() const { return fault_; }
  std::string name() const;
  benchmark::TimeUnit unit() const;

 private:
  void enter(Stage& stage);
  void verify(Stage& stage);
  void warm_up(Stage& stage) const;
  void time(benchmark::State& state, Stage& stage);
  double timed_calls(benchmark::State& state, Stage& stage);
  void check(Stage& stage, bool repetition);
  void report(benchmark::State& state) const;
  void report_shares(benchmark::State& state, double traffic_seconds, double peak,
                     const std::string& traffic_name) const;
  void fail(Fault fault, const std::string& why);

  const Operation& operation_;
  const Implementation& row_;
  Problem problem_;
  Conditions conditions_;
  double least_flops_;
  benchmark::IterationCount calls_;
  std::optional<double> predicted_seconds_;
  double repetition_seconds_;
  std::string repeat_;
  RowCheck check_;
  bool measured_ = false;  // or at least begun
  bool verified_ = false;
  double prepare_seconds_ = 0;
  double cpu_share_ = 0;                                 // of the last timed calls
  benchmark::IterationCount repetition_iterations_ = 0;  // those of a whole repetition, once there was one
  Fault fault_ = Fault::none;
  std::string why_;
};

}  // namespace trilbench::bench
