// What a program measures: the suite's own variants, or one library's, so that the library's threads and its
// floating-point mode meet nobody else's. harness/measured/ holds a definition for either kind of program.
#pragma once

#include <span>
#include <string>

#include "suite/variant.hpp"

namespace trilbench::bench {

std::span<const Variant> measured_variants();

/// Whether these are a library's, which starts threads of its own.
bool measures_library();

/// The library, for the record; empty in the suite's own programs.
std::string measured_library();

}  // namespace trilbench::bench
