// What operations say alike whose results are sums of products of two inputs: a row of the reference, and the
// data that makes such sums hard.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "suite/element.hpp"
#include "suite/problem.hpp"
#include "suite/random.hpp"
#include "suite/verify/data.hpp"

namespace trilbench {

/// weights[0] x[0, c] + ... + weights[terms - 1] x[terms - 1, c] for each column c, and the sum of the terms'
/// magnitudes. In double, where a product of two floats is exact; the sum's own error, terms 2^-53 of the
/// magnitudes, is nothing beside float32's bound.
inline void sum_of_products(const float* weights, const float* x, std::int64_t terms, std::int64_t columns,
                            double* value, double* magnitude) {
  std::fill_n(value, columns, 0.0);
  std::fill_n(magnitude, columns, 0.0);
  for (std::int64_t k = 0; k < terms; ++k, x += columns) {
    const double weight = weights[k];
    for (std::int64_t c = 0; c < columns; ++c) {
      const double term = weight * x[c];
      value[c] += term;
      magnitude[c] += std::abs(term);
    }
  }
}

/// The inputs of a problem: each term is a product of one number of `left`, or 1, and one of `right`.
struct Factors {
  std::span<float> left;  // empty: 1 everywhere
  std::span<float> right;
  std::int64_t terms;    // of the longest sum
  std::int64_t columns;  // of right
};

/// Fills of an operation that says what its factors are.
template <Factors (*factors_of)(const Problem&, float* const* inputs)>
struct ProductFills {
  static void randn(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    TorchGenerator generator(round);
    generator.randn(of.left);
    generator.randn(of.right);
  }

  // Constants that float32 cannot hold, nor their products: in a naive sum every rounding errs to the same
  // side.

  static void tenth(const Problem& problem, std::uint32_t, float* const* inputs) {
    constant(factors_of(problem, inputs), 0.1f);
  }

  static void third(const Problem& problem, std::uint32_t, float* const* inputs) {
    constant(factors_of(problem, inputs), 1.0f / 3.0f);
  }

  static void positive(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    data::uniform(of.left, round + 1, 0.0f, 1.0f);
    data::uniform(of.right, round, 0.0f, 1.0f);
  }

  static void lognormal(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    data::lognormal(of.left, round + 1);
    data::lognormal(of.right, round);
  }

  static void cancelling(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    std::ranges::fill(of.left, 1.0f / 3.0f);
    data::cancelling_rows(of.right, round, of.columns);
  }

  // Of both at once every product would be 0.

  static void denormal_right(const Problem& problem, std::uint32_t round, float* const* inputs) {
    randn(problem, round, inputs);
    data::denormals(factors_of(problem, inputs).right, round);
  }

  static void denormal_left(const Problem& problem, std::uint32_t round, float* const* inputs) {
    randn(problem, round, inputs);
    data::denormals(factors_of(problem, inputs).left, round);
  }

  /// As large as the sums allow, on the right, then on the left: a method that doubles one of the last of
  /// them overflows.
  static void huge(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    const auto largest = std::numeric_limits<float>::max() / static_cast<float>(of.terms + 1);
    const bool on_the_right = round % 2 == 0 || of.left.empty();
    data::uniform(on_the_right ? of.right : of.left, round, largest * 0.75f, largest);
    data::uniform(on_the_right ? of.left : of.right, round + 1, 0.75f, 1.0f);
  }

  static int one_round_for_each_input(const Problem&) { return 2; }

  /// Whole numbers whose partial sums are exact in any order.
  static void integers(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    const double largest_product = static_cast<double>(most_counted) / static_cast<double>(of.terms);
    const int largest =
        std::max(static_cast<int>(of.left.empty() ? largest_product : std::sqrt(largest_product)), 1);
    data::whole_numbers(of.left, round + 1, largest);
    data::whole_numbers(of.right, round, largest);
  }

 private:
  static void constant(const Factors& of, float value) {
    std::ranges::fill(of.left, value);
    std::ranges::fill(of.right, value);
  }
};

}  // namespace trilbench
