// tril_gemm with tiles of one row and one vector.
#include "tuned.hpp"

#include "kernels/triangular_gemm.hpp"

namespace trilbench::TRILBENCH_ISA::tril_matmul {
namespace {

constexpr TriangularGemmTuning tuning{
    .tile_rows = 1, .tile_vectors = 1, .narrow_rows = 1, .cached_bytes = 1, .together_bytes = 1};

}  // namespace

extern const Implementation tril_gemm_least = TunedTrilGemm<tuning>::row("tril_gemm_least");

}  // namespace trilbench::TRILBENCH_ISA::tril_matmul
