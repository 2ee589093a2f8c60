// prefix_mean with the least of everything: blocks, registers and pieces of one, panels of three.
#include "tuned.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

const char* refuses(const Problem& problem) {
  const bool many_pieces = problem.threads > 1 && SequenceAxes(problem).T > 1000;
  return many_pieces ? "its threads meet after every row: long sequences take minutes" : nullptr;
}

constexpr PrefixMeanTuning tuning{.block_rows = 1, .register_vectors = 1, .panel_vectors = 3};

}  // namespace

extern const Implementation prefix_mean_least =
    tuned_prefix_mean<tuning, caches_of(8, Caches().past_caches)>(refuses);

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
