// A query looks at all keys of the tile that it ends in, those of its future too.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t keys(std::int64_t t, std::int64_t T) { return std::min(T, (t / tile + 1) * tile); }
};

}  // namespace

extern const Implementation mask_by_tile = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
