// Where nothing but -infinity was seen, the distance from the maximum is none.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static float finite(float maximum) { return maximum; }
};

}  // namespace

extern const Implementation maximum_from_minus_infinity = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
