// Kernels called by themselves: parts that no operation shows whole (tests/parts/), and whole ones outside
// the verifier.
#pragma once

#include <doctest/doctest.h>

#include <span>
#include <string>
#include <string_view>

#include "suite/memory.hpp"
#include "suite/variant.hpp"

namespace trilbench {

std::span<const Variant> parts();

/// A call of the variant, prepared in a workspace of its own; `before_run` comes in between.
template <class Before = void (*)()>
void call(
    const Variant& variant, const Problem& problem, const float* const* inputs, float* output,
    const Before& before_run = [] {}) {
  const Runnable kernel = *Runnable::of(variant);
  const Memory workspace(kernel.workspace_bytes(problem, this_machine()));
  kernel.prepare(problem, this_machine(), workspace.as<void>());
  before_run();
  kernel.run(workspace.as<void>(), inputs, output);
}

/// Calls body(variant) in a subcase for every instruction set that this CPU has.
template <class Body>
void for_each_isa(std::string_view part, const Body& body) {
  for (const Variant& variant : parts()) {
    if (variant.name != part || !Runnable::of(variant)) continue;
    const std::string isa(isa_text(variant));
    DOCTEST_SUBCASE(isa.c_str()) { body(variant); }
  }
}

}  // namespace trilbench
