// The names of instruction sets, to and from.
#include "suite/isa.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "suite/registry.hpp"

namespace {

using namespace trilbench;
using enum Isa;

/// Those of other kinds of CPU too, and what else is compiled in.
std::set<Isa> every() {
  std::set<Isa> found{scalar, auto_sse2, auto_avx2, auto_avx512, auto_neon, sse2, avx2, avx512, neon};
  for (const Variant& variant : variants()) found.insert(*variant.isa);
  return found;
}

TEST_CASE("every instruction set has a name of its own, which leads back to it") {
  std::set<std::string_view> names;
  for (const Isa isa : every()) {
    names.insert(name_of(isa));
    CHECK(isa_named(name_of(isa)) == isa);
  }
  CHECK(names.size() == every().size());
  CHECK(name_of(auto_avx512) == "auto-avx512");
  CHECK(name_of(scalar) == "scalar");
}

TEST_CASE("what is no instruction set's name leads nowhere") {
  for (const char* name : {"", "AVX2", "avx", "auto_avx2", "auto-", "avx2 ", "peer", "unknown"})
    CHECK(!isa_named(name));
}

TEST_CASE("plain code runs everywhere, and the vectoriser's sets where the lanes do") {
  CHECK(why_unsupported(scalar) == "");
  CHECK(why_unsupported(auto_sse2) == why_unsupported(sse2));
  CHECK(why_unsupported(auto_avx2) == why_unsupported(avx2));
  CHECK(why_unsupported(auto_avx512) == why_unsupported(avx512));
  CHECK(why_unsupported(auto_neon) == why_unsupported(neon));
#if defined(__x86_64__)
  CHECK(why_unsupported(sse2) == "");
  CHECK(why_unsupported(neon) != "");
  if (why_unsupported(avx512) == "") CHECK(why_unsupported(avx2) == "");
#elif defined(__aarch64__)
  CHECK(why_unsupported(neon) == "");
  CHECK(why_unsupported(sse2) != "");
#endif
}

}  // namespace
