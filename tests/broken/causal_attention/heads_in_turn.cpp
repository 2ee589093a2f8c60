// Takes the heads of keys in turn, where neighbouring heads of queries share one.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t head_of_k(const AttentionAxes& axes, std::int64_t head) {
    return head / axes.H * axes.H_kv + head % axes.H_kv;
  }
};

}  // namespace

extern const Implementation heads_in_turn = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
