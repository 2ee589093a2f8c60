// What holds for all operations, on the problems that each one's own file gives.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include "operation_tests.hpp"

namespace {

using namespace trilbench;

TEST_CASE("every operation has tests of its own") {
  for (const Operation* operation : operations()) {
    INFO(std::string(operation->name));
    CHECK(std::ranges::count_if(tests_of_operations(), [&](const OperationTests& tests) {
            return tests.operation == std::string_view(operation->name);
          }) == 1);
  }
}

// Kernels plan by the machine, which may be any: none may become wrong by it.
void verify_on(const Machine& machine) {
  for (const OperationTests& tests : tests_of_operations())
    verify_variants(tests.operation, tests.shapes,
                    {.checks = CheckSet::all().without(Check::repeats).without(Check::threads),
                     .threads = {1, 3},
                     .machine = &machine});
}

TEST_CASE("invented machines: caches of a line") { verify_on({.L1 = 64, .L2 = 64, .last_level = 64}); }

TEST_CASE("invented machines: small caches, and a last level that is far") {
  verify_on({.L1 = 256, .L2 = 2048, .last_level = std::int64_t{256} << 20});
}

TEST_CASE("invented machines: no caches that are known") { verify_on({}); }

TEST_CASE("invented machines: caches larger than any memory") {
  constexpr std::int64_t most = std::int64_t{1} << 60;
  verify_on({.L1 = most, .L2 = most, .last_level = most});
}

}  // namespace
