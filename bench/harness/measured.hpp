// What a program measures: the suite's own ways, or a library's in a process of its own, where its threads
// and its floating-point mode meet nobody else's. bench/harness/measured/ holds a definition for either kind
// of program.
#pragma once

#include <span>
#include <string>

#include "suite/implementation.hpp"

namespace trilbench::bench {

std::span<const Implementation* const> measured_rows();

/// Whether these are a library's, which starts threads of its own.
bool measures_library();

/// The library, for the record; empty in the suite's own programs.
std::string measured_library();

}  // namespace trilbench::bench
