// What the harness must catch, skip or pass; tests/test_bench_binary.py says which is which.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "causal_mean.hpp"
#include "suite/floating_point_mode.hpp"

namespace {

using namespace trilbench::bench;
using trilbench::Problem;

/// Whether more calls were made than the plan and any verification make.
class Calls {
 public:
  bool are_many(const Problem& problem) { return ++made_ > 1000 + 1'000'000 / elements(problem); }

 private:
  std::int64_t made_ = 0;
};

void wrong_last(const Problem& problem, const float* const* inputs, float* y, void*) {
  mean(problem, inputs, y);
  y[elements(problem) - 1] += 1;
}

// Skips missing values: right on numbers.
void swallows_nan(const Problem& problem, const float* const* inputs, float* y, void*) {
  std::vector<float> x(inputs[0], inputs[0] + elements(problem));
  std::replace_if(
      x.begin(), x.end(), [](float value) { return std::isnan(value); }, 0.0f);
  const float* const numbers = x.data();
  mean(problem, &numbers, y);
}

// Wrong only while it is timed.
void wrong_late(const Problem& problem, const float* const* inputs, float* y, void* scratch) {
  static Calls calls;
  if (!calls.are_many(problem)) return mean(problem, inputs, y);
  wrong_last(problem, inputs, y, scratch);
}

// Learns the timed output and gives it back for ever: right until the inputs change.
void memorised(const Problem& problem, const float* const* inputs, float* y, void*) {
  static Calls calls;
  static std::vector<float> memory;
  if (!memory.empty()) {
    std::copy(memory.begin(), memory.end(), y);
    return;
  }
  mean(problem, inputs, y);
  if (calls.are_many(problem)) memory.assign(y, y + elements(problem));
}

// Leaves its last output standing when it is asked the same again: right as long as nobody wipes it out.
void skips(const Problem& problem, const float* const* inputs, float* y, void*) {
  static std::vector<float> last;
  std::vector<float> asked(inputs[0], inputs[0] + elements(problem));
  if (asked == last) return;
  last = std::move(asked);
  mean(problem, inputs, y);
}

void changes_mode(const Problem& problem, const float* const* inputs, float* y, void*) {
  mean(problem, inputs, y);
#if defined(__x86_64__)
  constexpr std::uint64_t flush_to_zero = 0x8000;
#else
  constexpr std::uint64_t flush_to_zero = 1 << 24;
#endif
  trilbench::set_floating_point_mode(trilbench::floating_point_mode() | flush_to_zero);
}

// A nanosecond for every element, whatever the machine.
void sleeps(const Problem& problem, const float* const* inputs, float* y, void*) {
  mean(problem, inputs, y);
  std::this_thread::sleep_for(std::chrono::nanoseconds(elements(problem)));
}

// Wrong from the second call of a workspace on, and so slow that no verification has time for one, and that
// each call is a repetition.
std::size_t bytes_of_count(const Problem&) { return sizeof(int); }

void begin_count(const Problem&, void* count) { *static_cast<int*>(count) = 0; }

void wrong_again(const Problem& problem, const float* const* inputs, float* y, void* count) {
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
  mean(problem, inputs, y);
  if (++*static_cast<int*>(count) > 1) y[elements(problem) - 1] += 1;
}

// What ends a program that does not look after itself. Late, so that the plan and the verification pass.

void reads_nowhere() {
  volatile std::uintptr_t nowhere = 64;
  static_cast<void>(*reinterpret_cast<const volatile float*>(nowhere));
}

void reads_nowhere_in_a_team() {
#pragma omp parallel num_threads(2)
  if (omp_get_thread_num() == 1) reads_nowhere();
}

#if defined(__x86_64__)

void stores_misaligned() {
  alignas(16) static float room[8];
  asm volatile("movaps %%xmm0, (%0)" : : "r"(room + 1) : "memory");
}

void divides_by_zero() {
  int dividend = 1;
  asm volatile("cltd; idivl %1" : "+a"(dividend) : "r"(0) : "edx", "cc");
}

void executes_nothing_known() { asm volatile("ud2"); }

#elif defined(__aarch64__)

void executes_nothing_known() { asm volatile("udf #0"); }

#endif

template <void fault()>
void faults_late(const Problem& problem, const float* const* inputs, float* y, void*) {
  static Calls calls;
  if (calls.are_many(problem)) fault();
  mean(problem, inputs, y);
}

void faults_at_once(const Problem&, const float* const*, float*, void*) { reads_nowhere(); }

std::size_t too_many_bytes(const Problem&) { return std::size_t{1} << 60; }

// Asks for more memory than there is once it has run: between the plan, which runs it, and the measurement
// the memory was taken by somebody else.
bool has_run = false;

void mean_once(const Problem& problem, const float* const* inputs, float* y, void*) {
  has_run = true;
  mean(problem, inputs, y);
}

std::size_t too_many_bytes_later(const Problem&) { return has_run ? std::size_t{1} << 60 : 0; }

const char* refuses_odd(const Problem& problem) {
  return problem.sizes[2] % 2 ? "takes even C only" : nullptr;
}

constexpr trilbench::Variant variants[] = {
#if defined(__x86_64__) || defined(__aarch64__)
    variant("illegal_late", implementation<faults_late<executes_nothing_known>>),
#endif
#if defined(__x86_64__)
    variant("dividing_late", implementation<faults_late<divides_by_zero>>),
    variant("misaligned_late", implementation<faults_late<stores_misaligned>>),
#endif
    variant("changing_mode", implementation<changes_mode>),
    variant("faulting_at_once", implementation<faults_at_once>),
    variant("faulting_in_a_team", implementation<faults_late<reads_nowhere_in_a_team>>),
    variant("faulting_late", implementation<faults_late<reads_nowhere>>),
    variant("growing", implementation<mean_once, too_many_bytes_later>),
    variant("hungry", implementation<mean, too_many_bytes>),
    variant("memorising", implementation<memorised>),
    variant("picky", implementation<mean, nullptr, refuses_odd>),
    variant("right", implementation<mean>),
    variant("skipping", implementation<skips>),
    variant("sleeping", implementation<sleeps>),
    variant("swallowing", implementation<swallows_nan>),
    variant("wrong", implementation<wrong_last>),
    variant("wrong_again", implementation<wrong_again, bytes_of_count, nullptr, begin_count>),
    variant("wrong_later", implementation<wrong_late>),
};

}  // namespace

int main(int argc, char** argv) { return run_causal_mean(variants, {"2x8x4"}, argc, argv); }
