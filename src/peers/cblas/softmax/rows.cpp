#include "kernels/softmax/row_softmax.hpp"
#include "peers/cblas/softmax/softmax.hpp"

namespace trilbench::TRILBENCH_ISA::cblas {
namespace {

void compute(float* logits, std::int64_t rows, std::int64_t count, std::int64_t width, float* sums) {
  for (std::int64_t row = 0; row < rows; ++row, ++count, logits += width) {
    sums[row] = row_softmax(logits, logits, count);
    clear_row(logits + count, width - count);
  }
}

}  // namespace

extern const ::trilbench::cblas::SoftmaxOfRows softmax_of_rows = compute;

}  // namespace trilbench::TRILBENCH_ISA::cblas
