// Whether a variant is right: one engine for the tests and for what is timed, over problems, threads,
// placements of the buffers and fills.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "suite/machine.hpp"
#include "suite/machine/process.hpp"
#include "suite/operation.hpp"
#include "suite/variant.hpp"
#include "suite/verify/compare.hpp"

namespace trilbench {

class Buffers;

std::string_view name_of(Check check);

/// Which checks run.
class CheckSet {
 public:
  static CheckSet all() { return CheckSet((1u << check_count) - 1); }
  static CheckSet only(Check check) { return of({check}); }
  static CheckSet of(std::initializer_list<Check> checks) {
    CheckSet set(0);
    for (const Check check : checks) set.bits_ |= bit(check);
    return set;
  }
  CheckSet without(Check check) const { return CheckSet(bits_ & ~bit(check)); }
  bool has(Check check) const { return (bits_ & bit(check)) != 0; }

 private:
  explicit CheckSet(unsigned bits) : bits_(bits) {}
  static unsigned bit(Check check) { return 1u << static_cast<unsigned>(check); }
  unsigned bits_;
};

/// References that the verifications of several variants on one problem share, and inputs that were drawn:
/// made by the first, kept as far as a sixteenth of the memory that is available holds them, and 384 MiB.
class References {
 public:
  // The data, their round, how many rows, and the seed that chose them.
  using Key = std::tuple<const Fill*, std::uint32_t, std::int64_t, std::uint32_t>;

  const Reference* find(const Key& key) const;
  bool has_room(std::int64_t elements) const;
  const Reference& keep(const Key& key, Reference reference);

  using Data = std::pair<const Fill*, std::uint32_t>;
  using Inputs = std::vector<std::vector<Element>>;
  const Inputs* find_inputs(const Data& data) const;
  /// If there is room.
  void keep_inputs(const Data& data, const Buffers& buffers);

 private:
  double most_bytes_ = std::min(384.0 * (1 << 20), available_memory() / 16);
  double bytes_ = 0;
  std::map<Data, Inputs> inputs_;
  std::map<Key, Reference> kept_;
};

struct Demand {
  CheckSet checks = CheckSet::all();
  std::uint32_t round = 0;  // moves the random data and the impulses
  /// Once it is spent no further trial begins, but for the indispensable ones: the first, and the first round
  /// of each fill of impulses. With a budget the trials that find most come first, and `threads` is left out:
  /// what is timed has one number of threads.
  double seconds = std::numeric_limits<double>::infinity();
  const Fill* first = nullptr;            // the fill to try first: what a benchmark times
  const Element* const* drawn = nullptr;  // if not null: what that fill gives for the round
  References* references = nullptr;       // if not null: those of verifications that ask for the same round
  /// Of an output, compared with the reference; of more, a sample drawn afresh for each trial. (Under a
  /// budget less, if the reference would take several times as long as that.)
  std::int64_t most_rows = std::numeric_limits<std::int64_t>::max();
  const Machine* machine = nullptr;  // nullptr: this_machine(); tests give invented ones
};

struct Failure {
  Check check;          // `threads`: another one failed, with more threads than the problem has
  std::string message;  // what, where, expected, got: one line
  Worst worst;
};

struct Verdict {
  double error_over_bound = 0;  // the worst over all comparisons against the bound
  std::optional<Failure> failure;
  int trials = 0;         // inputs compared
  std::int64_t rows = 0;  // of an output that were compared, where they were fewest
  bool passed() const { return !failure; }
};

/// Runs the checks on one variant and one problem, stopping at the first failure. Each runs with the
/// problem's own number of threads; `threads` runs all others with 2, 3 and 4, whichever `checks` holds.
/// Every call finds an output full of NaN and (but in `read_only` and `repeats`) a freshly prepared
/// workspace, and as long as `margins` are asked for, pages that may not be touched beside its buffers. Of a
/// library only the values are asked, and no exact bits nor what it makes of NaN and infinities. Memory:
/// about what the problem itself takes, 64 MiB for a reference, and what References keep. The variant must
/// run on this CPU and take the problem. Throws std::runtime_error if memory cannot be had.
Verdict verify(const Operation& operation, const Variant& variant, const Problem& problem,
               const Demand& demand = {});

}  // namespace trilbench
