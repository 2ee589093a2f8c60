// broadcast_matmul: NumPy's `@`. The last two dimensions of X and Y are matrices, which are multiplied; the
// dimensions before are aligned at their ends and broadcast.
//
//   out[..., m, n] = X[..., m, 0] Y[..., 0, n] + ... + X[..., m, K - 1] Y[..., K - 1, n]
//
// This file says what is right; docs/numerics.md derives the bound. A row of the output is one (..., m).
#include "suite/operation.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "operations/broadcast_matmul/products.hpp"
#include "operations/sums_of_products.hpp"
#include "suite/element.hpp"
#include "suite/shape.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::broadcast_matmul {
namespace {

std::string sizes_differ(const std::string& of, std::int64_t a, std::int64_t b) {
  return of + ", " + std::to_string(a) + " and " + std::to_string(b) + ", differ";
}

// Before these sizes are known to be sound, their products may overflow: in double they do not.
std::string mismatch(const Problem& problem) {
  const std::int64_t *X = problem.sizes, *Y = problem.sizes + max_dimensions;  // zeros in front count as 1
  constexpr int rows = max_dimensions - 2, columns = max_dimensions - 1;
  if (X[rows] == 0 || Y[rows] == 0) return "a matrix has two sizes, a tensor of them has more";
  if (X[columns] != Y[rows])
    return sizes_differ("the last size of X and the last but one of Y", X[columns], Y[rows]);
  double elements = static_cast<double>(X[rows]) * static_cast<double>(Y[columns]);
  for (int i = rows - 1; i >= 0; --i) {
    if (X[i] != Y[i] && X[i] > 1 && Y[i] > 1)
      return sizes_differ("two sizes that are to be broadcast", X[i], Y[i]) + " and neither is 1";
    elements *= static_cast<double>(std::max({X[i], Y[i], std::int64_t{1}}));
  }
  constexpr double most_elements = 0x1p60;
  return elements > most_elements ? "the output is too large" : "";
}

std::int64_t elements(const Problem& problem, int input) {
  const Products products(problem);
  return input == 0 ? products.X_elements : products.Y_elements;
}

std::int64_t columns(const Problem& problem) { return Products(problem).N; }

std::int64_t rows(const Problem& problem) {
  const Products products(problem);
  return products.elements / products.N;
}

/// The matrices that a product multiplies. Dimension by dimension, as the problem has them: how Products
/// merges them is for the reference to judge.
struct Pair {
  const float* X;
  const float* Y;
};

Pair pair(const Problem& problem, const float* const* inputs, std::int64_t product) {
  const std::int64_t *X = problem.sizes, *Y = problem.sizes + max_dimensions;  // zeros in front count as 1
  constexpr int rows = max_dimensions - 2, columns = max_dimensions - 1;
  Pair found{inputs[0], inputs[1]};
  std::int64_t of_X = X[rows] * X[columns], of_Y = Y[rows] * Y[columns];  // elements below the dimension
  for (int i = rows - 1; i >= 0; --i) {
    const std::int64_t size = std::max({X[i], Y[i], std::int64_t{1}}), at = product % size;
    product /= size;
    if (X[i] > 1) found.X += at * std::exchange(of_X, of_X * X[i]);
    if (Y[i] > 1) found.Y += at * std::exchange(of_Y, of_Y * Y[i]);
  }
  return found;
}

void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const std::int64_t* const X_sizes = problem.sizes + max_dimensions - 2;
  const std::int64_t M = X_sizes[0], K = X_sizes[1], N = problem.sizes[2 * max_dimensions - 1];
  for (const std::int64_t row : wanted) {
    const auto [X, Y] = pair(problem, inputs, row / M);
    sum_of_products(X + row % M * K, Y, K, N, value, magnitude);
    value += N;
    magnitude += N;
  }
}

Counts counts(const Problem& problem) {
  const Products products(problem);
  const auto outputs = static_cast<double>(products.elements);
  return {.terms = outputs * static_cast<double>(products.K), .outputs = outputs};
}

std::int64_t terms(const Problem& problem, std::int64_t) { return Products(problem).K; }

// Each term's product, and the additions.
double roundings(double terms) { return terms; }

// Sums do not underflow; each of the K products may lose half of the smallest denormal.
double underflow(const Problem& problem, std::int64_t) {
  return static_cast<double>(Products(problem).K) * smallest_denormal;
}

Traffic traffic(const Problem& problem) {
  const Products products(problem);
  return {{{Movement::read, 0, products.X_elements},
           {Movement::read, 1, products.Y_elements},
           {Movement::fill, 0, products.elements}}};
}

// Fills

