// What operations say alike whose results are sums of products of two inputs: a row of the reference, and the
// data that makes such sums hard.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "suite/element.hpp"
#include "suite/operation.hpp"
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

/// A fill whose outputs must be the correctly rounded reference in every row.
constexpr Fill exact(Fill fill) {
  fill.exact = data::every_row;
  return fill;
}

/// Of a fill that takes so many, whatever the problem.
template <int count>
int rounds(const Problem&) {
  return count;
}

/// The inputs of a problem: each term is a product of one number of `left`, or 1, and one of `right`.
struct Factors {
  std::span<float> left;  // empty: 1 everywhere
  std::span<float> right;
  std::int64_t terms;    // of the longest sum
  std::int64_t columns;  // of right
};

/// Of a factor that is 1 everywhere.
inline void none(std::span<float>, std::uint32_t) {}

/// Numbers of one size, all positive and hardly any two alike.
inline void of_one_size(std::span<float> to, std::uint32_t round) { data::uniform(to, round, 0.5f, 2.0f); }

inline void from_0_to_1(std::span<float> to, std::uint32_t round) { data::uniform(to, round, 0.0f, 1.0f); }

/// A constant that float32 cannot hold, nor its products: in a naive sum every rounding errs to the same
/// side.
template <int n>
void one_nth(std::span<float> to, std::uint32_t) {
  std::ranges::fill(to, 1.0f / n);
}

/// Fills of an operation that says what its factors are.
template <Factors (*factors_of)(const Problem&, float* const* inputs)>
struct ProductFills {
  /// Each factor in its own way: fill(numbers, round), or fill(numbers, round, problem). The left one is
  /// given the next round, or both might be the same numbers.
  template <auto fill_left, auto fill_right>
  static void filled(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const auto fill = [&problem](const auto& fill_factor, std::span<float> factor, std::uint32_t of_factor) {
      if constexpr (requires { fill_factor(factor, of_factor, problem); }) {
        fill_factor(factor, of_factor, problem);
      } else {
        fill_factor(factor, of_factor);
      }
    };
    const Factors of = factors_of(problem, inputs);
    fill(fill_left, of.left, round + 1);
    fill(fill_right, of.right, round);
  }

  static constexpr auto tenth = filled<one_nth<10>, one_nth<10>>;
  static constexpr auto third = filled<one_nth<3>, one_nth<3>>;
  static constexpr auto positive = filled<from_0_to_1, from_0_to_1>;
  static constexpr auto lognormal = filled<data::lognormal, data::lognormal>;

  static void randn(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    TorchGenerator generator(round);
    generator.randn(of.left);
    generator.randn(of.right);
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

  /// As large as the sums allow, on the right, in the second round on the left: a method that doubles one of
  /// the last of them overflows.
  static void huge(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    const auto largest = std::numeric_limits<float>::max() / static_cast<float>(of.terms + 1);
    const bool on_the_right = round % 2 == 0 || of.left.empty();
    data::uniform(on_the_right ? of.right : of.left, round, largest * 0.75f, largest);
    data::uniform(on_the_right ? of.left : of.right, round + 1, 0.75f, 1.0f);
  }

  /// Whole numbers whose partial sums are exact in any order.
  static void integers(const Problem& problem, std::uint32_t round, float* const* inputs) {
    const Factors of = factors_of(problem, inputs);
    const double largest_product = static_cast<double>(most_counted) / static_cast<double>(of.terms);
    const int largest =
        std::max(static_cast<int>(of.left.empty() ? largest_product : std::sqrt(largest_product)), 1);
    data::whole_numbers(of.left, round + 1, largest);
    data::whole_numbers(of.right, round, largest);
  }
};

}  // namespace trilbench
