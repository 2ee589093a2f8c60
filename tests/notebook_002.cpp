// Notebook 002, whole, by the suite's own operations: what @ does with stacks of matrices, the triangle's row
// sums and averages, and the softmax of masked logits. It sets no seed: its products are replayed on other
// numbers, its last table on the logits that it prints.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "every_variant.hpp"
#include "notebook_tables.hpp"
#include "small_matrix.hpp"
#include "suite/random.hpp"

namespace {

using notebooks::Matrix;
using notebooks::ones;
using notebooks::tril;
using Floats = std::vector<float>;

constexpr std::size_t T = 8;

Floats randn(std::size_t count) {
  Floats values(count);
  trilbench::TorchGenerator(2).randn(values);
  return values;
}

/// Number `i` of the matrices that lie one after the other.
Matrix matrix(const Floats& stack, std::size_t i, std::size_t rows, std::size_t columns) {
  const auto from = stack.begin() + static_cast<std::ptrdiff_t>(i * rows * columns);
  return Matrix(rows, columns, Floats(from, from + static_cast<std::ptrdiff_t>(rows * columns)));
}

/// Products of so few terms differ by their roundings alone, which the variants' own bounds have been checked
/// for: here it matters which matrices met.
bool nearly(const Matrix& a, const Matrix& b) {
  bool near = a.rows == b.rows && a.columns == b.columns;
  for (std::size_t i = 0; near && i < a.values.size(); ++i)
    near = std::abs(a.values[i] - b.values[i]) < 1e-5f;
  return near;
}

std::string decimals(const Matrix& m) { return table(m, notebooks::with_four_decimals); }

/// W with something above its diagonal that nobody may look at.
Floats with_nan_above(Matrix W) {
  for (std::size_t t = 0; t < W.rows; ++t)
    for (std::size_t k = t + 1; k < W.columns; ++k) W(t, k) = std::numeric_limits<float>::quiet_NaN();
  return W.values;
}

}  // namespace

TEST_CASE("notebook 002, In [2] to [4]: (3, 1, 2, 2) @ (5, 2, 3), each slice a product of two matrices") {
  const Floats b = randn(3 * 2 * 2), c = randn(5 * 2 * 3);
  for (const Result& result : every_variant("broadcast_matmul", "3x1x2x2@5x2x3", {b, c})) {
    CAPTURE(result.variant);
    REQUIRE(result.y.size() == 3 * 5 * 2 * 3);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 5; ++j)
        CHECK(nearly(matrix(result.y, i * 5 + j, 2, 3), product(matrix(b, i, 2, 2), matrix(c, j, 2, 3))));
  }
}

TEST_CASE("notebook 002, In [6]: (6, 4, 2) @ (3, 1, 2, 2), the longer stack on the right") {
  const Floats b = randn(3 * 2 * 2), c = randn(6 * 4 * 2);
  for (const Result& result : every_variant("broadcast_matmul", "6x4x2@3x1x2x2", {c, b})) {
    CAPTURE(result.variant);
    REQUIRE(result.y.size() == 3 * 6 * 4 * 2);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 6; ++j)
        CHECK(nearly(matrix(result.y, i * 6 + j, 4, 2), product(matrix(c, j, 4, 2), matrix(b, i, 2, 2))));
  }
}

TEST_CASE("notebook 002, In [36]: the triangle's row sums, 1 to 8, as its product with a column of ones") {
  for (const Result& result :
       every_variant("tril_matmul", "1x8x1", {with_nan_above(ones(T)), Floats(T, 1.0f)})) {
    CAPTURE(result.variant);
    CHECK(result.y == Floats{1, 2, 3, 4, 5, 6, 7, 8});
  }
}

TEST_CASE("notebook 002, In [40]: (8, 8) @ (4, 8, 2), one matrix for every batch: running sums of each") {
  const Floats c = randn(4 * T * 2);
  const Matrix triangle = tril(ones(T));
  auto results = every_variant("broadcast_matmul", "8x8@4x8x2", {triangle.values, c});
  for (Result& result : every_variant("tril_matmul", "4x8x2", {with_nan_above(triangle), c}))
    results.push_back(std::move(result));
  for (const Result& result : results) {
    CAPTURE(result.variant);
    REQUIRE(result.y.size() == 4 * T * 2);
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(nearly(matrix(result.y, i, T, 2), product(triangle, matrix(c, i, T, 2))));
  }
}

TEST_CASE("notebook 002, In [38], [49] and [52]: the softmax of masked zeros is the averaged triangle") {
  for (const Result& result : every_variant("causal_softmax", "8", {with_nan_above(Matrix(T, T, 0.0f))})) {
    CAPTURE(result.variant);
    CHECK(decimals(Matrix(T, T, result.y)) == notebooks::normalised_triangle);
    CHECK(Matrix(T, T, result.y) == notebooks::rows_averaged(tril(ones(T))));
  }
}

TEST_CASE("notebook 002, In [53] to [55]: the softmax of logits that are not constant; its rows sum to 1") {
  Matrix logits(T, T, 0.0f);
  for (std::size_t r = 0; r < T; ++r)
    for (std::size_t c = 0; c < T; ++c) logits(r, c) = notebooks::logits[r][c];
  const Floats W = with_nan_above(logits);
  for (const Result& result : every_variant("causal_softmax", "8", {W})) {
    CAPTURE(result.variant);
    const Matrix weights(T, T, result.y);
    // Both tables were cut to four decimals. Half a unit of the fourth in the logits moves a weight P by at
    // most 2 P (1 - P) of that, at most a quarter of a unit.
    constexpr double unit = 1e-4;
    for (std::size_t r = 0; r < T; ++r)
      for (std::size_t c = 0; c < T; ++c) {
        CAPTURE(r);
        CAPTURE(c);
        CHECK(std::abs(weights(r, c) - notebooks::softmax_of_logits[r][c]) <= (0.5 + 0.25) * unit);
        if (c > r) CHECK(weights(r, c) == 0.0f);
      }
    CHECK(decimals(row_sums(weights)) == decimals(Matrix(T, 1, 1.0f)));
  }
  for (const Result& result : every_variant("causal_weighted_mean", "1x8x1", {W, Floats(T, 1.0f)})) {
    CAPTURE(result.variant);
    CHECK(decimals(Matrix(T, 1, result.y)) == decimals(Matrix(T, 1, 1.0f)));
  }
}
