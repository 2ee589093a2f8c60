// What a verification consists of, and in which order.
#pragma once

#include <vector>

#include "suite/operation.hpp"
#include "suite/variant.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/verify/verify.hpp"

namespace trilbench {

/// A call of the kernel, or a few that are looked at together.
struct Trial {
  Check check;
  int threads;
  bool again;        // with these threads too, for the check `threads`
  const Fill* fill;  // of a check of values; the others take the operation's first
  int step;          // the round of the fill, or which part of the check
  Place place;
  bool indispensable = false;
};

// What has been seen with one number of threads is seen again with others: by every check, in fewer calls.
inline constexpr int brief_impulses = 4;
inline constexpr int brief_rounds = 2;

// `causality` changes what comes after a time to a value: a step for each of both.
inline constexpr int changed_times = 5;
inline constexpr int changed_values = 3;

bool has_budget(const Demand& demand);

std::vector<Trial> trials_of(const Operation& operation, const Variant& variant, const Problem& problem,
                             const Demand& demand);

}  // namespace trilbench
