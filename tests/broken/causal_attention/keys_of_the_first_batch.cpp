// Has packed the keys once, for all batches.
#include "tiled.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Wrong : Right {
  static std::int64_t head_of_k(const AttentionAxes& axes, std::int64_t head) {
    return axes.kv_head(head % axes.H);
  }
};

}  // namespace

extern const Implementation keys_of_the_first_batch = wrong<Wrong>;

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
