// prefix_mean with the least of everything: blocks, registers, panels and pieces of one.
#include "kernels/prefix_mean.hpp"
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr PrefixMeanTuning tuning{
    .block_rows = 1, .register_vectors = 1, .panel_vectors = 1, .chunk_bytes = 4};

const char* refuses(const Problem& problem) {
  const bool many_pieces = problem.threads > 1 && SequenceAxes(problem).T > 1000;
  return many_pieces ? "its threads meet after every row: long sequences take minutes" : nullptr;
}

}  // namespace

extern const Implementation prefix_mean_least = TunedPrefixMean<tuning>::row("prefix_mean_least", refuses);

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
