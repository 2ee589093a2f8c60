// The products as OpenBLAS's users would compute them: one call of sgemm for each, or one of sgemm_batch for
// all, which newer versions have, and which is told of each product's matrices by pointers.
#include <algorithm>
#include <limits>

#include "peers/each_product.hpp"
#include "peers/openblas/library.hpp"
#include "peers/peer.hpp"

namespace trilbench {
namespace {

const char* refuses(const Problem& problem) {
  const TallProducts products(problem);
  return openblas::refuses(problem, std::max({products.M, products.K, products.N}));
}

const char* refuses_batch(const Problem& problem) {
  if (const char* const why = refuses(problem)) return why;
  if (!openblas::library().sgemm_batch) return "this OpenBLAS has no cblas_sgemm_batch";
  if (TallProducts(problem).count() > std::numeric_limits<int>::max()) return "this BLAS counts with 32 bits";
  return nullptr;
}

class OneByOne {
 public:
  OneByOne(const Problem& problem, const Machine&) : problem_(problem), products_(problem) {}

  void prepare(void*) const { openblas::set_threads(problem_); }

  void run(const float* const* inputs, float* output, void*) const {
    each_product(products_, inputs, output, [this](const float* x, const float* y, float* z) {
      openblas::multiply(products_.M, products_.N, products_.K, x, y, z);
    });
  }

 protected:
  Problem problem_;
  TallProducts products_;
};

class AtOnce : public OneByOne {
 public:
  using OneByOne::OneByOne;

  std::size_t scratch_bytes() const {
    return 3 * static_cast<std::size_t>(products_.count()) * sizeof(float*);
  }

  void run(const float* const* inputs, float* output, void* scratch) const {
    const std::int64_t count = products_.count();
    const float** const of_X = static_cast<const float**>(scratch);
    const float** const of_Y = of_X + count;
    float** const of_Z = static_cast<float**>(scratch) + 2 * count;
    std::int64_t i = 0;
    each_product(products_, inputs, output, [&](const float* x, const float* y, float* z) {
      of_X[i] = x;
      of_Y[i] = y;
      of_Z[i++] = z;
    });
    openblas::multiply_batch(products_.M, products_.N, products_.K, of_X, of_Y, of_Z, count);
  }
};

constexpr Implementation sgemm = {
    .idea = "OpenBLAS is asked for each product by a call of its own",
    .flops = {.per_term = 2},
    .kernel = kernel_of<OneByOne>(refuses),
};

constexpr Implementation sgemm_batch = {
    .idea = "OpenBLAS is asked for all products by one call, with pointers to their matrices",
    .flops = {.per_term = 2},
    .kernel = kernel_of<AtOnce>(refuses_batch),
};

constexpr Variant variants[] = {{"broadcast_matmul", "openblas_sgemm", std::nullopt, &sgemm},
                                {"broadcast_matmul", "openblas_sgemm_batch", std::nullopt, &sgemm_batch}};

}  // namespace

std::span<const Variant> peer_variants() { return variants; }

}  // namespace trilbench
