// Implementations of causal_mean for the harness's own tests, which are right but for what they test.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/run.hpp"

namespace trilbench::bench {

inline std::int64_t elements(const Problem& problem) {
  return problem.sizes[0] * problem.sizes[1] * problem.sizes[2];
}

inline void mean(const Problem& problem, const float* const* inputs, float* y, void* = nullptr) {
  const std::int64_t B = problem.sizes[0], T = problem.sizes[1], C = problem.sizes[2];
  const float* x = inputs[0];
  std::vector<double> sum(static_cast<std::size_t>(C));
  for (std::int64_t b = 0; b < B; ++b) {
    sum.assign(sum.size(), 0);
    for (std::int64_t t = 0; t < T; ++t)
      for (double& each : sum) *y++ = static_cast<float>((each += *x++) / static_cast<double>(t + 1));
  }
}

template <auto run, auto scratch_bytes = nullptr, Kernel::Refuses refuses = nullptr, auto prepare = nullptr>
inline constexpr Implementation implementation = {
    .idea = "for the harness's own tests",
    .flops = {.per_output = 1},
    .kernel = kernel_of_functions<run, scratch_bytes, prepare>(refuses),
};

/// A variant that every CPU runs.
constexpr Variant variant(const char* name, const Implementation& implementation) {
  return {"causal_mean", name, Isa::scalar, &implementation};
}

/// The program that measures these.
inline int run_causal_mean(std::span<const Variant> variants, std::vector<std::string_view> shapes, int argc,
                           char** argv) {
  return run({.operation = "causal_mean", .quick = shapes, .full = shapes, .variants = variants}, argc, argv);
}

}  // namespace trilbench::bench
