// Two neighbouring heads have each other's values.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t head_of_v(const AttentionAxes& axes, std::int64_t head) {
    const std::int64_t of_v = axes.kv_head(head);
    return std::min(of_v ^ 1, axes.B * axes.H_kv - 1);
  }
};

}  // namespace

extern const Implementation heads_swapped = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
