// Broken kernels, problems, and the checks that see what is wrong with them there. Each operation that has
// any registers them: tests/broken/<operation>.cpp, beside the folder with their code.
#pragma once

#include <initializer_list>
#include <vector>

#include "suite/verify/verify.hpp"

namespace broken {

using enum trilbench::Check;
using Checks = std::vector<trilbench::Check>;

/// A kernel, and problems on which the same checks see it: a small one and a large one.
struct Kernel {
  const char* name;
  std::vector<const char*> shapes;
  Checks seen_by;
  Checks seen_with_threads = {};  // of a kernel that only `threads` sees: by which of the others there
};

/// One of the problems.
struct Case {
  const char* operation;
  const char* shape;
  Kernel kernel;
};

/// Makes cases of them.
struct Kernels {
  Kernels(const char* operation, std::initializer_list<Kernel> kernels);
};
const std::vector<Case>& cases();

// What looks at the values of one call, in whatever way they are wrong.
inline const Checks any_value{bound, hard, impulses, integers, non_finite};

// The same, where values of the future are taken for the past.
inline const Checks any_value_and_causality{bound, hard, impulses, integers, non_finite, causality};

// What calls a kernel on one thread, in whatever way.
inline const Checks any_call{bound,     hard,    impulses,  integers, non_finite,
                             causality, margins, read_only, repeats};

}  // namespace broken
