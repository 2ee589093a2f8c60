// The checks, one function each.
#include "suite/verification.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "suite/rig.hpp"
#include "suite/row.hpp"

namespace trilbench {
namespace {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// One verification under way.
class Verification {
 public:
  Verification(const Operation& operation, const Implementation& row, const Problem& problem,
               std::uint32_t round)
      : operation_(operation),
        row_(row),
        problem_(problem),
        round_(round),
        all_rows_(sample_rows(operation, problem, operation.rows(problem), 0)) {}

  void run(Check check) {
    switch (check) {
      case Check::bound:
      case Check::hard:
      case Check::impulses:
      case Check::integers:
      case Check::non_finite:
        return fills(check);
      case Check::causality:
        return causality();
      case Check::margins:
        return margins();
      case Check::read_only:
        return read_only();
      case Check::repeats:
        return repeats();
      case Check::threads:
        return threads();
    }
  }

  const Verdict& verdict() const { return verdict_; }

 private:
  void fills(Check check) {
    for (const Fill& fill : operation_.fills) {
      if (fill.check != check) continue;
      Rig rig(operation_, row_, problem_);
      if (!all_rounds(check, rig, problem_, fill, rounds_of(fill), "")) return;
    }
    if (check != Check::bound) return;
    Rig rig(operation_, row_, problem_, Place::shifted);
    all_rounds(check, rig, problem_, operation_.fills[0], 1, " in buffers aligned to nothing but float");
  }

  int rounds_of(const Fill& fill) const { return fill.rounds ? fill.rounds(problem_) : 1; }

  /// Runs the fill's first `rounds` rounds and judges each; false if one failed.
  bool all_rounds(Check check, Rig& rig, const Problem& problem, const Fill& fill, int rounds,
                  const std::string& circumstances) {
    for (int i = 0; i < rounds; ++i) {
      rig.fill(fill, round_ + static_cast<std::uint32_t>(i));
      if (!call(check, rig) || !judge(check, rig, problem, fill, circumstances)) return false;
    }
    return true;
  }

