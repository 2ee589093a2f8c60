// What a program that measures Eigen holds once for each instruction set: headers are compiled with the file
// that includes them.
#pragma once

#include <span>

#include "suite/implementation.hpp"

namespace trilbench {

struct EigenRows {
  std::span<const Implementation* const> rows;
  const char* (*instruction_sets)();  // those that Eigen uses there, in its own words
};

}  // namespace trilbench
