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

#include "suite/registry.hpp"
#include "suite/row.hpp"
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

/// A shape, and the floats of its arrays, worked out apart from the operation.
struct Edge {
  std::string shape;
  long double floats;
};

/// Each axis alone, then any of them together.
std::vector<Edge> edges_of(std::string_view operation) {
  std::vector<Edge> found;
  for (const std::int64_t edge : edges()) {
    const auto E = static_cast<long double>(edge);
    const std::string e = std::to_string(edge);
    if (operation == "machine") {
      found.push_back({e, 2 * E});
    } else if (operation == "causal_softmax") {
      found.push_back({e, 2 * E * E});
    } else if (operation == "broadcast_matmul") {
      for (int which = 1; which < 8; ++which) {
        const long double M = which & 1 ? E : 1, K = which & 2 ? E : 1, N = which & 4 ? E : 1;
        const auto text = [&](long double size) { return size == 1 ? "1" : e; };
        found.push_back(
            {std::string(text(M)) + "x" + text(K) + "@" + text(K) + "x" + text(N), M * K + K * N + M * N});
      }
      found.push_back({e + "x1x1@1x1", 2 * E + 1});
      found.push_back({"2x3@" + e + "x3x1", 6 + 5 * E});
      found.push_back({e + "x1x2x1@" + e + "x1x3", 2 * E + 3 * E + 6 * E * E});
    } else {
      for (int which = 1; which < 8; ++which) {
        const long double B = which & 1 ? E : 1, T = which & 2 ? E : 1, C = which & 4 ? E : 1;
        std::string shape;
        for (const long double size : {B, T, C}) shape += (shape.empty() ? "" : "x") + (size == 1 ? "1" : e);
        found.push_back({shape, 2 * B * T * C + (operation == "causal_mean" ? 0 : T * T)});
      }
    }
  }
  return found;
}

void check_rows(const Operation& operation, const Problem& problem) {
  for (const Implementation* row : implementations()) {
    if (row->operation != std::string_view(operation.name)) continue;
    const auto own = figures(operation, *row, problem);
    CHECK(own.has_value() == why_skipped(*row, problem).empty());
    if (!own) continue;
    INFO(std::string(row->name) << "/" << name_of(row->isa) << ": flops " << own->flops << ", workspace "
                                << own->workspace_bytes);
    CHECK((own->flops >= 0 && std::isfinite(own->flops)));
    CHECK(own->workspace_bytes < 0x1p62);
    CHECK(own->growth >= 0);
  }
}

TEST_CASE(
    "shapes at the edges of whole numbers are refused in one line, or all that follows from them is sound") {
  for (const Operation* operation : operations())
    for (const Edge& edge : edges_of(operation->name)) {
      INFO(std::string(operation->name) << " " << edge.shape);
      const bool too_large = edge.floats * sizeof(float) > 0x1p47L;
      std::string refusal;
      for (const int threads : {1, 2, 1024}) {
        try {
          const Problem problem = parse_shape(*operation, edge.shape, threads);
          CHECK(data_bytes(*operation, problem) == static_cast<double>(edge.floats * sizeof(float)));
          CHECK(operation->bytes(problem) > 0);
          CHECK(operation->bytes(problem) <= data_bytes(*operation, problem));
          check_rows(*operation, problem);
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
}

TEST_CASE("products that are too large are the largest number") {
  CHECK(saturated_product(3, 5) == 15);
  CHECK(saturated_product(3037000499, 3037000499) == 9223372030926249001);
  CHECK(saturated_product(3037000500, 3037000500) == largest);
  CHECK(saturated_product(largest, 1) == largest);
  CHECK(saturated_product(largest, 2) == largest);
}

}  // namespace
