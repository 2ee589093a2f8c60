// What the machine can do at best with the arrays at work, sampled beside every repetition.
#pragma once

#include <string>
#include <vector>

#include "harness/arrays.hpp"
#include "suite/implementation.hpp"

namespace trilbench::bench {

/// The limits of one problem in one place of memory. The constructor tries every limit row that this CPU
/// runs: the operation's traffic rows (instruction sets, ordinary and streaming stores) and the rows of
/// fused multiply-adds of the operation `machine`. The fastest are sampled from then on; of the traffic that
/// with ordinary and that with streaming stores, if they are close.
class Limits {
 public:
  /// The arrays must outlive this. Overwrites their output. Throws std::logic_error if the operation has no
  /// traffic row.
  explicit Limits(const Operation& operation, Arrays& arrays);

  /// The time in which the fastest traffic row, at this moment, moves a call's compulsory bytes. Takes some
  /// milliseconds; a call at least. Overwrites the arrays' output.
  double sample_traffic_seconds();

  /// The rate of the fastest arithmetic. Takes half a millisecond: to be called right after what it judges,
  /// before the clock, which falls under heavy arithmetic, has risen again.
  double sample_flops_per_second();

  /// Which traffic row was the fastest in the last sample: "traffic/avx2".
  std::string traffic_name() const;

 private:
  Arrays& arrays_;
  Problem arithmetic_problem_;
  Arrays arithmetic_arrays_;
  std::vector<const Implementation*> probes_;
  const Implementation* fastest_ = nullptr;  // of the probes, in the last sample
  const Implementation* arithmetic_ = nullptr;
};

/// The fewest useful flops that any way needs which this CPU runs.
double least_flops(const Operation& operation, const Problem& problem);

}  // namespace trilbench::bench
