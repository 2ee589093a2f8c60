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

#include "operations/broadcast_matmul/products.hpp"
#include "operations/sums_of_products.hpp"
#include "suite/element.hpp"
#include "suite/shape.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::broadcast_matmul {
namespace {

using Products = BroadcastProducts;

std::string sizes_differ(const std::string& of, std::int64_t a, std::int64_t b) {
  return of + ", " + std::to_string(a) + " and " + std::to_string(b) + ", differ";
}

/// The smaller tensor first comes to its end: what it lacks in front is 1.
std::int64_t size_from_end(std::span<const std::int64_t> shape, std::size_t place) {
  return place <= shape.size() ? shape[shape.size() - place] : 1;
}

// Before these sizes are known to be sound, their products may overflow: in double they do not.
std::string mismatch(const Problem& problem) {
  const auto X = tensor_shape(problem, 0), Y = tensor_shape(problem, 1);
  if (X.size() < 2 || Y.size() < 2) return "a matrix has two sizes, a tensor of them has more";
  const std::int64_t K = size_from_end(X, 1);
  if (K != size_from_end(Y, 2))
    return sizes_differ("the last size of X and the last but one of Y", K, size_from_end(Y, 2));
  double elements = static_cast<double>(size_from_end(X, 2)) * static_cast<double>(size_from_end(Y, 1));
  for (std::size_t place = 3; place <= std::max(X.size(), Y.size()); ++place) {
    const std::int64_t of_X = size_from_end(X, place), of_Y = size_from_end(Y, place);
    if (of_X != of_Y && of_X != 1 && of_Y != 1)
      return sizes_differ("two sizes that are to be broadcast", of_X, of_Y) + " and neither is 1";
    elements *= static_cast<double>(std::max(of_X, of_Y));
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

/// The matrices of one product.
struct Pair {
  const float* X;
  const float* Y;
};

Pair pair(const Products& products, const float* const* inputs, std::int64_t product) {
  Pair pair{inputs[0], inputs[1]};
  for (int i = Products::batch_dimensions - 1; i >= 0; --i) {
    const std::int64_t at = product % products.sizes[i];
    product /= products.sizes[i];
    pair.X += at * products.X_steps[i];
    pair.Y += at * products.Y_steps[i];
  }
  return pair;
}

void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const Products products(problem);
  const std::int64_t M = products.M, K = products.K, N = products.N;
  for (const std::int64_t row : wanted) {
    const auto [X, Y] = pair(products, inputs, row / M);
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

/// Numbers of one size, all positive and hardly any two alike.
void fill_of_one_size(std::span<float> to, std::uint32_t round) { data::uniform(to, round, 0.5f, 2.0f); }

// Impulses in Y: 2^k at one place of each column of each matrix, zeros elsewhere. Every method must give
// exactly X[m, place] 2^k.

int impulse_in_Y_rounds(const Problem& problem) {
  const Products products(problem);
  return data::impulse_rounds(products.K, products.Y_elements / products.K);
}

void fill_impulses_in_Y(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const Products products(problem);
  fill_of_one_size(X_of(problem, inputs), round);
  data::impulses(inputs[1], round, products.Y_elements / (products.K * products.N), products.K, products.N);
}

// Impulses in X: the same in each row of each matrix. Every method must give exactly 2^k Y[place, n].

int impulse_in_X_rounds(const Problem& problem) {
  const Products products(problem);
  return data::impulse_rounds(products.K, products.X_elements / products.K);
}

void fill_impulses_in_X(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const Products products(problem);
  data::impulses(inputs[0], round, products.X_elements / products.K, products.K, 1);
  fill_of_one_size(Y_of(problem, inputs), round);
}

int sparse_rounds(const Problem& problem) { return data::sparse_rounds(Products(problem).K); }

void fill_sparse(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const Products products(problem);
  fill_of_one_size(X_of(problem, inputs), round);
  data::sparse(inputs[1], round, products.Y_elements / (products.K * products.N), products.K, products.N);
}

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

int non_finite_rounds(const Problem&) { return 6; }

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
    {.name = "huge", .check = Check::hard, .fill = Fills::huge, .rounds = Fills::one_round_for_each_input},
    {.name = "impulses in Y",
     .check = Check::impulses,
     .fill = fill_impulses_in_Y,
     .rounds = impulse_in_Y_rounds,
     .exact = data::every_row},
    {.name = "impulses in X",
     .check = Check::impulses,
     .fill = fill_impulses_in_X,
     .rounds = impulse_in_X_rounds,
     .exact = data::every_row},
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = fill_sparse,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    {.name = "whole numbers", .check = Check::integers, .fill = Fills::integers, .exact = data::every_row},
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = fill_non_finite,
     .rounds = non_finite_rounds},
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
