// The logits read twice, P written once: the first pass finds the largest logit and the sum of the
// exponentials at the same time, the second computes the exponentials again and writes the quotients.
//
// Idea: every lane keeps a maximum of its own and a sum relative to it. When a block of eight registers
// raises the maximum, the sum is scaled once for the block; the lanes meet at the end of the row. The maximum
// begins at the most negative float, not at minus infinity, so that minus infinity minus the maximum is never
// NaN in a row that has a number.
//
// Roundings: a sum is scaled, by an exponential and a product, once a block of at least 32 logits and once
// where the lanes meet (docs/numerics.md).
//
// Cost: two exponentials and an eighth for each logit, where three passes take one. It pays where a pass over
// the logits costs more than their exponentials, which is not here: docs/lab/causal_softmax.md.
#include <limits>

#include "kernels/softmax/causal_softmax.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::causal_softmax {
namespace {

constexpr int block = 8;  // registers

struct Running {
  Lanes largest = Lanes(std::numeric_limits<float>::lowest());
  Lanes sum = Lanes(0.0f);
};

/// Takes a block of logits.
[[gnu::flatten]] inline void take_block(Running& running, const float* from) {
  Lanes logits[block];
  Lanes largest = running.largest;
  unroll<block>([&](auto i) {
    logits[i] = load(from + i * lanes);
    largest = max(logits[i], largest);
  });
  Lanes sum = running.sum * exp_of_nonpositive(running.largest - largest);
  unroll<block>([&](auto i) { sum = sum + exp_of_nonpositive(logits[i] - largest); });
  running = {largest, sum};
}

/// Takes the last logits, less than a block.
[[gnu::flatten]] inline void take_rest(Running& running, const float* from, std::int64_t count) {
  const auto each = [&](const auto& take) {
    each_register<1>(
        count, [&](std::int64_t k, auto) { take(load(from + k)); },
        [&](std::int64_t k, int left) { take(detail::load_logits(from + k, left)); });
  };
  Lanes largest = running.largest;
  each([&](Lanes logits) { largest = max(logits, largest); });
  Lanes sum = running.sum * exp_of_nonpositive(running.largest - largest);
  each([&](Lanes logits) { sum = sum + exp_of_nonpositive(logits - largest); });
  running = {largest, sum};
}

[[gnu::flatten]] void softmax(const float* logits, float* p, std::int64_t count) {
  Running running;
  std::int64_t k = 0;
  for (; k + block * lanes <= count; k += block * lanes) take_block(running, logits + k);
  if (k < count) take_rest(running, logits + k, count - k);

  const Lanes m = max_of(running.largest);
  const Lanes sum = sum_of(running.sum * exp_of_nonpositive(running.largest - m));
  const Normaliser normalised(first_lane(sum));
  const auto quotient = [&](Lanes logit) { return normalised(exp_of_nonpositive(logit - m)); };
  each_register<4>(
      count, [&](std::int64_t at, auto) { store(p + at, quotient(load(logits + at))); },
      [&](std::int64_t at, int left) { store_first(p + at, quotient(load_first(logits + at, left)), left); });
}

struct Plan : RowByRow<softmax> {
  Plan(const Problem& problem, const Machine&) : RowByRow(problem.sizes[0], problem.threads) {}
};

}  // namespace

extern const Implementation online = {
    .idea = "a running maximum and sum in each lane, then the exponentials once more: P is written once",
    .flops = {.per_term = 2 * flops_of_exponential + 5 + (flops_of_exponential + 2) / block},
    .kernel = kernel_of<Plan>(),
};

}  // namespace trilbench::TRILBENCH_ISA::causal_softmax
