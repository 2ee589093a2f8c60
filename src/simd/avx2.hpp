// AVX2 with FMA: eight lanes.
#pragma once

namespace trilbench::TRILBENCH_ISA {

inline constexpr int registers = 16;

}  // namespace trilbench::TRILBENCH_ISA

#include "simd/avx2_lanes.hpp"
