// Of more than a tile of keys those are forgotten that fill no tile.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t keys(std::int64_t t, std::int64_t) { return t < tile ? t + 1 : (t + 1) / tile * tile; }
};

}  // namespace

extern const Implementation last_keys_dropped = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
