// The tiles of triangular products (triangular_gemm.hpp), compiled once for all kernels that multiply by
// them: of many heights and widths, they take longer to compile than all else in a kernel.
#include "kernels/gemm/triangular_gemm.hpp"

namespace trilbench::TRILBENCH_ISA {

template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true}>(std::int64_t, std::int64_t);
template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true, .next = true}>(std::int64_t,
                                                                                     std::int64_t);
template MultiplyTiles tiles_of<TileTuning{}, Tile{.narrow = true, .staircase = true}>(std::int64_t,
                                                                                       std::int64_t);
template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true, .scales = true}>(std::int64_t,
                                                                                       std::int64_t);
template MultiplyTiles tiles_of<TileTuning{}, Tile{.staircase = true, .scales = true, .next = true}>(
    std::int64_t, std::int64_t);
template MultiplyTiles tiles_of<TileTuning{}, Tile{.narrow = true, .staircase = true, .scales = true}>(
    std::int64_t, std::int64_t);

}  // namespace trilbench::TRILBENCH_ISA
