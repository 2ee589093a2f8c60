// What was compiled for several instruction sets, where the library that is measured brings none of its own.
#pragma once

#include <span>

#include "suite/isa.hpp"

namespace trilbench {

template <class Compiled>
struct ForSet {
  Isa isa;
  const Compiled* compiled;
};

/// Of the sets that this CPU has the most able, which comes last: no code of another is reached.
template <class Compiled>
const ForSet<Compiled>& best_set(std::span<const ForSet<Compiled>> sets) {
  const ForSet<Compiled>* best = sets.data();
  for (const ForSet<Compiled>& it : sets)
    if (why_unsupported(it.isa).empty()) best = &it;
  return *best;
}

}  // namespace trilbench
