// The arithmetic at its best: each element goes through 512 steps of a = a * 1 + -0 (or 1 * -0 + a), which
// leave every bit as it was, -0, infinities and denormals included. The compiler does not know the constants.
//
// Idea: a block of vectors stays in registers through all its steps. They do not depend on one another, and
// are as many as it takes to fill the multiply-add pipes: two of latency 5, on AArch64 four of latency 4. The
// steps need nothing from memory. What was tried: docs/lab/fma.md.
//
// Cost: 2 flops a step and element (SSE2 multiplies, then adds), 8 bytes an element.
#include <algorithm>

#include "kernels/parallel.hpp"
#include "kernels/quotients.hpp"
#include "simd/lanes.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::machine {
namespace {

constexpr int steps_of_element = 512;
constexpr int most_vectors = registers >= 32 ? 16 : 12;  // beside the constants

const char* refuses(const Problem& problem) {
  return problem.sizes[0] > std::int64_t{problem.threads} << 16
             ? "N > 65536 for each thread: the figure does not depend on N"
             : nullptr;
}

struct Constants {
  float one;
  float minus_zero;
};

Constants hidden_constants() {
  const volatile Constants hidden{1.0f, -0.0f};
  return {hidden.one, hidden.minus_zero};
}

/// One step: a's bits are left as they were. a is the addend where that is what the instruction overwrites:
/// else each step would have to copy the constant first.
Lanes step_of(Lanes a, Lanes one, Lanes minus_zero) {
  if constexpr (fma_overwrites_addend) return fma(one, minus_zero, a);
  return fma(a, one, minus_zero);
}

/// All steps of `vectors` vectors, of which the last has `valid` lanes.
template <int vectors>
[[gnu::flatten]] void run_block(const float* x, float* y, int valid, Constants constants) {
  const Lanes one(constants.one), minus_zero(constants.minus_zero);
  Lanes a[vectors];
  unroll<vectors - 1>([&](auto v) { a[v] = load(x + v * lanes); });
  a[vectors - 1] = load_first(x + (vectors - 1) * lanes, valid);
  for (int step = 0; step < steps_of_element; ++step)
    unroll<vectors>([&](auto v) { a[v] = step_of(a[v], one, minus_zero); });
  unroll<vectors - 1>([&](auto v) { store(y + v * lanes, a[v]); });
  store_first(y + (vectors - 1) * lanes, a[vectors - 1], valid);
}

/// Blocks that differ by one vector at most: a short one would leave the pipes idle.
void run_part(const float* x, float* y, std::int64_t count, Constants constants) {
  const std::int64_t vectors = quotient_above(count, lanes);
  const std::int64_t blocks = quotient_above(vectors, most_vectors);
  for (std::int64_t block = 0; block < blocks; ++block) {
    const std::int64_t first = vectors * block / blocks;
    const std::int64_t end = vectors * (block + 1) / blocks;
    const auto valid = static_cast<int>(std::min<std::int64_t>(count - (end - 1) * lanes, lanes));
    with_constant<most_vectors>(end - first, [&](auto vectors_of_block) {
      run_block<vectors_of_block>(x + first * lanes, y + first * lanes, valid, constants);
    });
  }
}

void run(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Constants constants = hidden_constants();
  parallel(problem.threads, [&](Team team) {
    team.each_part(problem.threads, [&](int part) {
      const Range own = part_of_floats(problem.sizes[0], part, problem.threads);
      run_part(inputs[0] + own.begin, y + own.begin, own.size(), constants);
    });
  });
}

}  // namespace

extern const Implementation fma = {
    .idea = "512 fused multiply-adds an element, in registers",
    .flops = {.per_output = 2 * steps_of_element},
    .kernel = kernel_of_functions<run>(refuses),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
