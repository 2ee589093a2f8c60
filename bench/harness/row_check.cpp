#include "harness/row_check.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <limits>

#include "harness/stopwatch.hpp"

namespace trilbench::bench {
namespace {

constexpr double seconds_before_timing = 0.1;
constexpr std::int64_t most_elements = std::int64_t{1} << 22;  // compared in full; of more, some rows
constexpr std::int64_t rows_of_large = 64;
constexpr std::int64_t rows_after_timing = 16;

struct Trial {
  const Fill* fill;
  std::uint32_t round;
};

/// The kinds of data that look at the values of one call, those that see most first.
int rank(Check check) {
  switch (check) {
    case Check::bound:
      return 0;
    case Check::impulses:
      return 1;
    case Check::integers:
      return 2;
    case Check::hard:
      return 3;
    default:
      return -1;
  }
}

/// One trial of every fill, that which is timed first, then the further rounds of those that move through the
/// places worth seeing.
std::vector<Trial> trials(const Operation& operation, const Problem& problem, const Fill& data,
                          std::uint32_t seed) {
  std::vector<const Fill*> fills;
  for (const Fill& fill : operation.fills)
    if (rank(fill.check) >= 0) fills.push_back(&fill);
  std::stable_sort(fills.begin(), fills.end(),
                   [](const Fill* a, const Fill* b) { return rank(a->check) < rank(b->check); });
  const auto timed = std::find(fills.begin(), fills.end(), &data);
  std::rotate(fills.begin(), timed, std::next(timed));
  std::vector<Trial> list;
  for (const Fill* fill : fills) list.push_back({fill, fill->rounds ? 0 : seed});
  for (const Fill* fill : fills)
    for (int round = 1; fill->rounds && round < fill->rounds(problem); ++round)
      list.push_back({fill, static_cast<std::uint32_t>(round)});
  return list;
}

/// The error over the bound beyond which a row has failed. A library that users would call instead may be
/// less accurate than the suite asks of its own ways, and is shown to be, as long as its numbers are numbers.
double most_error(const Implementation& row) {
  return row.isa == Isa::peer ? std::numeric_limits<double>::max() : 1;
}

std::string describe(const Worst& worst, const Fill& fill) {
  char text[200];
  std::snprintf(text, sizeof text,
                "error_over_bound %.3g on %s at row %lld column %lld: expected %s%.9g, got %.9g",
                worst.error_over_bound, fill.name, static_cast<long long>(worst.row),
                static_cast<long long>(worst.column), fill.exact ? "exactly " : "", worst.expected,
                static_cast<double>(worst.got));
  return text;
}

}  // namespace

RowCheck::RowCheck(const Operation& operation, const Implementation& row, const Problem& problem,
                   const Fill& data, std::uint32_t seed)
    : operation_(operation), row_(row), problem_(problem), data_(data), seed_(seed) {
  const std::int64_t rows = operation.rows(problem);
  verified_rows_ = rows <= most_elements / operation.columns(problem) ? rows : std::min(rows, rows_of_large);
}

std::optional<std::string> RowCheck::before_timing(Arrays& arrays, void* workspace) {
  const Stopwatch watch;
  for (const Trial& trial : trials(operation_, problem_, data_, seed_)) {
    const bool indispensable =
        verified_inputs_ == 0 || (trial.fill->check == Check::impulses && trial.round == 0);
    if (!indispensable && watch.seconds() > seconds_before_timing) break;
    if (auto failure = run_and_compare(arrays, workspace, *trial.fill, trial.round, verified_rows_))
      return failure;
    ++verified_inputs_;
  }
  fill_for_timing(arrays);
  return std::nullopt;
}

std::optional<std::string> RowCheck::timed_output(const Arrays& arrays) {
  return compare_rows(arrays, data_, rows_after_timing);
}

std::optional<std::string> RowCheck::other_inputs(Arrays& arrays, void* workspace) {
  ++round_;
  fill_for_timing(arrays);
  return run_and_compare(arrays, workspace, data_, rows_after_timing);
}

void RowCheck::fill_for_timing(Arrays& arrays) const { arrays.fill_for_timing(data_, seed_, round_); }

std::string RowCheck::repeat_flags() const {
  return " --seed=" + std::to_string(seed_) +
         (round_ ? " --benchmark_repetitions=" + std::to_string(round_ + 1) : "");
}

std::string RowCheck::summary() const {
  const std::int64_t rows = operation_.rows(problem_);
  return std::to_string(verified_inputs_) + " inputs, " +
         (verified_rows_ == rows ? "all " : std::to_string(verified_rows_) + " of ") + std::to_string(rows) +
         " output rows";
}

std::optional<std::string> RowCheck::run_and_compare(Arrays& arrays, void* workspace, const Fill& fill,
                                                     std::uint32_t round, std::int64_t count) {
  arrays.fill(fill, round);
  return run_and_compare(arrays, workspace, fill, count);
}

std::optional<std::string> RowCheck::run_and_compare(Arrays& arrays, void* workspace, const Fill& fill,
                                                     std::int64_t count) {
  arrays.blank_output();
  row_.run(problem_, arrays.inputs(), arrays.output(), workspace);
  return compare_rows(arrays, fill, count);
}

std::optional<std::string> RowCheck::compare_rows(const Arrays& arrays, const Fill& fill,
                                                  std::int64_t count) {
  const std::vector<std::int64_t> rows =
      sample_rows(operation_, problem_, count, seed_ + round_ + ++samples_);
  const Fill* const exactness = row_.isa == Isa::peer ? nullptr : &fill;  // libraries owe no exact bits
  const Worst worst = compare(operation_, row_, problem_, arrays.inputs(), arrays.output(), rows, exactness);
  error_over_bound_ = std::max(error_over_bound_, worst.error_over_bound);
  if (worst.error_over_bound <= most_error(row_)) return std::nullopt;
  return describe(worst, fill);
}

}  // namespace trilbench::bench
