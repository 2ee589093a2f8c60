// Calls that take a known time, which the harness must report; scripts/prove looks.
#include <chrono>
#include <thread>

#include "causal_mean.hpp"

namespace {

using namespace trilbench::bench;
using trilbench::Problem;
using Clock = std::chrono::steady_clock;

/// Sleeps for most of 2 ms and watches the clock for the rest: a sleeper alone is woken late.
void sleeps_2ms(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(2);
  mean(problem, inputs, y);
  std::this_thread::sleep_until(end - std::chrono::microseconds(500));
  while (Clock::now() < end) continue;
}

void spins_20us(const Problem& problem, const float* const* inputs, float* y, void*) {
  const Clock::time_point end = Clock::now() + std::chrono::microseconds(20);
  mean(problem, inputs, y);
  while (Clock::now() < end) continue;
}

constexpr trilbench::Variant variants[] = {
    variant("sleeps_2ms", implementation<sleeps_2ms>),
    variant("spins_20us", implementation<spins_20us>),
};

}  // namespace

int main(int argc, char** argv) { return run_causal_mean(variants, {"2x8x4"}, argc, argv); }
