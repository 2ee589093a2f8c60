// The products as Eigen's users would compute them: one after the other. Eigen chooses by their sizes between
// a plain loop for tiny ones, and its blocked product.
#include "peers/each_product.hpp"
#include "peers/eigen/library.hpp"

namespace trilbench::TRILBENCH_ISA::eigen {
namespace {

class Dense {
 public:
  Dense(const Problem& problem, const Machine&) : products_(problem), threads_(problem.threads) {}

  void prepare(void*) const { Eigen::setNbThreads(threads_); }

  void run(const float* const* inputs, float* output, void*) const {
    const auto M = products_.M, K = products_.K, N = products_.N;
    each_product(products_, inputs, output, [M, K, N](const float* x, const float* y, float* z) {
      View(z, M, N).noalias() = ConstView(x, M, K) * ConstView(y, K, N);
    });
  }

 private:
  TallProducts products_;
  int threads_;
};

constexpr Implementation dense = {
    .idea = "Eigen is asked for each product by itself",
    .flops = {.per_term = 2},
    .kernel = kernel_of<Dense>(),
};

constexpr Variant variants[] = {{"broadcast_matmul", "eigen_dense", std::nullopt, &dense}};

}  // namespace

extern const EigenVariants compiled = {variants, Eigen::SimdInstructionSetsInUse};

}  // namespace trilbench::TRILBENCH_ISA::eigen
