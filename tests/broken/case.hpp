// A broken kernel, a problem, and the checks that see what is wrong with it there.
#pragma once

#include <vector>

#include "suite/verify/verify.hpp"

namespace broken {

using Checks = std::vector<trilbench::Check>;

struct Case {
  const char* operation;
  const char* kernel;
  const char* shape;
  Checks seen_by;
  Checks seen_with_threads = {};  // of a kernel that only `threads` sees: by which of the others there
};

// What looks at the values of one call, in whatever way they are wrong.
inline const Checks any_value{trilbench::Check::bound, trilbench::Check::hard, trilbench::Check::impulses,
                              trilbench::Check::integers, trilbench::Check::non_finite};

// What calls a kernel on one thread, in whatever way.
inline const Checks any_call{
    trilbench::Check::bound,    trilbench::Check::hard,       trilbench::Check::impulses,
    trilbench::Check::integers, trilbench::Check::non_finite, trilbench::Check::causality,
    trilbench::Check::margins,  trilbench::Check::read_only,  trilbench::Check::repeats};

}  // namespace broken
