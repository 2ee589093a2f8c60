// Logits are scaled twice: with the queries, and after the product.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static float scaled(float product, double scale) { return product * static_cast<float>(scale * scale); }
};

}  // namespace

extern const Implementation scale_twice = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
