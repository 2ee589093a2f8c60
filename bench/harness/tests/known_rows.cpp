// Ways of causal_mean whose calls take a known time: the harness must report just that. scripts/prove looks.
#include <chrono>
#include <thread>
#include <vector>

#include "harness/run.hpp"

namespace {

using trilbench::Implementation;
using trilbench::Problem;
using Clock = std::chrono::steady_clock;

double elements(const Problem& problem) {
  return static_cast<double>(problem.sizes[0] * problem.sizes[1] * problem.sizes[2]);
}

void mean(const Problem& problem, const float* x, float* y) {
  const std::int64_t B = problem.sizes[0], T = problem.sizes[1], C = problem.sizes[2];
  std::vector<double> sum(C);
  for (std::int64_t b = 0; b < B; ++b) {
    sum.assign(C, 0);
    for (std::int64_t t = 0; t < T; ++t)
      for (std::int64_t c = 0; c < C; ++c)
        *y++ = static_cast<float>((sum[c] += *x++) / static_cast<double>(t + 1));
  }
}

/// Sleeps for most of 2 ms and watches the clock for the rest: a sleeper alone is woken late.
void sleeps_2ms(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(2);
  mean(problem, inputs[0], y);
  std::this_thread::sleep_until(end - std::chrono::microseconds(500));
  while (Clock::now() < end) continue;
}

void spins_20us(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Clock::time_point end = Clock::now() + std::chrono::microseconds(20);
  mean(problem, inputs[0], y);
  while (Clock::now() < end) continue;
}

constexpr Implementation row(const char* name, const char* idea, decltype(Implementation::run) run) {
  return {.operation = "causal_mean",
          .name = name,
          .isa = trilbench::Isa::scalar,
          .idea = idea,
          .flops = elements,
          .run = run};
}

constexpr Implementation sleeping = row("sleeps_2ms", "returns after 2 ms, asleep", sleeps_2ms);
constexpr Implementation spinning = row("spins_20us", "returns after 20 us, awake", spins_20us);
constexpr const Implementation* rows[] = {&sleeping, &spinning};

}  // namespace

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {.operation = "causal_mean", .quick = {"2x8x4"}, .full = {"2x8x4"}, .rows = rows}, argc, argv);
}
