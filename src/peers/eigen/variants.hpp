// What a program that measures Eigen holds once for each instruction set: headers are compiled with the file
// that includes them.
#pragma once

#include <span>

#include "suite/variant.hpp"

namespace trilbench {

struct EigenVariants {
  std::span<const Variant> variants;
  const char* (*instruction_sets)();  // those that Eigen uses there, in its own words
};

}  // namespace trilbench
