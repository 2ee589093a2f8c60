// The instruction sets that kernels are compiled for, and which of them this CPU has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trilbench {

/// `scalar` and `auto_*` are the same plain C++: the first with the compiler's vectoriser switched off, the
/// others with it switched on for that instruction set. The rest is written in lanes. The enumerators are
/// also the names of the namespaces that the kernels live in (cmake/InstructionSets.cmake).
enum class Isa { scalar, auto_sse2, auto_avx2, auto_avx512, auto_neon, sse2, avx2, avx512, neon };

/// The name in benchmarks and tables: `scalar`, `auto-avx2`, `avx512`, ...
std::string_view name_of(Isa isa);

/// The instruction set of that name, or nothing.
std::optional<Isa> isa_named(std::string_view name);

/// Why this CPU (or its operating system) cannot run `isa`; empty if it can.
std::string why_unsupported(Isa isa);

}  // namespace trilbench
