// Parts of kernels that no operation shows whole (tests/probes/), called on every instruction set of this
// CPU.
#pragma once

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

#include "suite/implementation.hpp"

namespace trilbench {

std::span<const Implementation* const> probes();

/// Calls body(row) in a subcase for every instruction set that this CPU has.
template <class Body>
void for_each_isa(std::string_view probe, const Body& body) {
  for (const Implementation* row : probes()) {
    if (row->name != probe || !why_unsupported(row->isa).empty()) continue;
    const std::string isa(name_of(row->isa));
    DOCTEST_SUBCASE(isa.c_str()) { body(*row); }
  }
}

}  // namespace trilbench
