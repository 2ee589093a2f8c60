// A product that is NaN counts as masked.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static float scaled(float product, double scale) {
    return std::isnan(product) ? begin : product * static_cast<float>(scale);
  }
};

}  // namespace

extern const Implementation swallows_nan = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
