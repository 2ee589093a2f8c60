// What the programs that measure a library, bench/<operation>_<library>, are made of.
#pragma once

#include <span>
#include <string>

#include "suite/variant.hpp"

namespace trilbench {

/// The library's routines for all operations, each a variant without an instruction set. In
/// src/peers/<library>/routines.cpp.
std::span<const Variant> peer_variants();

/// The library as a result should name it: version, settings and file; why it is missing, if it is. In
/// src/peers/<library>/library.cpp.
std::string peer_library();

}  // namespace trilbench
