// The machine as this process may use it, as far as kernels plan by it. Plain data, that tests invent too.
#pragma once

#include <cstdint>

namespace trilbench {

struct Machine {
  // Bytes of the data caches that a thread finds: a core's L1 and its L2, which it may share; of the last
  // level, whichever that is, the part of this process, and all of it. 0: there is none, or it is not known.
  std::int64_t L1 = 0;
  std::int64_t L2 = 0;
  std::int64_t last_level = 0;
  std::int64_t whole_last_level = 0;
};

/// What this process runs on. The system is asked once.
const Machine& this_machine();

}  // namespace trilbench
