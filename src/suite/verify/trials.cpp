#include "suite/verify/trials.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace trilbench {
namespace {

using enum Check;

/// Where time is short the checks that find most for what they cost go first.
int rank(Check check) {
  constexpr Check order[] = {bound,    impulses,  margins, non_finite, causality,
                             integers, read_only, repeats, hard};
  return static_cast<int>(std::ranges::find(order, check) - std::begin(order));
}

/// Check by check; `again`: briefly. Of a library finite values are asked, and nothing else.
std::vector<Trial> by_check(const Operation& operation, const Variant& variant, const Problem& problem,
                            const CheckSet& checks, bool guards, bool again) {
  const bool library = variant.is_library();
  const Place place = guards ? Place::starts_page : Place::aligned;
  std::vector<Trial> trials;
  const auto add = [&](Check check, const Fill* fill, int step, Place at) {
    if (checks.has(check)) trials.push_back({check, problem.threads, again, fill, step, at});
  };
  // Of some series every third, others with each number of threads.
  const auto due = [&](int number) { return !again || (number + problem.threads) % 3 == 0; };
  int hard_fills = 0;
  for (const Check check : {bound, hard, impulses, integers, non_finite}) {
    if (check == non_finite && library) continue;
    for (const Fill& fill : operation.fills) {
      if (fill.check != check || (check == hard && !due(hard_fills++))) continue;
      int rounds = fill.rounds ? fill.rounds(problem) : 1;
      if (again) rounds = std::min(rounds, check == impulses ? brief_impulses : brief_rounds);
      for (int round = 0; round < rounds; ++round) add(check, &fill, round, place);
    }
    if (check == bound && !library) add(bound, &operation.fills[0], 0, Place::shifted);
  }
  if (library) return trials;
  if (operation.change_future)
    for (int time = 0; time < changed_times; ++time)
      for (int value = 0; value < changed_values; ++value)
        if (due(time + value)) add(causality, nullptr, time * changed_values + value, place);
  add(margins, nullptr, 0, Place::ends_page);
  add(margins, nullptr, 0, Place::starts_page);
  add(read_only, nullptr, 0, place);
  add(repeats, nullptr, 0, place);
  return trials;
}

/// What is timed; then the first steps of every check, then the further ones. The indispensable ones lie at
/// the end of a page: where one set of buffers takes long to make, it is the only one.
void order_by_urgency(std::vector<Trial>& trials, const Fill* timed, bool guards) {
  std::ranges::stable_sort(trials, {}, [timed](const Trial& trial) {
    return std::tuple(trial.fill != timed || trial.step > 0, trial.step > 0, rank(trial.check));
  });
  for (Trial& trial : trials) {
    trial.indispensable =
        trial.fill && (&trial == trials.data() || (trial.check == impulses && trial.step == 0));
    if (trial.indispensable && guards) trial.place = Place::ends_page;
  }
}

}  // namespace

bool has_budget(const Demand& demand) { return demand.seconds < std::numeric_limits<double>::infinity(); }

std::vector<Trial> trials_of(const Operation& operation, const Variant& variant, const Problem& problem,
                             const Demand& demand) {
  const bool guards = demand.checks.has(margins) && !variant.is_library();
  std::vector<Trial> trials = by_check(operation, variant, problem, demand.checks, guards, false);
  if (has_budget(demand)) {
    order_by_urgency(trials, demand.first ? demand.first : &operation.fills[0], guards);
    return trials;
  }
  if (!demand.checks.has(threads)) return trials;
  // All of one team after the other: OpenMP ends the threads that a smaller one does not need.
  for (const int team : {2, 3, 4}) {
    Problem divided = problem;
    divided.threads = team;
    if (!why_skipped(operation, variant, divided).empty()) continue;
    const std::vector<Trial> more = by_check(operation, variant, divided, CheckSet::all(), guards, true);
    trials.insert(trials.end(), more.begin(), more.end());
  }
  return trials;
}

}  // namespace trilbench
