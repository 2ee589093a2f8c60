// The verifier: an implementation against its operation's reference, laws and bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "suite/verify/compare.hpp"
#include "suite/implementation.hpp"
#include "suite/operation.hpp"

namespace trilbench {

std::string_view name_of(Check check);

/// Which checks run.
class CheckSet {
 public:
  static CheckSet all() { return CheckSet((1u << check_count) - 1); }
  static CheckSet none() { return CheckSet(0); }
  static CheckSet only(Check check) { return CheckSet(bit(check)); }
  CheckSet without(Check check) const { return CheckSet(bits_ & ~bit(check)); }
  bool has(Check check) const { return (bits_ & bit(check)) != 0; }

 private:
  explicit CheckSet(unsigned bits) : bits_(bits) {}
  static unsigned bit(Check check) { return 1u << static_cast<unsigned>(check); }
  unsigned bits_;
};

struct Failure {
  Check check;          // `threads`: another one failed, with more threads than one
  std::string message;  // what, where, expected, got: one line
  Worst worst;
};

struct Verdict {
  double error_over_bound = 0;  // the worst over all comparisons against the bound
  std::optional<Failure> failure;
  bool passed() const { return !failure; }
};

/// Runs the checks on one row and one problem, stopping at the first failure. Each runs with the problem's
/// own number of threads; `threads` runs all others with 2, 3 and 4, whichever `checks` holds. Every call
/// finds an output full of NaN and (but in `repeats`) a freshly prepared workspace. `round` moves the random
/// data and the impulses. The row must run on this CPU and take the problem. Throws std::runtime_error if
/// memory cannot be had.
Verdict verify(const Operation& operation, const Implementation& row, const Problem& problem,
               CheckSet checks = CheckSet::all(), std::uint32_t round = 0);

}  // namespace trilbench
