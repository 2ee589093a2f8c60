// Divides by the sum of weights as it was before the last tile.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static float normaliser(float sum, float before) { return before > 0 ? before : sum; }
};

}  // namespace

extern const Implementation sum_before_the_last_tile = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
