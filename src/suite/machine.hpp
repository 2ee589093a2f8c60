// The machine as this process may use it: what kernels plan by, and what a result tells of it. Plain data.
#pragma once

#include <cstdint>

namespace trilbench {

struct Machine {
  // Bytes of the data caches that one thread has to itself: a core's L1 and L2; of the last level this
  // process's share, whatever level that is. 0: there is none, or it is not known.
  std::int64_t L1 = 0;
  std::int64_t L2 = 0;
  std::int64_t last_level = 0;
};

}  // namespace trilbench
