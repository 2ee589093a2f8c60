// The operations are one family, and check each other:
//
//   causal_mean = tril_matmul with W = 1 / (t + 1) = causal_weighted_mean with W = 0
//   causal_weighted_mean = tril_matmul with W = causal_softmax
//   causal_attention = causal_mean of v with k = 0 = causal_weighted_mean of v with W = q k^T / sqrt(D)
//
// Every variant of the one side is compared with every variant of the other: within the sum of both bounds,
// and bit for bit where both sides are exact.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string_view>
#include <vector>

#include "every_variant.hpp"
#include "suite/random.hpp"
#include "suite/registry.hpp"
#include "suite/verify/compare.hpp"
#include "suite/verify/data.hpp"

namespace {

using namespace trilbench;

using Floats = std::vector<float>;

/// One side of an identity: what each variant makes of the inputs, and how far each may be from the exact
/// result.
struct Side {
  std::vector<Result> results;
  std::vector<double> bound;
};

/// `more_roundings`: those that an input of this side has seen already.
Side side(std::string_view operation_name, const Problem& problem, const std::vector<Floats>& inputs,
          double more_roundings = 0) {
  const Operation& operation = *operation_named(operation_name);
  Side made{every_variant(operation_name, problem, inputs), {}};
  const std::int64_t rows = operation.rows(problem), columns = operation.columns(problem);
  std::vector<double> value(rows * columns), magnitude(value.size());
  std::vector<const float*> pointers;
  for (const Floats& input : inputs) pointers.push_back(input.data());
  operation.reference(problem, pointers.data(), sample_rows(operation, problem, rows, 0), value.data(),
                      magnitude.data());
  for (std::int64_t i = 0; i < rows * columns; ++i) {
    const double growth = error_growth(
        operation.roundings(static_cast<double>(operation.terms(problem, i / columns))) + more_roundings);
    made.bound.push_back(unit_roundoff * (std::abs(value[i]) + growth * magnitude[i]) +
                         operation.underflow(problem, i / columns));
  }
  return made;
}

void check_within_bounds(const Side& a, const Side& b) {
  REQUIRE(!a.results.empty());
  REQUIRE(!b.results.empty());
  for (const Result& one : a.results)
    for (const Result& other : b.results) {
      const auto far = [&](std::size_t i) {
        const double difference = std::abs(static_cast<double>(one.y[i]) - other.y[i]);
        return !(difference <= a.bound[i] + b.bound[i]);  // a NaN too
      };
      std::size_t i = 0;
      while (i < one.y.size() && !far(i)) ++i;
      CHECK_MESSAGE(i == one.y.size(),
                    one.variant << " and " << other.variant << " differ by more than both bounds at " << i);
    }
}

void check_same_bits(const Side& a, const Side& b) {
  for (const Result& one : a.results)
    for (const Result& other : b.results)
      CHECK_MESSAGE(std::memcmp(one.y.data(), other.y.data(), one.y.size() * sizeof(float)) == 0,
                    one.variant << " and " << other.variant << " differ in their bits");
}

struct Shape {
  std::int64_t B, T, C;

  Problem problem() const { return {.sizes = {B, T, C}, .threads = 1}; }
};

constexpr Shape shapes[] = {{1, 1, 1}, {2, 7, 3}, {3, 17, 1}, {1, 33, 16}, {2, 65, 5}, {1, 257, 33}};

/// Rows of 1 / (t + 1), and NaN where nobody may look.
Floats mean_triangle(std::int64_t T) {
  Floats W(T * T, std::nanf(""));
  for (std::int64_t t = 0; t < T; ++t)
    std::fill_n(W.begin() + t * T, t + 1, 1.0f / static_cast<float>(t + 1));
  return W;
}

Floats randn(std::int64_t count, std::uint32_t seed) {
  Floats numbers(count);
  TorchGenerator(seed).randn(numbers);
  return numbers;
}

/// x of impulses, whose means are exact however they are computed.
Floats impulses(const Shape& shape) {
  Floats x(shape.B * shape.T * shape.C);
  data::impulses(x.data(), 0, shape.B, shape.T, shape.C);
  return x;
}

TEST_CASE("identities: the mean is a product with 1 / (t + 1)") {
  for (const Shape& shape : shapes) {
    const Problem problem = shape.problem();
    const Floats W = mean_triangle(shape.T), x = randn(shape.B * shape.T * shape.C, 1);
    check_within_bounds(side("causal_mean", problem, {x}), side("tril_matmul", problem, {W, x}, 1));
    check_same_bits(side("causal_mean", problem, {impulses(shape)}),
                    side("tril_matmul", problem, {W, impulses(shape)}));
  }
}

TEST_CASE("identities: the mean is a weighted mean under logits of zero") {
  for (const Shape& shape : shapes) {
    const Problem problem = shape.problem();
    const Floats W(shape.T * shape.T, 0.0f), x = randn(shape.B * shape.T * shape.C, 2);
    check_within_bounds(side("causal_mean", problem, {x}), side("causal_weighted_mean", problem, {W, x}));
    check_same_bits(side("causal_mean", problem, {impulses(shape)}),
                    side("causal_weighted_mean", problem, {W, impulses(shape)}));
  }
}

TEST_CASE("identities: the weighted mean is a product with the softmax") {
  for (const Shape& shape : shapes) {
    const Problem problem = shape.problem();
    const Floats W = randn(shape.T * shape.T, 3), x = randn(shape.B * shape.T * shape.C, 4);
    const Side weighted = side("causal_weighted_mean", problem, {W, x});
    for (const Result& P : side("causal_softmax", {.sizes = {shape.T}, .threads = 1}, {W}).results) {
      // What P is wrong by, its own bound says; as a mean of x it is no more than the weighted mean may be.
      Side product = side("tril_matmul", problem, {P.y, x});
      for (std::size_t i = 0; i < product.bound.size(); ++i) product.bound[i] += weighted.bound[i];
      check_within_bounds(weighted, product);
    }
  }
}

// Attention. Its heads are sequences: v[B, H, T, D] is the x[B H, T, D] of a mean.

struct Heads {
  std::int64_t B, H, T, D;

