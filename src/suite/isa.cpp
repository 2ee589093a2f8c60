#include "suite/isa.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace trilbench {
namespace {

std::string missing_nothing() { return ""; }

std::string of_another_cpu() { return "not an instruction set of this kind of CPU"; }

#if defined(__x86_64__)

/// The first feature that is not there.
std::string missing(std::initializer_list<std::pair<int, const char*>> features) {
  for (const auto& [there, name] : features)
    if (!there) return std::string("this CPU has no ") + name;
  return "";
}

// __builtin_cpu_supports also asks whether the operating system saves the wide registers; xsimd 8.1 does not.

std::string missing_avx2() {
  return missing({{__builtin_cpu_supports("avx2"), "AVX2"}, {__builtin_cpu_supports("fma"), "FMA"}});
}

std::string missing_avx512() {
  return missing({{__builtin_cpu_supports("avx2"), "AVX2"},
                  {__builtin_cpu_supports("fma"), "FMA"},
                  {__builtin_cpu_supports("avx512f"), "AVX-512 F"},
                  {__builtin_cpu_supports("avx512cd"), "AVX-512 CD"},
                  {__builtin_cpu_supports("avx512dq"), "AVX-512 DQ"},
                  {__builtin_cpu_supports("avx512bw"), "AVX-512 BW"},
                  {__builtin_cpu_supports("avx512vl"), "AVX-512 VL"}});
}

constexpr auto missing_sse2 = missing_nothing;
#else
constexpr auto missing_sse2 = of_another_cpu, missing_avx2 = of_another_cpu, missing_avx512 = of_another_cpu;
#endif

#if defined(__aarch64__)
constexpr auto missing_neon = missing_nothing;
#else
constexpr auto missing_neon = of_another_cpu;
#endif

struct Entry {
  Isa isa;
  std::string_view name;
  std::string (*missing)();  // what the CPU lacks
};

constexpr auto entries = std::to_array<Entry>({
    {Isa::scalar, "scalar", missing_nothing},
    {Isa::auto_sse2, "auto-sse2", missing_sse2},
    {Isa::auto_avx2, "auto-avx2", missing_avx2},
    {Isa::auto_avx512, "auto-avx512", missing_avx512},
    {Isa::auto_neon, "auto-neon", missing_neon},
    {Isa::sse2, "sse2", missing_sse2},
    {Isa::avx2, "avx2", missing_avx2},
    {Isa::avx512, "avx512", missing_avx512},
    {Isa::neon, "neon", missing_neon},
});
static_assert(entries.size() == static_cast<std::size_t>(Isa::neon) + 1,
              "each set has an entry; neon is the last");

const Entry& entry_of(Isa isa) { return *std::ranges::find(entries, isa, &Entry::isa); }

}  // namespace

std::string_view name_of(Isa isa) { return entry_of(isa).name; }

std::optional<Isa> isa_named(std::string_view name) {
  const auto entry = std::ranges::find(entries, name, &Entry::name);
  return entry == entries.end() ? std::nullopt : std::optional(entry->isa);
}

std::string why_unsupported(Isa isa) { return entry_of(isa).missing(); }

}  // namespace trilbench
