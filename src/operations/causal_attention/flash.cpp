// Tiles of queries and keys, whose weights are made, used and forgotten: memory O(D) a thread. The method and
// its cost: kernels/attention/flash.hpp.
#include "kernels/attention/flash.hpp"
#include "operations/attention.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_attention {
namespace {

struct Plan : FlashAttention<> {
  Plan(const Problem& problem, const Machine& machine)
      : Plan(AttentionAxes(problem), problem.threads, machine) {}
  Plan(const AttentionAxes& axes, int threads, const Caches& caches)
      : FlashAttention(axes.B * axes.H, axes.H / axes.H_kv, axes.T, axes.D, threads, caches) {}
};

}  // namespace

extern const Implementation flash = {
    .idea = "tiles of keys under blocks of queries: no weight outlives its tile, memory O(D)",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_attention
