// A benchmark binary: every way of one operation, verified and timed by Google Benchmark.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "harness/measured.hpp"

namespace trilbench::bench {

/// What a binary measures.
struct Subject {
  std::string_view operation;
  std::vector<std::string_view> quick;                            // shapes for a first look, "8x1024x64"
  std::vector<std::string_view> full;                             // shapes that tell the whole story
  std::vector<std::string_view> odd = {};                         // many small ones that nothing divides
  std::span<const Implementation* const> rows = measured_rows();  // those of other operations are left out
};

/// The whole program. Returns the exit code: 0 fine, 1 wrong use or no memory, 2 a row failed verification, 5
/// nothing ran. Every error is one line on stderr.
int run(const Subject& subject, int argc, char** argv);

}  // namespace trilbench::bench
