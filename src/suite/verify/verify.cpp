// What each trial looks at, check by check.
#include "suite/verify/verify.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "suite/floating_point_mode.hpp"
#include "suite/shape.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/verify/guarded_call.hpp"
#include "suite/verify/trials.hpp"

namespace trilbench {
namespace {

using enum Check;

constexpr std::string_view check_names[check_count] = {"bound",      "hard",      "impulses", "integers",
                                                       "non_finite", "causality", "margins",  "read_only",
                                                       "repeats",    "threads"};

constexpr Element nan = std::numeric_limits<Element>::quiet_NaN();

// A thousand calls and more where that takes about a tenth of a second; at least a few at any size.
constexpr double most_flops_of_repeats = 5e7;
constexpr double least_repeats = 6, most_repeats = 1100;

/// Fills come back to the same places after 40, 12, 6, 4 or 2 rounds: rounds that begin at a multiple of this
/// see all places that those from 0 on see.
constexpr std::uint32_t rounds_to_the_same_places = 120;

constexpr double most_bytes_kept = 32 << 20;

// Under a budget so many rows are compared first, and then so many times more.
constexpr std::int64_t first_rows = 64, more_rows = 8;

/// A small problem that is another: of sizes 1 or, if that is it, 2. An operation may have neither.
std::optional<Problem> another(const Operation& operation, const Problem& problem) {
  for (const std::int64_t size : {1, 2}) {
    Problem small = problem;
    std::ranges::replace_if(
        small.sizes, [](std::int64_t each) { return each > 0; }, size);
    if (small != problem && (!operation.mismatch || operation.mismatch(small).empty())) return small;
  }
  return std::nullopt;
}

class Verification {
 public:
  Verification(const Operation& operation, const Variant& variant, const Runnable& kernel,
               const Problem& problem, const Demand& demand)
      : operation_(operation), variant_(variant), kernel_(kernel), problem_(problem), demand_(demand) {}

  Verdict run() {
    const std::uint64_t mode = floating_point_mode();
    for (const Trial& trial : trials_of(operation_, variant_, problem_, demand_)) {
      if (!trial.indispensable && seconds_since(begin_) > demand_.seconds) continue;
      problem_.threads = trial.threads;
      conduct(trial);
      if (verdict_.failure) break;
    }
    restore_floating_point_mode(mode, problem_.threads);
    return verdict_;
  }

 private:
  using Time = std::chrono::steady_clock::time_point;

  static double seconds_since(Time begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }

  // What the checks look at

  void conduct(const Trial& trial) {
    switch (trial.check) {
      case causality:
        return change_the_future(trial);
      case margins:
        return mark_the_margins(trial);
      case read_only:
        return make_inputs_read_only(trial);
      case repeats:
        return repeat(trial);
      default:
        return try_values(trial);
    }
  }

  void try_values(const Trial& trial) {
    const Fill& fill = *trial.fill;
    const std::uint32_t round = round_of(fill, trial.step);
    Buffers& buffers = at(trial.place);
    Known* const known = put(buffers, fill, round, trial.step);
    // Under a budget the check of its own may find no time, and others would be measured on what was spoilt.
    const bool protect = has_budget(demand_) && verdict_.trials == 0 && demand_.checks.has(read_only);
    if (!(protect ? call_on_read_only(trial, buffers) : call(trial, buffers))) return;
    if (known && !known->right.empty() && buffers.output_is(known->right)) return;
    const Worst worst = compare_rows(buffers, trial, round);
    ++verdict_.trials;
    verdict_.error_over_bound = std::max(verdict_.error_over_bound, worst.error_over_bound);
    if (!is_right(variant_, worst))
      return fail(trial, trial.check,
                  text_of(worst, fill,
                          trial.place == Place::shifted ? " in buffers aligned to nothing but float" : ""),
                  worst);
    if (known) known->right = buffers.output_copy();
  }

  std::uint32_t round_of(const Fill& fill, int step) const {
    if (!fill.rounds) return demand_.round;
    return demand_.round % (1 << 24) * rounds_to_the_same_places + static_cast<std::uint32_t>(step);
  }

