// The bound itself, on numbers worked out by hand: a factor lost here would let every kernel pass.
#include "suite/verify/compare.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

namespace {

using trilbench::error_growth;
using trilbench::error_over_bound;
using trilbench::unit_roundoff;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

TEST_CASE("error growth: n roundings give n / (1 - n u)") {
  CHECK(error_growth(0) == 0);
  CHECK(error_growth(1) == 1 / (1 - 0x1p-24));
  CHECK(error_growth(1024) == 1024 / (1 - 0x1p-14));
  CHECK(error_growth(0x1p23) == 0x1p24);  // n u = 1/2
  CHECK(std::isinf(error_growth(0x1p24)));
  CHECK(std::isinf(error_growth(1e300)));
}

TEST_CASE("error over bound: each of the three parts counts once") {
  // |y - y*| = 2^-20 against u |y*|, u g M and h, each 2^-20 alone.
  CHECK(error_over_bound(16.0f + 0x1p-19f, 16.0 + 0x1p-20, 0, 0, 0) == doctest::Approx(1).epsilon(1e-6));
  CHECK(error_over_bound(0x1p-20f, 0, 1, 16, 0) == 1);
  CHECK(error_over_bound(0x1p-20f, 0, 8, 2, 0) == 1);
  CHECK(error_over_bound(0x1p-20f, 0, 0, 5, 0x1p-20) == 1);
  CHECK(error_over_bound(-0x1p-20f, 0, 0, 5, 0x1p-20) == 1);
  // And together.
  CHECK(error_over_bound(0x1p-20f, 0, 1, 16, 0x1p-20) == 0.5);
}

TEST_CASE("error over bound: the last bit decides") {
  const double allowed = 3 * unit_roundoff;  // u (|y*| + g M) with y* = 1, g = 2, M = 1
  CHECK(error_over_bound(static_cast<float>(1 + 2 * unit_roundoff), 1, 1, 2, 0) ==
        2 * unit_roundoff / allowed);
  CHECK(error_over_bound(static_cast<float>(1 + 4 * unit_roundoff), 1, 1, 2, 0) > 1);
}

TEST_CASE("error over bound: no error is 0, whatever the bound") {
  CHECK(error_over_bound(0.0f, 0, 0, 0, 0) == 0);
  CHECK(error_over_bound(-0.0f, 0, 0, 0, 0) == 0);
  CHECK(error_over_bound(3.0f, 3, 0, 0, 0) == 0);
  CHECK(error_over_bound(3.0f, 3, infinity, infinity, 0) == 0);
}

TEST_CASE("error over bound: any error without a bound is infinite") {
  CHECK(std::isinf(error_over_bound(0x1p-149f, 0, 0, 0, 0)));
}

TEST_CASE("error over bound: NaN and infinities must be the reference's") {
  CHECK(error_over_bound(nan, nan, 1, 1, 0) == 0);
  CHECK(error_over_bound(-nan, nan, 1, 1, 0) == 0);
  CHECK(error_over_bound(infinity, infinity, 1, 1, 0) == 0);
  CHECK(error_over_bound(-infinity, -infinity, 1, 1, 0) == 0);
  for (const float wrong : {0.0f, 1.0f, -infinity, nan})
    CHECK(std::isinf(error_over_bound(wrong, infinity, 1, 1, 0)));
  for (const float wrong : {0.0f, 1.0f, infinity, nan})
    CHECK(std::isinf(error_over_bound(wrong, -infinity, 1, 1, 0)));
  for (const float wrong : {0.0f, 1.0f, infinity, -infinity})
    CHECK(std::isinf(error_over_bound(wrong, nan, 1, 1, 0)));
  for (const float wrong : {nan, infinity, -infinity}) CHECK(std::isinf(error_over_bound(wrong, 1, 1, 1, 0)));
}

TEST_CASE("error over bound: a bound that is NaN or infinite hides nothing but what it must") {
  CHECK(std::isinf(error_over_bound(1.0f, 2, nan, 1, 0)));
  CHECK(std::isinf(error_over_bound(1.0f, 2, 0, infinity, 0)));  // 0 * infinity
  CHECK(std::isinf(error_over_bound(nan, 2, infinity, infinity, 0)));
  CHECK(error_over_bound(1.0f, 2, 1, infinity, 0) == 0);  // so many roundings that anything may come out
}

// Why the bound is what it is: the two figures of docs/numerics.md.

TEST_CASE("error over bound: sqrt(T) roundings do not explain what a naive sum of a constant loses") {
  constexpr int T = 131072;
  float sum = 0;
  for (int t = 0; t < T; ++t) sum += 0.1f;
  const double error = std::abs(sum / static_cast<float>(T) - double{0.1f});
  CHECK(error / (std::sqrt(T) * unit_roundoff * double{0.1f}) == doctest::Approx(48).epsilon(0.01));
  CHECK(error_over_bound(sum / static_cast<float>(T), 0.1f, 0.1f, error_growth(T + 2), 0) < 1);
}

TEST_CASE("error over bound: a product with the reciprocal is not the quotient, and both are right") {
  int divisors = 0;
  for (int n = 1; n <= 256; ++n) {
    const float reciprocal = 1 / static_cast<float>(n);
    bool differ = false;
    for (int sum = 1; sum < 1 << 16 && !differ; ++sum) {
      const auto whole = static_cast<float>(sum);
      differ = whole * reciprocal != whole / static_cast<float>(n);
    }
    divisors += differ;
  }
  CHECK(divisors == 247);
}

}  // namespace
