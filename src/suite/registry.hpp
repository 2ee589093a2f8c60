// Everything that was compiled in. CMake writes the tables from the folder tree (cmake/Variants.cmake).
#pragma once

#include <span>
#include <string_view>

#include "suite/operation.hpp"
#include "suite/variant.hpp"

namespace trilbench {

std::span<const Operation* const> operations();

/// Every implementation for every instruction set, sorted by operation, then name, then instruction set.
std::span<const Variant> variants();

/// The operation of that name, or nullptr.
inline const Operation* operation_named(std::string_view name) {
  for (const Operation* operation : operations())
    if (operation->name == name) return operation;
  return nullptr;
}

}  // namespace trilbench