  /// Under a budget more and more rows, until all are compared that may be, or more would take long.
  Worst compare_rows(Buffers& buffers, const Trial& trial, std::uint32_t round) {
    const std::int64_t most = std::min(operation_.rows(problem_), demand_.most_rows);
    std::int64_t count = has_budget(demand_) ? std::min(most, first_rows) : most;
    Worst worst;
    while (true) {
      double seconds = 0;
      const Worst found = compare_rows(buffers, trial, round, count, seconds);
      if (!(found.error_over_bound <= worst.error_over_bound)) worst = found;
      const double next = static_cast<double>(more_rows) * seconds;
      if (count == most || !is_right(variant_, worst) || next > 3 * demand_.seconds) break;
      count = std::min(most, more_rows * count);
    }
    verdict_.rows = verdict_.trials == 0 ? count : std::min(verdict_.rows, count);
    return worst;
  }

  /// So many rows, and the seconds that their reference took when it was made: the same for all variants that
  /// share it, or with the comparison.
  Worst compare_rows(Buffers& buffers, const Trial& trial, std::uint32_t round, std::int64_t count,
                     double& seconds) {
    const std::uint32_t seed = count == operation_.rows(problem_) ? 0 : seed_of(trial);
    const std::vector<std::int64_t> rows = sample_rows(operation_, problem_, count, seed);
    const References::Key key(trial.fill, round, count, seed);
    References* const shared = demand_.references;
    const Reference* reference = shared ? shared->find(key) : nullptr;
    if (!reference && shared && shared->has_room(count * operation_.columns(problem_))) {
      put(buffers, *trial.fill, round, trial.step);  // anew: it must not inherit what a kernel wrote there
      reference = &shared->keep(key, make_reference(operation_, problem_, buffers.inputs(), rows));
    }
    if (!reference) {
      const Time begin = std::chrono::steady_clock::now();
      const Worst worst =
          compare(operation_, variant_, problem_, buffers.inputs(), buffers.output(), rows, trial.fill);
      seconds = seconds_since(begin);
      return worst;
    }
    seconds = reference->seconds;
    return compare(operation_, variant_, problem_, *reference, buffers.output(), rows, trial.fill);
  }

  /// Of the rows that a trial compares: others in each.
  std::uint32_t seed_of(const Trial& trial) const {
    const auto fill = static_cast<std::uint32_t>(trial.fill - operation_.fills.data());
    const auto step = static_cast<std::uint32_t>(trial.step);
    return demand_.round + 4 * (1000 * fill + step) + static_cast<std::uint32_t>(trial.place);
  }

  /// Whatever is written over the future, the past keeps its bits: finite values, NaN and infinity alike.
  void change_the_future(const Trial& trial) {
    const std::int64_t last = operation_.times(problem_) - 1;
    constexpr Element values[changed_values] = {nan, 1e30f, std::numeric_limits<Element>::infinity()};
    const std::int64_t times[changed_times] = {last / 3, 0, last / 2, last - 9, last - 1};
    const Element value = values[trial.step % changed_values];
    const std::int64_t time = times[trial.step / changed_values];
    if (time < 0 || time >= last) return;
    Buffers& buffers = at(trial.place);
    if (threads_before_change_ != trial.threads) {
      put_first(buffers);
      if (!call(trial, buffers)) return;
      before_change_ = buffers.output_copy();
      threads_before_change_ = trial.threads;
    }
    put_first(buffers);
    operation_.change_future(problem_, time, value, buffers.inputs());
    if (!call(trial, buffers)) return;
    const std::int64_t columns = operation_.columns(problem_);
    for (std::int64_t row = 0; row < operation_.rows(problem_); ++row) {
      const std::int64_t begin = row * columns;
      if (operation_.time_of_row(problem_, row) <= time &&
          std::memcmp(&before_change_[begin], buffers.output() + begin, columns * sizeof(Element)) != 0) {
        char text[32];
        std::snprintf(text, sizeof text, "%.9g", double{value});
        return fail(trial, causality,
                    "row " + std::to_string(row) + " changes when " + text +
                        " is written over everything after time " + std::to_string(time));
      }
    }
  }

