// Ways of causal_mean that the harness must catch, skip or pass; tests/test_bench_binary.py says which is
// which.
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>
#include <vector>

#include "harness/run.hpp"
#include "harness/tests/plain_mean.hpp"
#include "suite/floating_point_mode.hpp"

namespace {

using trilbench::Implementation;
using trilbench::Problem;
using trilbench::bench::elements;
using trilbench::bench::plain_mean;

void mean(const Problem& problem, const float* const* inputs, float* y, void*) {
  plain_mean(problem, inputs[0], y);
}

void wrong_last(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  mean(problem, inputs, y, workspace);
  y[static_cast<std::int64_t>(elements(problem)) - 1] += 1;
}

// Skips missing values: right on numbers.
void swallows_nan(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  std::vector<float> x(inputs[0], inputs[0] + static_cast<std::int64_t>(elements(problem)));
  std::replace_if(
      x.begin(), x.end(), [](float value) { return std::isnan(value); }, 0.0f);
  const float* const numbers = x.data();
  mean(problem, &numbers, y, workspace);
}

// Wrong only while it is timed: right for as many calls as any verification makes.
void wrong_late(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  static int calls = 0;
  if (++calls < 1000) return mean(problem, inputs, y, workspace);
  wrong_last(problem, inputs, y, workspace);
}

// Learns the timed output and gives it back for ever: right until the inputs change.
void memorised(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  static int calls = 0;
  static std::vector<float> memory;
  if (++calls <= 1000) mean(problem, inputs, y, workspace);
  if (calls == 1000) memory.assign(y, y + static_cast<std::int64_t>(elements(problem)));
  if (calls > 1000) std::copy(memory.begin(), memory.end(), y);
}

// Leaves its last output standing when it is asked the same again: right as long as nobody wipes it out.
void skips(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  static std::vector<float> last;
  std::vector<float> asked(inputs[0], inputs[0] + static_cast<std::int64_t>(elements(problem)));
  if (asked == last) return;
  last = std::move(asked);
  mean(problem, inputs, y, workspace);
}

void changes_mode(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  mean(problem, inputs, y, workspace);
#if defined(__x86_64__)
  constexpr std::uint64_t flush_to_zero = 0x8000;
#else
  constexpr std::uint64_t flush_to_zero = 1 << 24;
#endif
  trilbench::set_floating_point_mode(trilbench::floating_point_mode() | flush_to_zero);
}

// A nanosecond for every element, whatever the machine.
void sleeps(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  mean(problem, inputs, y, workspace);
  std::this_thread::sleep_for(std::chrono::nanoseconds(static_cast<std::int64_t>(elements(problem))));
}

// What ends a program that does not look after itself. Late, so that the plan and the verification pass: they
// make less than a hundred calls.

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
void faults_late(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  static int calls = 0;
  if (++calls >= 200) fault();
  mean(problem, inputs, y, workspace);
}

void faults_at_once(const Problem&, const float* const*, float*, void*) { reads_nowhere(); }

std::size_t too_many_bytes(const Problem&) { return std::size_t{1} << 60; }

// Asks for more memory than there is once it has run: between the plan, which runs it, and the measurement
// the memory was taken by somebody else.
bool has_run = false;

void mean_once(const Problem& problem, const float* const* inputs, float* y, void* workspace) {
  has_run = true;
  mean(problem, inputs, y, workspace);
}

std::size_t too_many_bytes_later(const Problem&) { return has_run ? std::size_t{1} << 60 : 0; }

const char* refuses_odd(const Problem& problem) {
  return problem.sizes[2] % 2 ? "takes even C only" : nullptr;
}

constexpr Implementation row(const char* name, decltype(Implementation::run) run,
                             decltype(Implementation::refuses) refuses = nullptr,
                             decltype(Implementation::workspace_bytes) workspace_bytes = nullptr) {
  return {.operation = "causal_mean",
          .name = name,
          .isa = trilbench::Isa::scalar,
          .idea = "for the harness's own tests",
          .refuses = refuses,
          .workspace_bytes = workspace_bytes,
          .flops = elements,
          .run = run};
}

constexpr Implementation changing_mode = row("changing_mode", changes_mode);
constexpr Implementation faulting_at_once = row("faulting_at_once", faults_at_once);
constexpr Implementation faulting_in_a_team = row("faulting_in_a_team", faults_late<reads_nowhere_in_a_team>);
constexpr Implementation faulting_late = row("faulting_late", faults_late<reads_nowhere>);
constexpr Implementation growing = row("growing", mean_once, nullptr, too_many_bytes_later);
constexpr Implementation hungry = row("hungry", mean, nullptr, too_many_bytes);
constexpr Implementation memorising = row("memorising", memorised);
constexpr Implementation picky = row("picky", mean, refuses_odd);
constexpr Implementation right = row("right", mean);
constexpr Implementation skipping = row("skipping", skips);
constexpr Implementation sleeping = row("sleeping", sleeps);
constexpr Implementation swallowing = row("swallowing", swallows_nan);
constexpr Implementation wrong = row("wrong", wrong_last);
constexpr Implementation wrong_later = row("wrong_later", wrong_late);

#if defined(__x86_64__) || defined(__aarch64__)
constexpr Implementation illegal_late = row("illegal_late", faults_late<executes_nothing_known>);
#endif
#if defined(__x86_64__)
constexpr Implementation dividing_late = row("dividing_late", faults_late<divides_by_zero>);
constexpr Implementation misaligned_late = row("misaligned_late", faults_late<stores_misaligned>);
#endif

constexpr const Implementation* rows[] = {
#if defined(__x86_64__) || defined(__aarch64__)
    &illegal_late,
#endif
#if defined(__x86_64__)
    &dividing_late, &misaligned_late,
#endif
    &changing_mode, &faulting_at_once, &faulting_in_a_team, &faulting_late,
    &growing,       &hungry,           &memorising,         &picky,
    &right,         &skipping,         &sleeping,           &swallowing,
    &wrong,         &wrong_later,
};

}  // namespace

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {.operation = "causal_mean", .quick = {"2x8x4"}, .full = {"2x8x4"}, .rows = rows}, argc, argv);
}
