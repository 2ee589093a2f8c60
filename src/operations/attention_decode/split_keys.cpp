// The caches read once, tile by tile, for all queries of their group; keys are split among threads where
// there are few caches. The method and its cost: kernels/attention/decode.hpp.
#include "kernels/attention/decode.hpp"
#include "operations/attention_decode/cache.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::attention_decode {
namespace {

struct Plan : AttentionDecode<> {
  Plan(const Problem& problem, const Machine& machine)
      : Plan(DecodeAxes(problem), problem.threads, machine) {}
  Plan(const DecodeAxes& axes, int threads, const Machine& machine)
      : AttentionDecode({axes.caches(), axes.group(), axes.T, axes.capacity(), axes.D},
                        static_cast<float>(attention_scale(axes.D)), threads, machine) {}
};

}  // namespace

extern const Implementation split_keys = {
    .idea =
        "each cache read once, tile by tile, for all its queries; split among threads where caches are few",
    .flops = {.per_term = 4, .per_weight = flops_of_exponential + 3},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::attention_decode
