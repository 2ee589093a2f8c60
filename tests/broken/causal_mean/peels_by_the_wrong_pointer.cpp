// Walks up to the first aligned element of x one by one, and takes y to be aligned there too: right wherever
// both are aligned alike.
#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto behind = [](const float* pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer) / sizeof(float) % 4;
  };
  right_means(problem, inputs[0], y);
  if (behind(inputs[0]) != behind(y)) y[0] = 0;
}

}  // namespace

extern const Implementation peels_by_the_wrong_pointer = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
