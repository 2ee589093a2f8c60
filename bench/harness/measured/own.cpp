#include "harness/run.hpp"
#include "suite/registry.hpp"

namespace trilbench::bench {

std::span<const Variant> measured_variants() { return variants(); }
bool measures_library() { return false; }
std::string measured_library() { return ""; }

}  // namespace trilbench::bench
