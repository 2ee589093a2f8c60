// The products as OpenBLAS's users would compute them: one call of sgemm for each, or one of sgemm_batch for
// all, which newer versions have, and which is told of each product's matrices by pointers.
#include <algorithm>
#include <limits>

#include "operations/broadcast_matmul/products.hpp"
#include "peers/each_product.hpp"
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

const char* refuses(const Problem& problem) {
  const BroadcastProducts products = tall_products(problem);
  return openblas::refuses(problem, std::max({products.M, products.K, products.N}));
}

const char* refuses_batch(const Problem& problem) {
  if (const char* const why = refuses(problem)) return why;
  if (!openblas::library().sgemm_batch) return "this OpenBLAS has no cblas_sgemm_batch";
  if (tall_products(problem).count() > std::numeric_limits<int>::max())
    return "this BLAS counts with 32 bits";
  return nullptr;
}

void prepare(const Problem& problem, void*) { openblas::library().set_num_threads(problem.threads); }

void run(const Problem& problem, const float* const* inputs, float* output, void*) {
  const BroadcastProducts products = tall_products(problem);
  each_product(products, inputs, output, [&products](const float* x, const float* y, float* z) {
    openblas::multiply(products.M, products.N, products.K, x, y, z);
  });
}

std::size_t pointer_bytes(const Problem& problem) {
  return 3 * static_cast<std::size_t>(tall_products(problem).count()) * sizeof(float*);
}

void run_batch(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const BroadcastProducts products = tall_products(problem);
  const float** const of_X = static_cast<const float**>(workspace);
  const float** const of_Y = of_X + products.count();
  float** const of_Z = static_cast<float**>(workspace) + 2 * products.count();
  std::int64_t i = 0;
  each_product(products, inputs, output, [&](const float* x, const float* y, float* z) {
    of_X[i] = x;
    of_Y[i] = y;
    of_Z[i++] = z;
  });
  openblas::multiply_batch(products.M, products.N, products.K, of_X, of_Y, of_Z, products.count());
}

constexpr Implementation sgemm = {
    .operation = "broadcast_matmul",
    .name = "openblas_sgemm",
    .isa = Isa::peer,
    .idea = "OpenBLAS is asked for each product by a call of its own",
    .refuses = refuses,
    .flops = product_flops,
    .prepare = prepare,
    .run = run,
};

constexpr Implementation sgemm_batch = {
    .operation = "broadcast_matmul",
    .name = "openblas_sgemm_batch",
    .isa = Isa::peer,
    .idea = "OpenBLAS is asked for all products by one call, with pointers to their matrices",
    .refuses = refuses_batch,
    .workspace_bytes = pointer_bytes,
    .flops = product_flops,
    .prepare = prepare,
    .run = run_batch,
};

constexpr const Implementation* rows[] = {&sgemm, &sgemm_batch};

}  // namespace

std::span<const Implementation* const> peer_rows() { return rows; }

}  // namespace trilbench
