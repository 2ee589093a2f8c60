// What every variant of an operation makes of given numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suite/problem.hpp"

struct Result {
  std::string variant;  // the benchmark's name
  std::vector<float> y;
};

/// Runs every variant that this CPU has, and checks that each is within its error bound. There is at least
/// one.
std::vector<Result> every_variant(std::string_view operation, const trilbench::Problem& problem,
                                  const std::vector<std::vector<float>>& inputs);

/// The same for a shape as people write it.
std::vector<Result> every_variant(std::string_view operation, std::string_view shape,
                                  const std::vector<std::vector<float>>& inputs);
