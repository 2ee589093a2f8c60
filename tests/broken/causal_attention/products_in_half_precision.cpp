// Keeps eleven bits of each product of a query and a key.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static float scaled(float product, double scale) {
    const float low_bits = product * 0x1.0008p13f;
    const float kept = std::isfinite(low_bits) ? low_bits - (low_bits - product) : product;
    return kept * static_cast<float>(scale);
  }
};

}  // namespace

extern const Implementation products_in_half_precision = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
