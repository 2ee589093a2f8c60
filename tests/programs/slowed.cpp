// Every implementation of causal_mean, one variant slower than it is by a known part: scripts/compare
// --self-test must find it. TRILBENCH_SLOWED says which and by how much: tril_gemm/avx2=0.05. Problems whose
// calls take less than ten microseconds are left alone: reading the clock alone would slow them by more.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include "causal_mean.hpp"
#include "harness/text.hpp"

namespace {

using trilbench::Kernel;
using trilbench::Machine;
using trilbench::Problem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds least_call(10);
constexpr std::size_t head = 64;  // of the workspace, before the original's

std::optional<trilbench::Runnable> original;
double part;

enum class Length { unknown, brief, long_enough };  // of a call

std::size_t workspace_bytes(const Problem& problem, const Machine& machine) {
  return head + original->workspace_bytes(problem, machine);
}

void prepare(const Problem& problem, const Machine& machine, void* workspace) {
  *static_cast<Length*>(workspace) = Length::unknown;
  original->prepare(problem, machine, static_cast<std::byte*>(workspace) + head);
}

void run(void* workspace, const float* const* inputs, float* output) {
  auto& length = *static_cast<Length*>(workspace);
  void* const own_workspace = static_cast<std::byte*>(workspace) + head;
  const auto time = [&] {
    const Clock::time_point begin = Clock::now();
    original->run(own_workspace, inputs, output);
    return Clock::now() - begin;
  };
  if (length == Length::unknown)
    length = std::max({time(), time(), time()}) < least_call ? Length::brief : Length::long_enough;
  if (length == Length::brief) return original->run(own_workspace, inputs, output);
  const Clock::duration own = time();
  const Clock::time_point end =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(part * std::chrono::duration<double>(own));
  while (Clock::now() < end) continue;
}

const char* refuses(const Problem& problem) { return original->refuses(problem); }

}  // namespace

int main(int argc, char** argv) {
  const char* const variable = std::getenv("TRILBENCH_SLOWED");
  const std::string wanted = variable ? variable : "";
  const std::size_t equals = std::min(wanted.find('='), wanted.size());
  part = std::atof(wanted.c_str() + std::min(equals + 1, wanted.size()));
  const auto all = trilbench::bench::measured_variants();
  std::vector<trilbench::Variant> variants(all.begin(), all.end());
  std::optional<trilbench::Implementation> slowed;
  for (trilbench::Variant& variant : variants) {
    if (variant.operation != std::string_view("causal_mean")) continue;
    if (trilbench::bench::label_of(variant) != wanted.substr(0, equals)) continue;
    original = trilbench::Runnable::of(variant);
    if (!original) continue;
    slowed = *variant.implementation;
    slowed->kernel = Kernel(workspace_bytes, prepare, run, refuses);
    variant.implementation = &*slowed;
  }
  return trilbench::bench::run_causal_mean(variants, {"8x256x64"}, argc, argv);
}
