// What every way to compute an operation makes of given numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suite/problem.hpp"

struct ResultOfWay {
  std::string name;  // of the benchmark
  std::vector<float> y;
};

/// Runs every way that this CPU has, and checks that each is within its error bound. There is at least one.
std::vector<ResultOfWay> every_way(std::string_view operation, const trilbench::Problem& problem,
                                   const std::vector<std::vector<float>>& inputs);

/// The same for a shape as people write it.
std::vector<ResultOfWay> every_way(std::string_view operation, std::string_view shape,
                                   const std::vector<std::vector<float>>& inputs);
