// causal_mean: sizes beside those of vectors, tiles, blocks and threads' shares.
#include <doctest/doctest.h>

#include <initializer_list>
#include <random>
#include <vector>

#include "verify_rows.hpp"

namespace {

using namespace trilbench;

TEST_CASE("causal_mean: one problem of each kind") {  // quick enough for emulators
  verify_rows("causal_mean: one*", "causal_mean",
              {
                  {.sizes = {1, 1, 1}, .threads = 1},
                  {.sizes = {2, 17, 5}, .threads = 1},
                  {.sizes = {1, 33, 17}, .threads = 1},
                  {.sizes = {3, 65, 1}, .threads = 1},
                  {.sizes = {1, 130, 33}, .threads = 1},
              },
              1e7);
}

TEST_CASE("causal_mean: all short sequences and few channels") {
  std::vector<Problem> problems;
  for (std::int64_t T = 1; T <= 17; ++T)
    for (const std::int64_t C : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17})
      problems.push_back({.sizes = {1 + (T + C) % 3, T, C}, .threads = 1});
  verify_rows("causal_mean: all short*", "causal_mean", problems, 1e6);
}

TEST_CASE("causal_mean: beside the widths of vectors and tiles and blocks") {
  const std::vector<std::int64_t> T{23, 24,  25,  31,  32,  33,  47,  48,  49,  63, 64,
                                    65, 127, 128, 129, 191, 192, 193, 255, 256, 257};
  const std::vector<std::int64_t> C{6,  11, 12, 13, 23, 24, 25, 31, 32,  33,  47,  48,  49,  63,
                                    64, 65, 79, 80, 81, 95, 96, 97, 127, 128, 129, 143, 160, 257};
  std::vector<Problem> problems;
  std::mt19937 engine(3);
  const auto one_of = [&engine](const std::vector<std::int64_t>& sizes) {
    return sizes[engine() % sizes.size()];
  };
  // Every size of either axis, beside a random one of the other.
  for (const std::int64_t t : T)
    problems.push_back({.sizes = {one_of({1, 2, 3}), t, one_of(C)}, .threads = 1});
  for (const std::int64_t c : C)
    problems.push_back({.sizes = {one_of({1, 2, 3}), one_of(T), c}, .threads = 1});
  verify_rows("causal_mean: beside*", "causal_mean", problems, 3e6);
}

TEST_CASE("causal_mean: long sequences") {
  verify_rows("causal_mean: long*", "causal_mean",
              {
                  {.sizes = {1, 1000, 5}, .threads = 1},
                  {.sizes = {1, 1023, 17}, .threads = 1},
                  {.sizes = {2, 4095, 3}, .threads = 1},
                  {.sizes = {1, 2047, 1}, .threads = 1},
                  {.sizes = {1, 4097, 1}, .threads = 1},
                  {.sizes = {1, 8191, 17}, .threads = 1},
                  {.sizes = {1, 131071, 2}, .threads = 1},
              },
              2e7);
}

TEST_CASE("causal_mean: more than the caches hold") {  // from where stores are streamed
  verify_rows("causal_mean: more*", "causal_mean", {{.sizes = {1, 16411, 513}, .threads = 1}}, 2e7,
              CheckSet::only(Check::impulses));
}

TEST_CASE("causal_mean: where x alone stays in the second-level cache") {  // of 1 or 2 MiB
  verify_rows("causal_mean: where x*", "causal_mean",
              {
                  {.sizes = {4, 2048, 64}, .threads = 1},
                  {.sizes = {8, 1024, 65}, .threads = 1},
                  {.sizes = {1, 200003, 3}, .threads = 1},
              },
              2e7, CheckSet::only(Check::impulses));
}

TEST_CASE("causal_mean: many channels and many batches") {
  verify_rows("causal_mean: many*", "causal_mean",
              {
                  {.sizes = {1, 1, 10007}, .threads = 1},
                  {.sizes = {2, 3, 1025}, .threads = 1},
                  {.sizes = {1, 130, 515}, .threads = 1},
                  {.sizes = {3001, 1, 1}, .threads = 1},
                  {.sizes = {515, 3, 2}, .threads = 1},
                  {.sizes = {130, 17, 9}, .threads = 1},
              },
              1e7);
}

TEST_CASE("causal_mean: several threads") {
  std::vector<Problem> problems;
  for (const int threads : {2, 5, 17})
    for (const Problem& one : std::initializer_list<Problem>{
             {.sizes = {1, 1, 1}, .threads = 1},
             {.sizes = {1, 2, 17}, .threads = 1},
             {.sizes = {2, 7, 5}, .threads = 1},
             {.sizes = {5, 33, 2}, .threads = 1},
             {.sizes = {1, 257, 8}, .threads = 1},
             {.sizes = {3, 129, 65}, .threads = 1},
             {.sizes = {1, 3000, 3}, .threads = 1},
         }) {
      problems.push_back(one);
      problems.back().threads = threads;
    }
  verify_rows("causal_mean: several*", "causal_mean", problems, 1e7);
}

}  // namespace
