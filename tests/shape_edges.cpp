// Every operation's axes walked to the edges of whole numbers: a shape is refused just where its arrays pass
// 2^47 bytes, and of every other one all that is made of sizes is what it is, never a wrapped number. (The
// sanitizers see what overflows on the way.)
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "operation_tests.hpp"
#include "suite/shape.hpp"

namespace {

using namespace trilbench;

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

/// Powers of two and their square roots, and their neighbours.
std::set<std::int64_t> edges() {
  std::set<std::int64_t> found;
  for (int half = 0; half <= 126; ++half) {
    const long double edge = std::pow(2.0L, half / 2.0L);
    for (int beside = -1; beside <= 1; ++beside)
      if (const long double size = std::floor(edge) + static_cast<long double>(beside);
          size >= 1 && size <= static_cast<long double>(largest))
        found.insert(static_cast<std::int64_t>(size));
  }
  found.insert(largest);
  return found;
}

void check_variants(const Operation& operation, const Problem& problem) {
  for (const Variant& variant : variants()) {
    if (variant.operation != std::string_view(operation.name) ||
        variant.implementation->role == Role::probe || !why_skipped(operation, variant, problem).empty())
      continue;
    const double work = flops(operation, variant, problem);
    const std::size_t workspace = Runnable::of(variant)->workspace_bytes(problem, this_machine());
    INFO(benchmark_name(operation, variant, problem) << ": flops " << work << ", workspace " << workspace);
    CHECK((work >= 0 && std::isfinite(work)));
    CHECK(workspace < 0x1p62);
    CHECK(growth(operation, variant, problem) >= 0);
  }
}

void check_edge(const Operation& operation, const Edge& edge) {
  INFO(std::string(operation.name) << " " << edge.shape);
  const bool too_large = edge.elements * sizeof(float) > 0x1p47L;
  std::string refusal;
  for (const int threads : {1, 2, 1024}) {
    try {
      const Problem problem = parse_shape(operation, edge.shape, threads);
      CHECK(data_bytes(operation, problem) == static_cast<double>(edge.elements * sizeof(float)));
      const double bytes = bytes_of(operation.traffic(problem));
      CHECK(bytes > 0);
      CHECK(bytes <= data_bytes(operation, problem));
      check_variants(operation, problem);
    } catch (const std::invalid_argument& error) {
      refusal = error.what();
    }
  }
  INFO(refusal);
  CHECK(!refusal.empty() == too_large);
  CHECK((refusal.empty() || refusal.find("shape '" + edge.shape + "': ") == 0));
  CHECK((refusal.empty() || refusal.find(" too large") != std::string::npos));
  CHECK(refusal.find('\n') == std::string::npos);
}

TEST_CASE(
    "shapes at the edges of whole numbers are refused in one line, or all that follows from them is sound") {
  for (const OperationTests& tests : tests_of_operations())
    for (const std::int64_t size : edges())
      for (const Edge& edge : tests.edges ? tests.edges(size) : std::vector<Edge>())
        check_edge(*operation_named(tests.operation), edge);
}

TEST_CASE("products that are too large are the largest number") {
  CHECK(saturated_product(3, 5) == 15);
  CHECK(saturated_product(3037000499, 3037000499) == 9223372030926249001);
  CHECK(saturated_product(3037000500, 3037000500) == largest);
  CHECK(saturated_product(largest, 1) == largest);
  CHECK(saturated_product(largest, 2) == largest);
}

}  // namespace
