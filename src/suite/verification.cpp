// The checks, one function each.
#include "suite/verification.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <limits>
#include <utility>

#include "suite/guarded_call.hpp"
#include "suite/memory.hpp"
#include "suite/shape.hpp"

namespace trilbench {
namespace {

using Guard = Placement::Guard;

// Buffers without guard pages have this much room behind them, so that only `margins` sees a write past the
// end.
constexpr std::size_t slack_bytes = 4096;

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// The buffers of one row and one problem.
class Rig {
 public:
  Rig(const Operation& operation, const Implementation& row, const Problem& problem,
      Guard guard = Guard::none)
      : operation_(operation), row_(row), problem_(problem) {
    const auto memory = [guard](std::int64_t bytes) {
      return Memory(bytes + (guard == Guard::none ? slack_bytes : 0), {.guard = guard});
    };
    for (int i = 0; i < operation.inputs; ++i) {
      inputs_.push_back(memory(operation.input_elements(problem, i) * std::int64_t{sizeof(float)}));
      input_pointers_.push_back(inputs_.back().as<float>());
    }
    output_elements_ = operation.rows(problem) * operation.columns(problem);
    output_ = memory(output_elements_ * std::int64_t{sizeof(float)});
    const std::size_t bytes = row.workspace_bytes ? row.workspace_bytes(problem) : 0;
    workspace_ = memory((bytes + 63) / 64 * 64);
  }

  void fill(const Fill& fill, std::uint32_t round) { fill.fill(problem_, round, input_pointers_.data()); }

  void prepare() {
    if (row_.prepare) row_.prepare(problem_, workspace_.as<void>());
  }

  void run() {
    std::fill_n(output(), output_elements_, std::numeric_limits<float>::quiet_NaN());
    row_.run(problem_, input_pointers_.data(), output(), workspace_.as<void>());
  }

  float* const* inputs() const { return input_pointers_.data(); }
  float* output() const { return output_.as<float>(); }
  std::size_t output_bytes() const { return output_elements_ * sizeof(float); }
  std::vector<Memory>& input_memory() { return inputs_; }

  std::vector<float> output_copy() const { return {output(), output() + output_elements_}; }

  std::vector<std::vector<float>> input_copies() const {
    std::vector<std::vector<float>> copies;
    for (int i = 0; i < operation_.inputs; ++i)
      copies.emplace_back(inputs()[i], inputs()[i] + operation_.input_elements(problem_, i));
    return copies;
  }

  void mark_margins() {
    for (Memory& input : inputs_) input.mark_margins();
    output_.mark_margins();
    workspace_.mark_margins();
  }

  bool margins_intact() const {
    return output_.margins_intact() && workspace_.margins_intact() &&
           std::all_of(inputs_.begin(), inputs_.end(), [](const Memory& m) { return m.margins_intact(); });
  }

 private:
  const Operation& operation_;
  const Implementation& row_;
  Problem problem_;
  std::vector<Memory> inputs_;
  std::vector<float*> input_pointers_;
  Memory output_;
  Memory workspace_;
  std::int64_t output_elements_ = 0;
};

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
    Rig rig(operation_, row_, problem_);
    for (const Fill& fill : operation_.fills) {
      if (fill.check != check) continue;
      const int rounds = fill.rounds ? fill.rounds(problem_) : 1;
      for (int i = 0; i < rounds && verdict_.passed(); ++i) {
        rig.fill(fill, round_ + static_cast<std::uint32_t>(i));
        rig.prepare();
        rig.run();
        judge(check, rig, problem_, fill.name, fill.exact);
      }
    }
  }

