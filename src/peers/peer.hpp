// What a program that measures a library, bench/<operation>_<library>, is made of.
#pragma once

#include <span>
#include <string>

#include "suite/implementation.hpp"

namespace trilbench {

/// The library's routines, each behind the interface of a row, with Isa::peer. In
/// src/peers/<library>/<operation>.cpp.
std::span<const Implementation* const> peer_rows();

/// The library as a result should name it: version, settings and file; why it is missing, if it is. In
/// src/peers/<library>/library.cpp.
std::string peer_library();

}  // namespace trilbench
