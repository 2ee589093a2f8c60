#include "suite/isa.hpp"

#include <array>

namespace trilbench {
namespace {

struct Entry {
  Isa isa;
  std::string_view name;
};

constexpr std::array<Entry, 9> entries{{
    {Isa::scalar, "scalar"},
    {Isa::auto_sse2, "auto-sse2"},
    {Isa::auto_avx2, "auto-avx2"},
    {Isa::auto_avx512, "auto-avx512"},
    {Isa::auto_neon, "auto-neon"},
    {Isa::sse2, "sse2"},
    {Isa::avx2, "avx2"},
    {Isa::avx512, "avx512"},
    {Isa::neon, "neon"},
}};

#if defined(__x86_64__)

// __builtin_cpu_supports also asks whether the operating system saves the wide registers; xsimd 8.1 does not.
// The names of the features must be literals, hence one test each.
std::string missing_avx2() {
  if (!__builtin_cpu_supports("avx2")) return "this CPU has no AVX2";
  if (!__builtin_cpu_supports("fma")) return "this CPU has no FMA";
  return "";
}

std::string missing_avx512() {
  if (std::string missing = missing_avx2(); !missing.empty()) return missing;
  if (!__builtin_cpu_supports("avx512f")) return "this CPU has no AVX-512 F";
  if (!__builtin_cpu_supports("avx512cd")) return "this CPU has no AVX-512 CD";
  if (!__builtin_cpu_supports("avx512dq")) return "this CPU has no AVX-512 DQ";
  if (!__builtin_cpu_supports("avx512bw")) return "this CPU has no AVX-512 BW";
  if (!__builtin_cpu_supports("avx512vl")) return "this CPU has no AVX-512 VL";
  return "";
}

#endif

}  // namespace

std::string_view name_of(Isa isa) {
  for (const Entry& entry : entries)
    if (entry.isa == isa) return entry.name;
  return "unknown";
}

std::optional<Isa> isa_named(std::string_view name) {
  for (const Entry& entry : entries)
    if (entry.name == name) return entry.isa;
  return std::nullopt;
}

std::string why_unsupported(Isa isa) {
  switch (isa) {
    case Isa::scalar:
      return "";
#if defined(__x86_64__)
    case Isa::auto_sse2:
    case Isa::sse2:
      return "";  // part of x86-64
    case Isa::auto_avx2:
    case Isa::avx2:
      return missing_avx2();
    case Isa::auto_avx512:
    case Isa::avx512:
      return missing_avx512();
#elif defined(__aarch64__)
    case Isa::auto_neon:
    case Isa::neon:
      return "";  // part of AArch64
#endif
    default:
      return "not an instruction set of this kind of CPU";
  }
}

}  // namespace trilbench
