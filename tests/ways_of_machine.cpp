// machine: copies and multiply-adds of sizes beside those of vectors, turns and threads' shares.
#include <doctest/doctest.h>

#include <vector>

#include "verify_rows.hpp"

namespace {

using namespace trilbench;

TEST_CASE("machine: one problem of each kind") {  // quick enough for emulators
  verify_rows("machine: one*", "machine", {{.sizes = {1}, .threads = 1}, {.sizes = {1003}, .threads = 1}},
              1e7, CheckSet::all().without(Check::repeats));
}

TEST_CASE("machine: every size up to some blocks of vectors") {
  std::vector<Problem> problems;
  for (std::int64_t N = 1; N <= 100; ++N) problems.push_back({.sizes = {N}, .threads = 1});
  for (const std::int64_t N : {127, 191, 193, 255, 256, 257, 385, 511, 513, 1000, 4097})
    problems.push_back({.sizes = {N}, .threads = 1});
  verify_rows("machine: every*", "machine", problems, 1e7,
              CheckSet::all().without(Check::repeats));  // a thousand calls of each size take minutes
}

TEST_CASE("machine: call after call and with threads") {
  std::vector<Problem> problems{{.sizes = {17}, .threads = 1}, {.sizes = {4096}, .threads = 1}};
  for (const int threads : {2, 3})
    for (const std::int64_t N : {1, 16, 17, 33, 100, 1023})
      problems.push_back({.sizes = {N}, .threads = threads});
  verify_rows("machine: call*", "machine", problems, 1e7);
}

TEST_CASE("machine: more than the second-level caches hold") {
  verify_rows("machine: more*", "machine",
              {{.sizes = {2100011}, .threads = 1}, {.sizes = {2100011}, .threads = 2}}, 1e7,
              CheckSet::only(Check::non_finite));
}

}  // namespace