  /// Whatever is written over the future, the past keeps its bits: finite values, NaN and infinity alike.
  void causality() {
    if (!operation_.change_future) return;
    Rig rig(operation_, row_, problem_);
    rig.fill(operation_.fills[0], round_);
    const Rig::InputCopies data = rig.copy_inputs();
    if (!call(Check::causality, rig)) return;
    const std::vector<float> before = rig.output_copy();
    const std::int64_t last = operation_.times(problem_) - 1;
    for (const std::int64_t time : {std::int64_t{0}, last / 3, last / 2, last - 9, last - 1}) {
      if (time < 0 || time >= last) continue;
      for (const float value :
           {1e30f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        rig.put_back(data);
        operation_.change_future(problem_, time, value, rig.inputs());
        if (!call(Check::causality, rig)) return;
        for (const std::int64_t r : all_rows_)
          if (operation_.time_of_row(problem_, r) <= time && !same_row(before, rig, r))
            return fail(Check::causality, "row " + std::to_string(r) + " changes when " + number_text(value) +
                                              " is written over everything after time " +
                                              std::to_string(time));
      }
    }
  }

  /// Buffers that end, then buffers that begin, at a page that may not be touched. On their other side lies
  /// NaN, then zero: nothing may change it, and it may change no bit of the output.
  void margins() {
    for (const Place place : {Place::ends_page, Place::starts_page}) {
      Rig rig(operation_, row_, problem_, place);
      std::vector<float> first;
      for (const float mark : {std::numeric_limits<float>::quiet_NaN(), 0.0f}) {
        rig.mark_margins(mark);
        rig.fill(operation_.fills[0], round_);
        if (!call(Check::margins, rig)) return;
        if (!rig.margins_intact()) return fail(Check::margins, "writes beside a buffer");
        if (!rig.mode_kept()) return fail(Check::margins, "leaves the floating-point mode changed");
        if (!first.empty() && !rig.output_is(first))
          return fail(Check::margins, "the output depends on what lies beside a buffer");
        first = rig.output_copy();
      }
    }
  }

  void read_only() {
    Rig rig(operation_, row_, problem_);
    rig.fill(operation_.fills[0], round_);
    rig.make_inputs_read_only();
    call(Check::read_only, rig);
  }

  /// One prepared workspace, two inputs in turn. A thousand calls and more where that takes about a tenth of
  /// a second; at least a few at any size.
  void repeats() {
    constexpr double most_flops = 5e7;
    const auto calls =
        static_cast<int>(std::clamp(most_flops / std::max(flops(row_, problem_), 1.0), 6.0, 1100.0));
    Rig rig(operation_, row_, problem_);
    Rig::InputCopies inputs[2];
    std::vector<float> outputs[2];
    for (const int which : {1, 0}) {
      rig.fill(operation_.fills[0], round_ + static_cast<std::uint32_t>(which));
      inputs[which] = rig.copy_inputs();
      if (!call(Check::repeats, rig)) return;
      outputs[which] = rig.output_copy();
    }
    for (int count = 2; count <= calls; ++count) {
      rig.put_back(inputs[(count - 1) % 2]);
      if (!rig.run()) return fault(Check::repeats);
      if (!rig.output_is(outputs[(count - 1) % 2]))
        return fail(Check::repeats,
                    "call " + std::to_string(count) +
                        " on one prepared workspace differs from the first on the same input");
    }
  }

  /// Other ways to divide the work: each right on ordinary data, without a term lost where the parts meet,
  /// and with the same bits each time.
  void threads() {
    constexpr int most_rounds = 4;
    for (const int threads : {2, 3, 4}) {
      Problem problem = problem_;
      problem.threads = threads;
      if (row_.refuses && row_.refuses(problem)) continue;
      const std::string with_threads = " with " + std::to_string(threads) + " threads";
      Rig rig(operation_, row_, problem);
      for (const Fill& fill : operation_.fills)
        if ((fill.check == Check::bound || fill.check == Check::impulses) &&
            !all_rounds(Check::threads, rig, problem, fill, std::min(rounds_of(fill), most_rounds),
                        with_threads))
          return;
      rig.fill(operation_.fills[0], round_);
      if (!call(Check::threads, rig)) return;
      const std::vector<float> first = rig.output_copy();
      for (int again = 0; again < 3; ++again) {
        if (!call(Check::threads, rig)) return;
        if (!rig.output_is(first)) return fail(Check::threads, "two calls" + with_threads + " differ");
      }
    }
  }

  /// A prepared call; false, and a failure, if it touches a page that it may not.
  bool call(Check check, Rig& rig) {
    const bool whole = rig.prepare() && rig.run();
    if (!whole) fault(check);
    return whole;
  }

  bool same_row(const std::vector<float>& before, const Rig& rig, std::int64_t row) const {
    const std::int64_t columns = operation_.columns(problem_);
    return std::memcmp(before.data() + row * columns, rig.output() + row * columns,
                       columns * sizeof(float)) == 0;
  }

  bool judge(Check check, const Rig& rig, const Problem& problem, const Fill& fill,
             const std::string& circumstances) {
    const Worst worst = compare(operation_, row_, problem, rig.inputs(), rig.output(), all_rows_, &fill);
    if (worst.error_over_bound > 1) {
      fail(check,
           "on " + (fill.name + circumstances) + " at row " + std::to_string(worst.row) + ", column " +
               std::to_string(worst.column) + ": expected " + number_text(worst.expected) + ", got " +
               number_text(worst.got) + ", error over bound " + number_text(worst.error_over_bound),
           worst);
      return false;
    }
    verdict_.error_over_bound = std::max(verdict_.error_over_bound, worst.error_over_bound);
    return true;
  }

  void fault(Check check) {
    fail(check, check == Check::read_only ? "writes to an input" : "touches memory beyond its buffers");
  }

  void fail(Check check, const std::string& what, const Worst& worst = {}) {
    verdict_.failure = Failure{
        check,
        benchmark_name(operation_, row_, problem_) + " fails '" + std::string(name_of(check)) + "': " + what,
        worst};
  }

  const Operation& operation_;
  const Implementation& row_;
  Problem problem_;
  std::uint32_t round_;
  std::vector<std::int64_t> all_rows_;
  Verdict verdict_;
};

constexpr std::pair<Check, std::string_view> check_names[] = {
    {Check::bound, "bound"},           {Check::hard, "hard"},
    {Check::impulses, "impulses"},     {Check::integers, "integers"},
    {Check::non_finite, "non_finite"}, {Check::causality, "causality"},
    {Check::margins, "margins"},       {Check::read_only, "read_only"},
    {Check::repeats, "repeats"},       {Check::threads, "threads"},
};
static_assert(std::size(check_names) == check_count);

}  // namespace

std::string_view name_of(Check check) { return check_names[static_cast<unsigned>(check)].second; }

Verdict verify(const Operation& operation, const Implementation& row, const Problem& problem, CheckSet checks,
               std::uint32_t round) {
  Verification verification(operation, row, problem, round);
  for (const auto& [check, name] : check_names) {
    if (checks.has(check)) verification.run(check);
    if (!verification.verdict().passed()) break;
  }
  return verification.verdict();
}

}  // namespace trilbench
