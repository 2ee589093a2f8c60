// What a program that measures a library is made of. Each src/peers/<library>/<operation>.cpp defines both
// for the one program bench/<operation>_<library>.
#pragma once

#include <span>
#include <string>

#include "suite/implementation.hpp"

namespace trilbench {

/// The library's routines, each behind the interface of a row, with Isa::peer.
std::span<const Implementation* const> peer_rows();

/// The library as a result should name it: version, settings and file; why it is missing, if it is.
std::string peer_library();

}  // namespace trilbench
