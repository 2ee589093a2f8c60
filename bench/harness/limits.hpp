// What the machine can do at best with the arrays at work, sampled beside every repetition.
#pragma once

#include <string>

#include "harness/arrays.hpp"
#include "suite/implementation.hpp"

namespace trilbench::bench {

/// What a call cannot beat: the time to move its compulsory bytes, and the rate of arithmetic. Both at the
/// problem's number of threads.
struct LimitSample {
  double traffic_seconds;
  double flops_per_second;
};

/// Halfway between what was sampled before a repetition and after it.
LimitSample between(const LimitSample& before, const LimitSample& after);

/// The limits of one problem in one place of memory. The constructor tries every limit row that this CPU
/// runs: the operation's traffic rows (instruction sets, ordinary and streaming stores) and the rows of
/// fused multiply-adds of the operation `machine`; the fastest of each are sampled from then on.
class Limits {
 public:
  /// The arrays must outlive this. Overwrites their output. Throws std::logic_error if the operation has no
  /// traffic row.
  explicit Limits(const Operation& operation, Arrays& arrays);

  /// Some milliseconds; a call of the traffic row at least. Overwrites the arrays' output.
  void sample();
  const LimitSample& latest() const { return latest_; }

  /// Which traffic row is the fastest: "traffic/avx2".
  std::string traffic_name() const;

 private:
  Arrays& arrays_;
  Problem arithmetic_problem_;
  Arrays arithmetic_arrays_;
  const Implementation* traffic_ = nullptr;
  const Implementation* arithmetic_ = nullptr;
  LimitSample latest_{};
};

/// The time of a call that no way can beat: to move the bytes, or to do the least arithmetic that any way
/// needs.
double least_seconds(double least_flops, const LimitSample& sample);

/// The fewest useful flops that any listed way of the operation needs.
double least_flops(const Operation& operation, const Problem& problem);

}  // namespace trilbench::bench
