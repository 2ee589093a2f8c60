// A benchmark binary: every variant of one operation, verified and timed by Google Benchmark.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/variant.hpp"

namespace trilbench::bench {

// A program measures the suite's own variants, or one library's, so that the library's threads and its
// floating-point mode meet nobody else's. harness/measured/ defines these for either kind of program.
std::span<const Variant> measured_variants();
bool measures_library();         // which starts threads of its own
std::string measured_library();  // for the record; empty in the suite's own programs

/// What a binary measures.
struct Subject {
  std::string_view operation;
  std::vector<std::string_view> quick;                      // shapes for a first look, "8x1024x64"
  std::vector<std::string_view> full;                       // shapes that tell the whole story
  std::vector<std::string_view> odd = {};                   // many small ones that nothing divides
  std::span<const Variant> variants = measured_variants();  // those of other operations are left out
};

enum ExitCode { fine = 0, wrong_use = 1, failed_verification = 2, nothing_matched = 5 };

/// The whole program; wrong_use also where there is no memory. Every error is one line on stderr.
int run(const Subject& subject, int argc, char** argv);

}  // namespace trilbench::bench
