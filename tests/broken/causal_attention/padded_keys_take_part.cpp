// A last tile is filled up with keys of zero, whose weights are in the sum.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t padded(std::int64_t first, std::int64_t T) {
    return std::max<std::int64_t>(first + tile - T, 0);
  }
};

}  // namespace

extern const Implementation padded_keys_take_part = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
