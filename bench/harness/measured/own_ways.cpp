#include "harness/measured.hpp"
#include "suite/registry.hpp"

namespace trilbench::bench {

std::span<const Implementation* const> measured_rows() { return implementations(); }

bool measures_library() { return false; }

std::string measured_library() { return ""; }

}  // namespace trilbench::bench