  /// Buffers that end, then buffers that begin, at a page that may not be touched. On their other side lies
  /// NaN, then zero: nothing may change it, and it may change no bit of the output.
  void mark_the_margins(const Trial& trial) {
    Buffers& buffers = at(trial.place);
    std::vector<Element> first;
    for (const Element mark : {nan, Element{0}}) {
      buffers.mark_margins(mark);
      put_first(buffers);
      if (!call(trial, buffers)) return;
      if (!buffers.mode_kept()) return fail(trial, margins, "leaves the floating-point mode changed");
      if (!first.empty() && !buffers.output_is(first))
        return fail(trial, margins, "the output depends on what lies beside a buffer");
      first = buffers.output_copy();
    }
  }

  /// A later call may write where the first does not.
  void make_inputs_read_only(const Trial& trial) {
    Buffers& buffers = at(trial.place);
    put_first(buffers);
    if (call_on_read_only(trial, buffers)) run_on_read_only(trial, buffers);
  }

  bool call_on_read_only(const Trial& trial, Buffers& buffers) {
    buffers.make_inputs_read_only();
    const bool done = call(trial, buffers);
    buffers.make_inputs_writable();
    return done;
  }

  /// Once more, with what is prepared.
  bool run_on_read_only(const Trial& trial, Buffers& buffers) {
    buffers.make_inputs_read_only();
    const bool done = buffers.run();
    buffers.make_inputs_writable();
    if (!done) fail(trial, buffers.wrote_to_input() ? read_only : trial.check, buffers.fault());
    return done;
  }

  /// One prepared workspace, two inputs, each twice in a row. In between another problem is prepared, in a
  /// workspace of its own: a plan that is not in its workspace is now the wrong one.
  void repeat(const Trial& trial) {
    const bool brief = trial.again || has_budget(demand_);
    const double affordable = most_flops_of_repeats / std::max(flops(operation_, variant_, problem_), 1.0);
    const auto calls =
        static_cast<int>(brief ? least_repeats : std::clamp(affordable, least_repeats, most_repeats));
    const Fill& fill = operation_.fills[0];
    Buffers& buffers = at(trial.place);
    Buffers::Inputs inputs[2];
    std::vector<Element> outputs[2];
    for (const std::uint32_t which : {1u, 0u}) {
      put(buffers, fill, round_of(fill, 0) + which, 0);
      inputs[which] = buffers.copy_inputs();
      if (!call(trial, buffers)) return;
      outputs[which] = buffers.output_copy();
    }
    if (const auto other = another(operation_, problem_);
        other && why_skipped(operation_, variant_, *other).empty()) {
      Buffers of_other(array_elements(operation_, *other), Place::aligned);
      if (!of_other.prepare(kernel_, *other, machine_)) return fail(trial, repeats, of_other.fault());
    }
    for (int count = 2; count <= calls; ++count) {
      const int which = count / 2 % 2;
      buffers.put(inputs[which]);
      if (demand_.checks.has(read_only)) {
        if (!run_on_read_only(trial, buffers)) return;
      } else if (!buffers.run()) {
        return fail(trial, repeats, buffers.fault());
      }
      if (!buffers.output_is(outputs[which]))
        return fail(trial, repeats,
                    "call " + std::to_string(count) +
                        " on one prepared workspace differs from the first on the same input");
    }
  }

  // What they share

  /// Made when a trial first wants them; where they are large, those of one placement at a time.
  Buffers& at(Place place) {
    std::optional<Buffers>& buffers = buffers_[static_cast<std::size_t>(place)];
    if (!buffers) {
      if (!small_)
        for (std::optional<Buffers>& others : buffers_) others.reset();
      buffers.emplace(array_elements(operation_, problem_), place);
    }
    return *buffers;
  }

  /// Inputs that were drawn, and the output found right for them: the same bits need no reference again.
  struct Known {
    Buffers::Inputs inputs;
    std::vector<Element> right;
  };