  Problem problem() const { return {.sizes = {B, H, T, D}, .threads = 1}; }
  Shape sequences() const { return {B * H, T, D}; }
  std::int64_t count() const { return B * H * T * D; }
};

constexpr Heads all_heads[] = {{1, 1, 1, 1}, {2, 3, 7, 3}, {1, 2, 33, 16}, {1, 1, 65, 5}, {1, 2, 257, 33}};

TEST_CASE("identities: attention to keys of zero is the mean of the values") {
  for (const Heads& of : all_heads) {
    const Floats q = randn(of.count(), 5), k(of.count(), 0.0f), v = randn(of.count(), 6);
    const Problem mean = of.sequences().problem();
    check_within_bounds(side("causal_mean", mean, {v}), side("causal_attention", of.problem(), {q, k, v}));
    const Floats exact = impulses(of.sequences());
    check_same_bits(side("causal_mean", mean, {exact}),
                    side("causal_attention", of.problem(), {q, k, exact}));
  }
}

TEST_CASE("identities: attention to equal keys is the mean of the values") {
  for (const Heads& of : all_heads) {
    const Floats q = randn(of.count(), 7), v = randn(of.count(), 8), key = randn(of.D, 9);
    Floats k;
    while (std::ssize(k) < of.count()) k.insert(k.end(), key.begin(), key.end());
    check_within_bounds(side("causal_mean", of.sequences().problem(), {v}),
                        side("causal_attention", of.problem(), {q, k, v}));
  }
}

TEST_CASE("identities: attention of a single position is its value") {
  for (const Heads& of : {Heads{1, 1, 1, 1}, Heads{3, 2, 1, 5}, Heads{2, 2, 1, 64}, Heads{1, 3, 1, 129}}) {
    const Floats q = randn(of.count(), 10), k = randn(of.count(), 11), v = randn(of.count(), 12);
    for (const Result& one : every_variant("causal_attention", of.problem(), {q, k, v}))
      CHECK_MESSAGE(one.y == v, one.variant);
  }
}

TEST_CASE("identities: attention to one dominant key is its value, before it to the dominant one of then") {
  for (const Heads& of : all_heads) {
    const Floats q(of.count(), 1.0f), v = randn(of.count(), 13);
    Floats k(of.count(), -300.0f),
        expected = v;  // the logits are -300 sqrt(D), of position 0 none, and 300 sqrt(D)
    const std::int64_t dominant = of.T / 2, head = of.T * of.D;
    for (std::int64_t first = 0; first < of.count(); first += head) {
      std::fill_n(k.begin() + first, of.D, 0.0f);
      if (dominant > 0) std::fill_n(k.begin() + first + dominant * of.D, of.D, 300.0f);
      for (std::int64_t i = 0; i < head; ++i)
        expected[first + i] = v[first + (i / of.D < dominant ? 0 : dominant * of.D) + i % of.D];
    }
    for (const Result& one : every_variant("causal_attention", of.problem(), {q, k, v}))
      CHECK_MESSAGE(one.y == expected, one.variant);
  }
}

TEST_CASE("identities: attention is a weighted mean under the products of queries and keys") {
  for (const Heads& of : {Heads{1, 1, 1, 1}, Heads{1, 1, 33, 16}, Heads{1, 1, 65, 5}, Heads{1, 1, 257, 33}}) {
    const Floats q = randn(of.count(), 14), k = randn(of.count(), 15), v = randn(of.count(), 16);
    Floats W(of.T * of.T, std::nanf(""));
    for (std::int64_t t = 0; t < of.T; ++t)
      for (std::int64_t j = 0; j <= t; ++j) {
        double product = 0;
        for (std::int64_t d = 0; d < of.D; ++d) product += double{q[t * of.D + d]} * k[j * of.D + d];
        W[t * of.T + j] = static_cast<float>(product / std::sqrt(static_cast<double>(of.D)));
      }
    // W is rounded, as a logit's last rounding is, which attention's bound holds.
    check_within_bounds(side("causal_attention", of.problem(), {q, k, v}),
                        side("causal_weighted_mean", of.sequences().problem(), {W, v}));
  }
}

TEST_CASE("identities: heads that share keys are heads with copies of them") {
  constexpr std::int64_t groups = 2, each = 3, T = 33, D = 5;
  const Floats q = randn(groups * each * T * D, 17), k = randn(groups * T * D, 18),
               v = randn(groups * T * D, 19);
  const auto copied = [](const Floats& shared) {
    Floats all;
    for (std::int64_t head = 0; head < groups * each; ++head)
      all.insert(all.end(), shared.begin() + head / each * T * D, shared.begin() + (head / each + 1) * T * D);
    return all;
  };
  check_within_bounds(
      side("causal_attention", {.sizes = {1, groups, T, D, each}, .threads = 1}, {q, k, v}),
      side("causal_attention", {.sizes = {1, groups * each, T, D}, .threads = 1}, {q, copied(k), copied(v)}));
}

}  // namespace
