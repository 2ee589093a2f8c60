// Hands the sum of the first half on in a packed format, with fewer bits: an error smaller than what the
// bound allows for by then, and none at all for single terms. But sums that fit 24 bits must come out exact.
#include <algorithm>
#include <bit>

#include "../mean.hpp"

namespace trilbench::TRILBENCH_ISA::causal_mean {
namespace {

float without_low_bits(float value, int bits) {
  return std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & ~((1u << bits) - 1));
}

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const auto [B, T, C] = SequenceAxes(problem);
  const int bits = std::max(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(T))) - 4,
                            0);  // T / 2 roundings hide them
  each_column(problem, inputs[0], y, [&, T = T, C = C](const float* from, float* to) {
    const float carry = mean_of_rows(from, to, C, 0, T / 2, 0.0f);
    mean_of_rows(from, to, C, T / 2, T, without_low_bits(carry, bits));
  });
}

}  // namespace

extern const Implementation low_precision_carry = wrong<run>;

}  // namespace trilbench::TRILBENCH_ISA::causal_mean