  /// Puts the data into the inputs; says what is known of them, if they are small and will be asked for
  /// again.
  Known* put(Buffers& buffers, const Fill& fill, std::uint32_t round, int step) {
    const std::pair key(&fill, round);
    if (const auto known = known_.find(key); known != known_.end()) {
      buffers.put(known->second.inputs);
      return &known->second;
    }
    const Buffers::Inputs* const shared = demand_.references ? demand_.references->find_inputs(key) : nullptr;
    if (demand_.drawn && &fill == demand_.first && round == demand_.round) {
      buffers.copy_from(demand_.drawn);
    } else if (shared) {
      buffers.put(*shared);
    } else {
      fill.fill(problem_, round, buffers.inputs());
      if (demand_.references) demand_.references->keep_inputs(key, buffers);
    }
    const bool again = &fill == operation_.fills.data() ||
                       (!has_budget(demand_) && demand_.checks.has(threads) && step < brief_impulses);
    const double bytes = data_bytes(operation_, problem_);
    if (!again || kept_bytes_ + bytes > most_bytes_kept) return nullptr;
    kept_bytes_ += bytes;
    return &(known_[key] = {buffers.copy_inputs(), {}});
  }

  void put_first(Buffers& buffers) {
    const Fill& fill = operation_.fills[0];
    put(buffers, fill, round_of(fill, 0), 0);
  }

  /// A prepared call; false, and a failure, if it does what no call may do.
  bool call(const Trial& trial, Buffers& buffers) {
    const bool guarded = trial.place == Place::ends_page || trial.place == Place::starts_page;
    if (!buffers.prepare(kernel_, problem_, machine_) || !buffers.run()) {
      const Check check = guarded && buffers.touched_beyond() ? margins
                          : buffers.wrote_to_input()          ? read_only
                                                              : trial.check;
      fail(trial, check, buffers.fault());
    } else if (guarded && !buffers.margins_intact()) {
      fail(trial, margins, "writes beside a buffer");
    }
    return verdict_.passed();
  }

  void fail(const Trial& trial, Check check, const std::string& what, const Worst& worst = {}) {
    verdict_.failure = Failure{trial.again ? threads : check,
                               benchmark_name(operation_, variant_, problem_) + " fails '" +
                                   std::string(name_of(check)) + "': " + what,
                               worst};
  }

  const Time begin_ = std::chrono::steady_clock::now();
  const Operation& operation_;
  const Variant& variant_;
  const Runnable& kernel_;
  Problem problem_;  // with the threads of the trial under way
  const Demand& demand_;
  const Machine& machine_ = demand_.machine ? *demand_.machine : this_machine();
  const bool small_ = data_bytes(operation_, problem_) <= most_bytes_kept;
  std::optional<Buffers> buffers_[4];  // by place
  std::map<std::pair<const Fill*, std::uint32_t>, Known> known_;
  double kept_bytes_ = 0;
  std::vector<Element> before_change_;
  int threads_before_change_ = 0;
  Verdict verdict_;
};

}  // namespace

std::string_view name_of(Check check) { return check_names[static_cast<unsigned>(check)]; }

const Reference* References::find(const Key& key) const {
  const auto found = kept_.find(key);
  return found == kept_.end() ? nullptr : &found->second;
}

namespace {

/// A value and a magnitude each.
double bytes_of_reference(std::int64_t elements) {
  return 2.0 * sizeof(double) * static_cast<double>(elements);
}

}  // namespace

bool References::has_room(std::int64_t elements) const {
  return elements <= most_elements_at_once && bytes_ + bytes_of_reference(elements) <= most_bytes_;
}

const Reference& References::keep(const Key& key, Reference reference) {
  bytes_ += bytes_of_reference(std::ssize(reference.value));
  return kept_[key] = std::move(reference);
}

const References::Inputs* References::find_inputs(const Data& data) const {
  const auto found = inputs_.find(data);
  return found == inputs_.end() ? nullptr : &found->second;
}

void References::keep_inputs(const Data& data, const Buffers& buffers) {
  const double bytes = buffers.input_bytes();
  if (bytes_ + bytes > most_bytes_) return;
  bytes_ += bytes;
  inputs_[data] = buffers.copy_inputs();
}

Verdict verify(const Operation& operation, const Variant& variant, const Problem& problem,
               const Demand& demand) {
  const std::string name = benchmark_name(operation, variant, problem);
  const std::optional<Runnable> kernel = Runnable::of(variant);
  if (!kernel) throw std::logic_error(name + " does not run on this CPU");
  const Caller caller(name);
  return Verification(operation, variant, *kernel, problem, demand).run();
}

}  // namespace trilbench
