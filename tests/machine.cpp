// machine: copies and multiply-adds of sizes beside those of vectors, unrolled loops and threads' parts.
#include <doctest/doctest.h>

#include "operation_tests.hpp"

namespace {

using namespace trilbench;

const OperationTests of_machine{"machine", {"1", "1003"}, [](std::int64_t size) {
                                  return edges_of_axes(1, size,
                                                       [](const long double* n) { return 2 * n[0]; });
                                }};

const CheckSet all_but_repeats = CheckSet::all().without(Check::repeats);

TEST_CASE("machine: one problem of each kind") {  // quick enough for emulators
  verify_variants("machine", of_machine.shapes, {.checks = all_but_repeats});
}

TEST_CASE("machine: every size up to some blocks of vectors") {
  Shapes sizes{"127", "191", "193", "255", "256", "257", "385", "511", "513", "1000", "4097"};
  for (std::int64_t N = 1; N <= 100; ++N) sizes.push_back(shape_of({N}));
  // A thousand calls of each size would take minutes.
  verify_variants("machine", sizes, {.checks = all_but_repeats});
}

TEST_CASE("machine: call after call and with threads") {
  verify_variants("machine", {"17", "4096"});
  verify_variants("machine", {"1", "16", "17", "33", "100", "1023"}, {.threads = {2, 3}});
}

TEST_CASE("machine: more than L2 holds") {
  verify_variants("machine", {"2100011"}, {.checks = CheckSet::only(Check::non_finite), .threads = {1, 2}});
}

}  // namespace
