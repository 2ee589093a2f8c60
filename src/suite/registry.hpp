// Everything that was compiled in. CMake writes the tables from the folder tree (cmake/Rows.cmake).
#pragma once

#include <span>
#include <string_view>

#include "suite/implementation.hpp"
#include "suite/operation.hpp"

namespace trilbench {

std::span<const Operation* const> operations();

/// Sorted by operation, then name, then instruction set.
std::span<const Implementation* const> implementations();

/// The operation of that name, or nullptr.
inline const Operation* operation_named(std::string_view name) {
  for (const Operation* operation : operations())
    if (operation->name == name) return operation;
  return nullptr;
}

}  // namespace trilbench
