// Ways of causal_mean whose calls take a known time: the harness must report just that. scripts/prove looks.
#include <chrono>
#include <thread>

#include "harness/run.hpp"
#include "harness/tests/plain_mean.hpp"

namespace {

using trilbench::Implementation;
using trilbench::Problem;
using trilbench::bench::elements;
using trilbench::bench::plain_mean;
using Clock = std::chrono::steady_clock;

/// Sleeps for most of 2 ms and watches the clock for the rest: a sleeper alone is woken late.
void sleeps_2ms(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(2);
  plain_mean(problem, inputs[0], y);
  std::this_thread::sleep_until(end - std::chrono::microseconds(500));
  while (Clock::now() < end) continue;
}

void spins_20us(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Clock::time_point end = Clock::now() + std::chrono::microseconds(20);
  plain_mean(problem, inputs[0], y);
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
