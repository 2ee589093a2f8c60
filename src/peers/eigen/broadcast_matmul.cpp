// The products as Eigen's users would compute them: one after the other. Eigen chooses by their sizes between
// a plain loop for tiny ones, and its blocked product.
#include "operations/broadcast_matmul/products.hpp"
#include "peers/each_product.hpp"
#include "peers/eigen/library.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

void prepare(const Problem& problem, void*) { set_threads(problem); }

void run(const Problem& problem, const float* const* inputs, float* output, void*) {
  const BroadcastProducts products = tall_products(problem);
  const auto M = products.M, K = products.K, N = products.N;
  each_product(products, inputs, output, [M, K, N](const float* x, const float* y, float* z) {
    View(z, M, N).noalias() = ConstView(x, M, K) * ConstView(y, K, N);
  });
}

constexpr Implementation dense = {
    .operation = "broadcast_matmul",
    .name = "eigen_dense",
    .isa = Isa::peer,
    .idea = "Eigen is asked for each product by itself",
    .flops = product_flops,
    .prepare = prepare,
    .run = run,
};

constexpr const Implementation* rows[] = {&dense};

}  // namespace

extern const EigenRows compiled = {rows, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
