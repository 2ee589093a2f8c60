// What the thread sanitizer is tried with (tests/test_thread_sanitizer.py): without it this shows nothing.
#include <doctest/doctest.h>

#include "parts.hpp"

namespace {

using namespace trilbench;

TEST_CASE("a race that the thread sanitizer must see" * doctest::skip()) {
  for_each_isa("shared_sum", [](const Variant& variant) {
    const float one = 1;
    const float* const input = &one;
    float sum = 0;
    call(variant, {.sizes = {1}, .threads = 4}, &input, &sum);
    CHECK(sum >= 1);
  });
}

}  // namespace
