// Operations on W[T, T] and x[B, T, C]: sizes beside those of vectors, tiles, panels and threads' shares.
#include <doctest/doctest.h>

#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "verify_rows.hpp"

namespace {

using namespace trilbench;

void one_problem_of_each_kind(const std::string& operation) {  // quick enough for emulators
  verify_rows(operation + ": one*", operation,
              {
                  {.sizes = {1, 1, 1}, .threads = 1},
                  {.sizes = {2, 17, 5}, .threads = 1},
                  {.sizes = {1, 33, 17}, .threads = 1},
                  {.sizes = {3, 65, 1}, .threads = 1},
                  {.sizes = {1, 66, 33}, .threads = 1},
              },
              1e7);
}

void all_short_sequences(const std::string& operation) {
  std::vector<Problem> problems;
  for (std::int64_t T = 1; T <= 17; ++T)
    for (const std::int64_t C : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17})
      if ((T + C) % 2 == 0) problems.push_back({.sizes = {1 + (T + C) % 3, T, C}, .threads = 1});
  // Call after call and several threads are other tests' affair: here they would take most of the time.
  verify_rows(operation + ": all short*", operation, problems, 1e6,
              CheckSet::all().without(Check::repeats).without(Check::threads));
}

void beside_widths(const std::string& operation) {
  const std::vector<std::int64_t> T{23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 64, 65, 95, 97, 127, 128, 129};
  const std::vector<std::int64_t> C{6,  11, 12, 13, 23, 24, 25, 31, 32, 33,  47,  48,
                                    49, 63, 64, 65, 79, 81, 95, 96, 97, 127, 129, 257};
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
  verify_rows(operation + ": beside*", operation, problems, 4e5, CheckSet::all().without(Check::repeats));
}

void long_sequences(const std::string& operation) {
  verify_rows(operation + ": long*", operation,
              {
                  {.sizes = {1, 257, 5}, .threads = 1},
                  {.sizes = {2, 300, 3}, .threads = 1},
              },
              1e7, CheckSet::all().without(Check::threads));
  verify_rows(operation + ": long*", operation, {{.sizes = {1, 1023, 3}, .threads = 1}}, 1e7,
              CheckSet::only(Check::impulses));
}

void many_channels_and_batches(const std::string& operation) {
  verify_rows(operation + ": many*", operation,
              {
                  {.sizes = {1, 1, 10007}, .threads = 1},
                  {.sizes = {2, 3, 1025}, .threads = 1},
                  {.sizes = {1, 130, 515}, .threads = 1},
                  {.sizes = {3001, 1, 1}, .threads = 1},
                  {.sizes = {515, 3, 2}, .threads = 1},
                  {.sizes = {130, 17, 9}, .threads = 1},
              },
              1e7, CheckSet::all().without(Check::repeats));
}

void more_than_the_cache_holds(const std::string& operation) {
  verify_rows(operation + ": more*", operation,
              {
                  {.sizes = {5, 130, 515}, .threads = 1},
                  {.sizes = {1, 67, 8195}, .threads = 1},
                  {.sizes = {1, 67, 8195}, .threads = 2},
              },
              5e7, CheckSet::only(Check::integers));
}

void several_threads(const std::string& operation) {
  std::vector<Problem> problems;
  for (const int threads : {2, 5, 17})
    for (const Problem& one : std::initializer_list<Problem>{
             {.sizes = {1, 1, 1}, .threads = 1},
             {.sizes = {1, 2, 17}, .threads = 1},
             {.sizes = {2, 7, 5}, .threads = 1},
             {.sizes = {5, 33, 2}, .threads = 1},
             {.sizes = {3, 97, 65}, .threads = 1},
         }) {
      problems.push_back(one);
      problems.back().threads = threads;
    }
  for (const Check check : {Check::bound, Check::integers, Check::margins})
    verify_rows(operation + ": several*", operation, problems, 1e7, CheckSet::only(check));
}

TEST_CASE("tril_matmul: one problem of each kind") { one_problem_of_each_kind("tril_matmul"); }
TEST_CASE("causal_weighted_mean: one problem of each kind") {
  one_problem_of_each_kind("causal_weighted_mean");
}

TEST_CASE("tril_matmul: all short sequences and few channels") { all_short_sequences("tril_matmul"); }
TEST_CASE("causal_weighted_mean: all short sequences and few channels") {
  all_short_sequences("causal_weighted_mean");
}

TEST_CASE("tril_matmul: beside the widths of vectors and tiles") { beside_widths("tril_matmul"); }
TEST_CASE("causal_weighted_mean: beside the widths of vectors and tiles") {
  beside_widths("causal_weighted_mean");
}

TEST_CASE("tril_matmul: long sequences") { long_sequences("tril_matmul"); }
TEST_CASE("causal_weighted_mean: long sequences") { long_sequences("causal_weighted_mean"); }

TEST_CASE("tril_matmul: many channels and many batches") { many_channels_and_batches("tril_matmul"); }
TEST_CASE("causal_weighted_mean: many channels and many batches") {
  many_channels_and_batches("causal_weighted_mean");
}

TEST_CASE("tril_matmul: more of x than the second-level cache holds") {
  more_than_the_cache_holds("tril_matmul");
}
TEST_CASE("causal_weighted_mean: more of x than the second-level cache holds") {
  more_than_the_cache_holds("causal_weighted_mean");
}

TEST_CASE("tril_matmul: several threads") { several_threads("tril_matmul"); }
TEST_CASE("causal_weighted_mean: several threads") { several_threads("causal_weighted_mean"); }

}  // namespace
