// Whether a row computes what it should, in the memory in which it is timed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/arrays.hpp"
#include "suite/verify/compare.hpp"

namespace trilbench::bench {

/// Each check returns nothing if all is well, or one line: what, where, expected, got.
class RowCheck {
 public:
  /// `data` is what is timed, one of the operation's fills.
  RowCheck(const Operation& operation, const Implementation& row, const Problem& problem, const Fill& data,
           std::uint32_t seed);

  /// Before the first timing: the operation's fills, for a tenth of a second; at least what is
  /// timed and, if it has such a fill, impulses. Leaves the arrays filled for timing.
  std::optional<std::string> before_timing(Arrays& arrays, void* workspace);

  /// After timing: some rows of the output that the last timed call left.
  std::optional<std::string> timed_output(const Arrays& arrays);

  /// After a repetition: some rows of the output for other inputs, which serve the next repetition.
  std::optional<std::string> other_inputs(Arrays& arrays, void* workspace);

  /// Fills the arrays with the inputs of the repetition that comes.
  void fill_for_timing(Arrays& arrays) const;

  /// The flags that bring a run to the inputs that were compared last.
  std::string repeat_flags() const;

  /// The worst seen so far.
  double error_over_bound() const { return error_over_bound_; }

  /// What was checked before timing: "12 inputs, all 8192 output rows".
  std::string summary() const;

 private:
  std::optional<std::string> run_and_compare(Arrays& arrays, void* workspace, const Fill& fill,
                                             std::uint32_t round, std::int64_t count);
  std::optional<std::string> run_and_compare(Arrays& arrays, void* workspace, const Fill& fill,
                                             std::int64_t count);
  std::optional<std::string> compare_rows(const Arrays& arrays, const Fill& fill, std::int64_t count);

  const Operation& operation_;
  const Implementation& row_;
  Problem problem_;
  const Fill& data_;
  std::uint32_t seed_;
  std::uint32_t round_ = 0;    // of the inputs that are timed
  std::uint32_t samples_ = 0;  // drawn so far; each draws other rows
  std::int64_t verified_rows_;
  int verified_inputs_ = 0;
  double error_over_bound_ = 0;
};

}  // namespace trilbench::bench