std::span<float> X_of(const Problem& problem, float* const* inputs) {
  return {inputs[0], static_cast<std::size_t>(elements(problem, 0))};
}

std::span<float> Y_of(const Problem& problem, float* const* inputs) {
  return {inputs[1], static_cast<std::size_t>(elements(problem, 1))};
}

Factors factors_of(const Problem& problem, float* const* inputs) {
  return {X_of(problem, inputs), Y_of(problem, inputs), Products(problem).K, columns(problem)};
}

using Fills = ProductFills<factors_of>;

// Numbers among zeros, of Y in each column of each matrix, of X in each row.

void impulses_in_Y(std::span<float> Y, std::uint32_t round, const Problem& problem) {
  const Products products(problem);
  const std::int64_t K = products.K, N = products.N;
  data::impulses(Y.data(), round, products.Y_elements / (K * N), K, N);
}

int rounds_in_Y(const Problem& problem) {
  const Products products(problem);
  return data::impulse_rounds(products.K, products.Y_elements / products.K);
}

void impulses_in_X(std::span<float> X, std::uint32_t round, const Problem& problem) {
  const Products products(problem);
  data::impulses(X.data(), round - 1, products.X_elements / products.K, products.K, 1);
}

int rounds_in_X(const Problem& problem) {
  const Products products(problem);
  return data::impulse_rounds(products.K, products.X_elements / products.K);
}

void sparse(std::span<float> Y, std::uint32_t round, const Problem& problem) {
  const Products products(problem);
  const std::int64_t K = products.K, N = products.N;
  data::sparse(Y.data(), round, products.Y_elements / (K * N), K, N);
}

int sparse_rounds(const Problem& problem) { return data::sparse_rounds(Products(problem).K); }

double sparse_roundings(const Problem& problem, std::int64_t) {
  const std::int64_t K = Products(problem).K;
  return static_cast<double>((K - 1) / data::sparse_stride(K)) + 1;
}

// NaN, infinities, and both infinities in one sum (which is NaN), among ordinary numbers; in X, then in Y.
void fill_non_finite(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const Products products(problem);
  Fills::randn(problem, round, inputs);
  const std::int64_t sums = (round % 2 == 0 ? products.X_elements : products.Y_elements) / products.K;
  data::scatter_non_finite(round % 2 == 0 ? X_of(problem, inputs) : Y_of(problem, inputs), round,
                           std::max<std::int64_t>(sums / 2, 1));
}

constexpr const char* axes[] = {"X", "Y"};

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = Fills::randn, .data = "normal"},
    {.name = "constant 0.1", .check = Check::hard, .fill = Fills::tenth},
    {.name = "constant 1/3", .check = Check::hard, .fill = Fills::third},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = Fills::positive, .data = "positive"},
    {.name = "lognormal", .check = Check::hard, .fill = Fills::lognormal, .data = "spread"},
    {.name = "cancelling pairs", .check = Check::hard, .fill = Fills::cancelling},
    {.name = "denormals in Y", .check = Check::hard, .fill = Fills::denormal_right, .data = "denormal"},
    {.name = "denormals in X", .check = Check::hard, .fill = Fills::denormal_left},
    {.name = "huge", .check = Check::hard, .fill = Fills::huge, .rounds = rounds<2>},
    // Every method must give exactly X[m, place] 2^k, and 2^k Y[place, n].
    exact({.name = "impulses in Y",
           .check = Check::impulses,
           .fill = Fills::filled<of_one_size, impulses_in_Y>,
           .rounds = rounds_in_Y}),
    exact({.name = "impulses in X",
           .check = Check::impulses,
           .fill = Fills::filled<impulses_in_X, of_one_size>,
           .rounds = rounds_in_X}),
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = Fills::filled<of_one_size, sparse>,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    exact({.name = "whole numbers", .check = Check::integers, .fill = Fills::integers}),
    {.name = "NaN and infinities", .check = Check::non_finite, .fill = fill_non_finite, .rounds = rounds<6>},
};

}  // namespace

extern const Operation operation = {
    .name = "broadcast_matmul",
    .formula = "out = X @ Y, matrices in the last two dimensions, the others broadcast",
    .axes = axes,
    .example = "3x1x2x2@5x2x3",
    .axis_kind = AxisKind::shape,
    .mismatch = mismatch,
    .inputs = 2,
    .input_elements = elements,
    .rows = rows,
    .columns = columns,
    .reference = reference,
    .counts = counts,
    .terms = terms,
    .roundings = roundings,
    .underflow = underflow,
    .traffic = traffic,
    .fills = fills,
};

}  // namespace trilbench::broadcast_matmul
