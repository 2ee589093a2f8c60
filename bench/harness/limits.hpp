// What the machine can do at best with the arrays at work, sampled beside every repetition.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/arrays.hpp"

namespace trilbench::bench {

/// The limits of one problem in one place of memory: its compulsory traffic, moved by the probes of the
/// operation `machine` (instruction sets; plain, prefetched and streaming stores), and the rate of that
/// operation's fused multiply-adds. The constructor tries all that this CPU runs. The fastest are sampled
/// from then on; of the probes the best of each kind of store, if they are close.
class Limits {
 public:
  /// The arrays must outlive this. Overwrites their output.
  Limits(const Operation& operation, Arrays& arrays);

  /// The time in which the fastest probe, at this moment, moves a call's compulsory bytes. Takes some
  /// milliseconds; a call at least. Overwrites the arrays' output.
  double sample_traffic_seconds();

  /// The rate of the fastest arithmetic. Takes half a millisecond: to be called right after what it judges,
  /// before the clock, which falls under heavy arithmetic, has risen again.
  double sample_flops_per_second();

  /// Which probe was the fastest in the last sample: "traffic/avx2".
  const std::string& traffic_name() const { return traffic_name_; }

 private:
  Arrays& arrays_;
  Problem arithmetic_problem_;
  Arrays arithmetic_arrays_;
  std::vector<Prepared> probes_;
  std::optional<Prepared> arithmetic_;
  std::string traffic_name_;
};

/// The fewest useful flops that any implementation needs which this CPU runs.
double least_flops(const Operation& operation, const Problem& problem);

}  // namespace trilbench::bench
