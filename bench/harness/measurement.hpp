// A variant on a problem under Google Benchmark: verified before, checked after, and only timed in its loop.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/arrays.hpp"
#include "harness/limits.hpp"
#include "harness/plan.hpp"
#include "suite/verify/verify.hpp"

namespace trilbench::bench {

class Measurement;

/// The memory of the measurement under way: one at a time, since problems may be large. Variants of one
/// problem that follow each other run in the same places and under the same limits.
struct Workbench {
  const Measurement* owner = nullptr;
  std::optional<Arrays> arrays;
  References references;  // of the problem
  std::optional<Limits> limits;
  double traffic_seconds = 0;  // of a call, as last sampled
  std::optional<Prepared> prepared;
};

class Measurement {
 public:
  enum class Fault { none, wrong, broken_off };  // broken_off: no verdict, for want of memory

  /// `repeat` is the command that runs this alone, but for the inputs. The options must outlive this.
  Measurement(const Operation& operation, const Planned& planned, const Options& options, std::string repeat);
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;

  /// What Google Benchmark calls, some nine times for the first repetition (each with more iterations, until
  /// one takes long enough) and once for each further one.
  void measure(benchmark::State& state, Workbench& bench);

  const Planned& planned() const { return planned_; }
  std::string name() const { return benchmark_name(operation_, variant_, problem_); }
  benchmark::TimeUnit unit() const;
  bool measured() const { return measured_; }
  Fault fault() const { return fault_; }

 private:
  bool counted() const { return planned_.calls > 0; }
  void enter(Workbench& bench);
  void verify(Workbench& bench);
  void fill_for_timing(Arrays& arrays) const;
  void time(benchmark::State& state, Workbench& bench);
  double timed_calls(benchmark::State& state, Workbench& bench);
  void blank_sample(Arrays& arrays, std::size_t sets_on = 0);
  void check_output(const Arrays& arrays, const char* when);
  void check_on_other_inputs(Workbench& bench);
  void report(benchmark::State& state, const Workbench& bench) const;
  void report_shares(benchmark::State& state, const Workbench& bench, double traffic_seconds,
                     double peak) const;
  void fail(Fault fault, const std::string& why);

  const Operation& operation_;
  const Options& options_;
  Planned planned_;
  const Variant& variant_ = *planned_.variant;
  const Problem& problem_ = planned_.problem;
  double least_flops_ = least_flops(operation_, problem_);
  std::string repeat_;
  std::uint32_t round_ = 1;    // of the inputs that are timed; those of round 0 are verified
  std::uint32_t samples_ = 0;  // of output rows, drawn so far; each draws others
  std::vector<std::int64_t> sample_;
  bool measured_ = false;  // or at least begun
  std::string verified_;   // "12 inputs, all 8192 output rows", once they are
  double error_over_bound_ = 0;
  double cpu_share_ = 0;                                 // of the last timed calls
  benchmark::IterationCount repetition_iterations_ = 0;  // those of a whole repetition, once there was one
  Fault fault_ = Fault::none;
  std::string why_;
};

}  // namespace trilbench::bench
