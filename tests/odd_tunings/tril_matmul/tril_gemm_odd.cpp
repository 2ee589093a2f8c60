// tril_gemm with tiles of sizes that divide nothing.
#include "tuned.hpp"

#include "kernels/triangular_gemm.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

constexpr TriangularGemmTuning tuning{
    .tile_rows = 5, .tile_vectors = 3, .narrow_rows = 7, .cached_bytes = 10000, .together_bytes = 3000};

}  // namespace

extern const Implementation tril_gemm_odd = TunedTrilGemm<tuning>::row("tril_gemm_odd");

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