  /// Whatever is written over the future, the past keeps its bits: finite values, NaN and infinity alike.
  void causality() {
    if (!operation_.change_future) return;
    Rig rig(operation_, row_, problem_);
    const Fill& data = operation_.fills[0];
    rig.fill(data, round_);
    rig.prepare();
    rig.run();
    const std::vector<float> before = rig.output_copy();
    const std::int64_t last = operation_.times(problem_) - 1;
    for (const std::int64_t time : {std::int64_t{0}, last / 3, last / 2, last - 9, last - 1}) {
      if (time < 0 || time >= last) continue;
      for (const float value :
           {1e30f, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
        rig.fill(data, round_);
        operation_.change_future(problem_, time, value, rig.inputs());
        rig.prepare();
        rig.run();
        for (const std::int64_t r : all_rows_)
          if (operation_.time_of_row(problem_, r) <= time && !same_row(before, rig, r))
            return fail(Check::causality, "row " + std::to_string(r) + " changes when " + number_text(value) +
                                              " is written over everything after time " +
                                              std::to_string(time));
      }
    }
  }

  /// Buffers that end, then buffers that begin, at a page that may not be touched.
  void margins() {
    for (const Guard guard : {Guard::after, Guard::before}) {
      Rig rig(operation_, row_, problem_, guard);
      rig.mark_margins();
      rig.fill(operation_.fills[0], round_);
      auto call = [&rig] {
        rig.prepare();
        rig.run();
      };
      const std::string side = guard == Guard::after ? "the end" : "the beginning";
      if (!call_guarded(call)) return fail(Check::margins, "touches memory beyond " + side + " of a buffer");
      if (!rig.margins_intact()) return fail(Check::margins, "writes beside a buffer");
      judge(Check::margins, rig, problem_, operation_.fills[0].name, nullptr);
    }
  }

  void read_only() {
    Rig rig(operation_, row_, problem_);
    rig.fill(operation_.fills[0], round_);
    for (Memory& input : rig.input_memory()) input.make_read_only();
    auto call = [&rig] {
      rig.prepare();
      rig.run();
    };
    if (!call_guarded(call)) return fail(Check::read_only, "writes to an input");
    judge(Check::read_only, rig, problem_, operation_.fills[0].name, nullptr);
  }

  /// One prepared workspace, two inputs in turn. A thousand calls and more where that takes about a second;
  /// at least a few at any size.
  void repeats() {
    constexpr double most_flops = 2e9;
    const auto calls =
        static_cast<int>(std::clamp(most_flops / std::max(row_.flops(problem_), 1.0), 6.0, 1100.0));
    Rig rig(operation_, row_, problem_);
    std::vector<std::vector<float>> inputs[2];
    std::vector<float> outputs[2];
    for (const int which : {1, 0}) {
      rig.fill(operation_.fills[0], round_ + static_cast<std::uint32_t>(which));
      inputs[which] = rig.input_copies();
      rig.prepare();
      rig.run();
      outputs[which] = rig.output_copy();
    }
    for (int call = 1; call < calls; ++call) {
      const int which = call % 2;
      for (std::size_t i = 0; i < inputs[which].size(); ++i)
        std::copy(inputs[which][i].begin(), inputs[which][i].end(), rig.inputs()[i]);
      rig.run();
      if (std::memcmp(rig.output(), outputs[which].data(), rig.output_bytes()) != 0)
        return fail(Check::repeats,
                    "call " + std::to_string(call + 1) +
                        " on one prepared workspace differs from the first on the same input");
    }
  }

  void threads() {
    for (const int threads : {2, 3, 4}) {
      Problem problem = problem_;
      problem.threads = threads;
      if (row_.refuses && row_.refuses(problem)) continue;
      Rig rig(operation_, row_, problem);
      rig.fill(operation_.fills[0], round_);
      rig.prepare();
      rig.run();
      const std::string what =
          std::string(operation_.fills[0].name) + " with " + std::to_string(threads) + " threads";
      judge(Check::threads, rig, problem, what, nullptr);
      const std::vector<float> first = rig.output_copy();
      for (int again = 0; again < 3; ++again) {
        rig.prepare();
        rig.run();
        if (std::memcmp(rig.output(), first.data(), rig.output_bytes()) != 0)
          return fail(Check::threads, "two calls with " + std::to_string(threads) + " threads differ");
      }
    }
  }

  bool same_row(const std::vector<float>& before, const Rig& rig, std::int64_t row) const {
    const std::int64_t columns = operation_.columns(problem_);
    return std::memcmp(before.data() + row * columns, rig.output() + row * columns,
                       columns * sizeof(float)) == 0;
  }

  void judge(Check check, const Rig& rig, const Problem& problem, const std::string& data,
             bool (*exact)(const Problem&, std::int64_t)) {
    const Worst worst = compare(operation_, row_, problem, rig.inputs(), rig.output(), all_rows_, exact);
    if (worst.error_over_bound > 1) {
      fail(check,
           "on " + data + " at row " + std::to_string(worst.row) + ", column " +
               std::to_string(worst.column) + ": expected " + number_text(worst.expected) + ", got " +
               number_text(worst.got) + ", error over bound " + number_text(worst.error_over_bound),
           worst);
    } else {
      verdict_.error_over_bound = std::max(verdict_.error_over_bound, worst.error_over_bound);
    }
  }

  void fail(Check check, const std::string& what, const Worst& worst = {}) {
    if (!verdict_.passed()) return;
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
