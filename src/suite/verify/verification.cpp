// The checks, one function each.
#include "suite/verify/verification.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "suite/verify/guarded_call.hpp"
#include "suite/verify/rig.hpp"
#include "suite/row.hpp"

namespace trilbench {
namespace {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// How much a verification looks at.
enum class Extent {
  full,
  brief,  // what has been seen with one thread is seen again with several: every check, but fewer calls
};

constexpr int brief_impulses = 4;
constexpr int brief_rounds = 2;
constexpr int brief_repeats = 6;

/// One verification under way.
class Verification {
 public:
  Verification(const Operation& operation, const Implementation& row, const Problem& problem,
               std::uint32_t round, Extent extent)
      : operation_(operation),
        row_(row),
        problem_(problem),
        round_(round),
        extent_(extent),
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
    Rig rig(operation_, row_, problem_);
    Third third(*this);
    for (const Fill& fill : operation_.fills) {
      if (fill.check != check || (check == Check::hard && !third.next())) continue;
      if (!all_rounds(check, rig, fill, rounds_of(fill), "")) return;
    }
    if (check != Check::bound) return;
    Rig shifted(operation_, row_, problem_, Place::shifted);
    all_rounds(check, shifted, operation_.fills[0], 1, " in buffers aligned to nothing but float");
  }

  int rounds_of(const Fill& fill) const {
    const int rounds = fill.rounds ? fill.rounds(problem_) : 1;
    if (extent_ == Extent::full) return rounds;
    return std::min(rounds, fill.check == Check::impulses ? brief_impulses : brief_rounds);
  }

  /// Which of a series are tried: all, or briefly every third, others with each number of threads.
  class Third {
   public:
    explicit Third(const Verification& of) : all_(of.extent_ == Extent::full), at_(of.problem_.threads) {}
    bool next() { return ++at_ % 3 == 0 || all_; }

   private:
    bool all_;
    int at_;
  };

  /// Runs the fill's first `rounds` rounds and judges each; false if one failed.
  bool all_rounds(Check check, Rig& rig, const Fill& fill, int rounds, const std::string& circumstances) {
    for (int i = 0; i < rounds; ++i) {
      rig.fill(fill, round_ + static_cast<std::uint32_t>(i));
      if (!call(check, rig) || !judge(check, rig, fill, circumstances)) return false;
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
    Third third(*this);
    for (const std::int64_t time : {std::int64_t{0}, last / 3, last / 2, last - 9, last - 1}) {
      third.next();  // another value for each time
      if (time < 0 || time >= last) continue;
      for (const float value :
           {1e30f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        if (!third.next()) continue;
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

  /// One prepared workspace, two inputs, each twice in a row. A thousand calls and more where that takes
  /// about a tenth of a second; at least a few at any size.
  void repeats() {
    constexpr double most_flops = 5e7;
    const int calls =
        extent_ == Extent::brief
            ? brief_repeats
            : static_cast<int>(std::clamp(most_flops / std::max(flops(row_, problem_), 1.0), 6.0, 1100.0));
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
      const int which = count / 2 % 2;
      rig.put_back(inputs[which]);
      if (!rig.run()) return fail(Check::repeats, rig.fault());
      if (!rig.output_is(outputs[which]))
        return fail(Check::repeats,
                    "call " + std::to_string(count) +
                        " on one prepared workspace differs from the first on the same input");
    }
  }

  /// Other ways to divide the work, each as right as the undivided one.
  void threads() {
    for (const int threads : {2, 3, 4}) {
      Problem problem = problem_;
      problem.threads = threads;
      if (row_.refuses && row_.refuses(problem)) continue;
      Verification divided(operation_, row_, problem, round_, Extent::brief);
      for (int check = 0; check < check_count && divided.verdict_.passed(); ++check)
        if (static_cast<Check>(check) != Check::threads) divided.run(static_cast<Check>(check));
      verdict_.error_over_bound = std::max(verdict_.error_over_bound, divided.verdict_.error_over_bound);
      if (divided.verdict_.passed()) continue;
      verdict_.failure = divided.verdict_.failure;
      verdict_.failure->check = Check::threads;
      return;
    }
  }

  /// A prepared call; false, and a failure, if it faults.
  bool call(Check check, Rig& rig) {
    const bool whole = rig.prepare() && rig.run();
    if (!whole) fail(check, rig.fault());
    return whole;
  }

  bool same_row(const std::vector<float>& before, const Rig& rig, std::int64_t row) const {
    const std::int64_t columns = operation_.columns(problem_);
    return std::memcmp(before.data() + row * columns, rig.output() + row * columns,
                       columns * sizeof(float)) == 0;
  }

  bool judge(Check check, const Rig& rig, const Fill& fill, const std::string& circumstances) {
    const Worst worst = compare(operation_, row_, problem_, rig.inputs(), rig.output(), all_rows_, &fill);
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
  Extent extent_;
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
  const Caller caller(benchmark_name(operation, row, problem));
  Verification verification(operation, row, problem, round, Extent::full);
  for (const auto& [check, name] : check_names) {
    if (checks.has(check)) verification.run(check);
    if (!verification.verdict().passed()) break;
  }
  return verification.verdict();
}

}  // namespace trilbench
