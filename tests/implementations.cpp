// Every way that was compiled in, and the same kernels with odd tunings, through every check, at sizes chosen
// to find the seams: the ends of vectors, tiles, blocks and threads' shares. Rows that this CPU cannot run
// are named.
#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/row.hpp"
#include "suite/verification.hpp"

namespace trilbench {
std::span<const Implementation* const> odd_tunings();
}

namespace {

using namespace trilbench;

const std::string_view operations_with_problems[] = {"causal_mean", "machine"};

/// Verifies every way to compute the operation on the problems that do not take it more than `most_flops` a
/// call.
void verify_rows(const std::string& test_case, std::string_view operation_name,
                 const std::vector<Problem>& problems, double most_flops, CheckSet checks = CheckSet::all()) {
  const Operation* operation = operation_named(operation_name);
  REQUIRE(operation);
  const auto verify_row = [&](const Implementation& row) {
    if (row.operation != operation_name || row.role != Role::way) return;
    const std::string name =
        std::string(row.operation) + "/" + row.name + "/" + std::string(name_of(row.isa));
    DOCTEST_SUBCASE(name.c_str()) {
      INFO("repeat: trilbench_tests --test-case='" << test_case << "' --subcase='" << name << "'");
      if (const std::string missing = why_unsupported(row.isa); !missing.empty()) {
        MESSAGE("not verified on this CPU: " << name << ": " << missing);
        return;
      }
      double worst = 0;
      int verified = 0;
      for (const Problem& problem : problems) {
        if (!why_skipped(row, problem).empty() || row.flops(problem) > most_flops) continue;
        // `threads` sets their number itself.
        const Verdict verdict =
            verify(*operation, row, problem, problem.threads == 1 ? checks : checks.without(Check::threads));
        CHECK_MESSAGE(verdict.passed(), verdict.failure->message);
        worst = std::max(worst, verdict.error_over_bound);
        ++verified;
      }
      MESSAGE(name << ": " << verified << " problems, error over bound at most " << worst);
    }
  };
  for (const Implementation* row : implementations()) verify_row(*row);
  for (const Implementation* row : odd_tunings()) verify_row(*row);
}

TEST_CASE("every operation has problems of its own here") {
  for (const Operation* operation : operations()) {
    INFO(std::string(operation->name));
    CHECK(std::count(std::begin(operations_with_problems), std::end(operations_with_problems),
                     operation->name) == 1);
  }
}

TEST_CASE("implementations: one problem of each kind") {  // quick enough for emulators
  verify_rows("implementations: one*", "causal_mean",
              {
                  {.sizes = {1, 1, 1}, .threads = 1},
                  {.sizes = {2, 17, 5}, .threads = 1},
                  {.sizes = {1, 33, 17}, .threads = 1},
                  {.sizes = {3, 65, 1}, .threads = 1},
                  {.sizes = {1, 130, 33}, .threads = 1},
              },
              1e7);
  verify_rows("implementations: one*", "machine",
              {{.sizes = {1}, .threads = 1}, {.sizes = {1003}, .threads = 1}}, 1e7,
              CheckSet::all().without(Check::repeats));
}

TEST_CASE("implementations: all short sequences and few channels") {
  std::vector<Problem> problems;
  for (std::int64_t T = 1; T <= 17; ++T)
    for (const std::int64_t C : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17})
      problems.push_back({.sizes = {1 + (T + C) % 3, T, C}, .threads = 1});
  verify_rows("implementations: all short*", "causal_mean", problems, 1e6);
}

TEST_CASE("implementations: beside the widths of vectors and tiles and blocks") {
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
  verify_rows("implementations: beside*", "causal_mean", problems, 3e6);
}

TEST_CASE("implementations: long sequences") {
  verify_rows("implementations: long*", "causal_mean",
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

TEST_CASE("implementations: more than the caches hold") {  // from where stores are streamed
  verify_rows("implementations: more*", "causal_mean", {{.sizes = {1, 16411, 513}, .threads = 1}}, 2e7,
              CheckSet::only(Check::impulses));
}

TEST_CASE("implementations: where x alone stays in the second-level cache") {  // of 1 or 2 MiB
  verify_rows("implementations: where x*", "causal_mean",
              {
                  {.sizes = {4, 2048, 64}, .threads = 1},
                  {.sizes = {8, 1024, 65}, .threads = 1},
                  {.sizes = {1, 200003, 3}, .threads = 1},
              },
              2e7, CheckSet::only(Check::impulses));
}

TEST_CASE("implementations: many channels and many batches") {
  verify_rows("implementations: many*", "causal_mean",
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

TEST_CASE("implementations: several threads") {
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
  verify_rows("implementations: several*", "causal_mean", problems, 1e7);
}

TEST_CASE("implementations: the machine's limits, every size up to some blocks of vectors") {
  std::vector<Problem> problems;
  for (std::int64_t N = 1; N <= 100; ++N) problems.push_back({.sizes = {N}, .threads = 1});
  for (const std::int64_t N : {127, 191, 193, 255, 256, 257, 385, 511, 513, 1000, 4097})
    problems.push_back({.sizes = {N}, .threads = 1});
  verify_rows("implementations: the machine's limits, every*", "machine", problems, 1e7,
              CheckSet::all().without(Check::repeats));  // a thousand calls of each size take minutes
}

TEST_CASE("implementations: the machine's limits, call after call and with threads") {
  std::vector<Problem> problems{{.sizes = {17}, .threads = 1}, {.sizes = {4096}, .threads = 1}};
  for (const int threads : {2, 3})
    for (const std::int64_t N : {1, 16, 17, 33, 100, 1023})
      problems.push_back({.sizes = {N}, .threads = threads});
  verify_rows("implementations: the machine's limits, call*", "machine", problems, 1e7);
}

TEST_CASE("implementations: the machine's limits, more than the second-level caches hold") {
  verify_rows("implementations: the machine's limits, more*", "machine",
              {{.sizes = {2100011}, .threads = 1}, {.sizes = {2100011}, .threads = 2}}, 1e7,
              CheckSet::only(Check::non_finite));
}

}  // namespace
