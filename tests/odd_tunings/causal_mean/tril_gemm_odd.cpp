// tril_gemm with tiles of sizes that divide nothing.
#include "../tuned.hpp"
#include "kernels/triangular_gemm.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

constexpr TriangularGemmTuning tuning{.tile_rows = 5, .tile_vectors = 3, .cached_bytes = 10000};

}  // namespace

extern const Implementation tril_gemm_odd = TunedTrilGemm<tuning>::row("tril_gemm_odd");

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
