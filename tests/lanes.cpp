// src/simd/ on every instruction set: the bits that IEEE 754 asks for, lane by lane. A library's lanes may
// approximate (xsimd's divide floats by a reciprocal and Newton's steps on NEON: off by an ulp from 1/13 on).
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "parts.hpp"
#include "parts/simd/results.hpp"

namespace {

using namespace trilbench;
using simd_part::OfLanes;
using simd_part::OfRegister;
using Numbers = std::vector<float>;

constexpr std::size_t widest = 16;  // lanes

Numbers results(const Variant& variant, const std::vector<Numbers>& inputs, int kinds) {
  const std::size_t count = inputs[0].size();
  std::vector<const float*> pointers;
  for (const Numbers& input : inputs) pointers.push_back(input.data());
  Numbers y(count * static_cast<std::size_t>(kinds), 0.5f);
  call(variant, {.sizes = {static_cast<std::int64_t>(count)}, .threads = 1}, pointers.data(), y.data());
  return y;
}

/// The same bits, or both not a number.
bool same(float a, float b) {
  return std::isnan(a) ? std::isnan(b) : std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

const Numbers& awkward_numbers() {
  using Limits = std::numeric_limits<float>;
  static const Numbers numbers{0,
                               -0.0f,
                               1,
                               -1,
                               3,
                               1.0f / 3,
                               0x1.fffffep-1f,
                               -0x1.000002p0f,
                               0x1p24f,
                               Limits::denorm_min(),
                               -0x1.fffffcp-127f,  // the largest of the denormal
                               Limits::min(),
                               Limits::max(),
                               -Limits::infinity(),
                               Limits::infinity(),
                               Limits::quiet_NaN()};
  return numbers;
}

/// a, b and c: every triple of awkward numbers, 1 and other numerators over counts, and any bits at all.
std::vector<Numbers> triples() {
  Numbers a, b, c;
  const auto add = [&](float x, float y, float z) {
    a.push_back(x);
    b.push_back(y);
    c.push_back(z);
  };
  for (const float x : awkward_numbers())
    for (const float y : awkward_numbers())
      for (const float z : awkward_numbers()) add(x, y, z);
  std::mt19937 engine(15);
  std::normal_distribution<float> normal;
  for (int count = 1; count <= 4096; ++count) {
    add(1, static_cast<float>(count), normal(engine));
    add(normal(engine), static_cast<float>(count), normal(engine));
  }
  const auto any = [&] { return std::bit_cast<float>(static_cast<std::uint32_t>(engine())); };
  for (int i = 0; i < 65536; ++i) add(any(), any(), any());
  return {a, b, c};
}

float expected(OfLanes result, bool fuses, float a, float b, float c) {
  switch (result) {
    case OfLanes::sum:
      return a + b;
    case OfLanes::difference:
      return a - b;
    case OfLanes::product:
      return a * b;
    case OfLanes::quotient:
      return a / b;
    case OfLanes::fused:
      return fuses ? std::fma(a, b, c) : a * b + c;
    case OfLanes::larger:
      return a > b ? a : b;
  }
  return 0;
}

TEST_CASE("lanes: arithmetic is rounded once, as IEEE 754 asks for, on every instruction set") {
  const std::vector<Numbers> inputs = triples();
  const std::size_t count = inputs[0].size();
  REQUIRE(count % widest == 0);
  for_each_isa("within_lanes", [&](const Variant& variant) {
    const Numbers y = results(variant, inputs, simd_part::results_of_lanes);
    for (int kind = 0; kind < simd_part::results_of_lanes; ++kind) {
      std::size_t wrong = 0, at = 0;
      for (std::size_t i = 0; i < count; ++i) {
        const float right =
            expected(OfLanes{kind}, variant.isa != Isa::sse2, inputs[0][i], inputs[1][i], inputs[2][i]);
        if (!same(y[static_cast<std::size_t>(kind) * count + i], right) && wrong++ == 0) at = i;
      }
      INFO("result " << kind << ", first of a = " << inputs[0][at] << ", b = " << inputs[1][at]
                     << ", c = " << inputs[2][at]);
      CHECK(wrong == 0);
    }
  });
}

/// Every lane: all of `v` combined, halves with halves, then within the halves.
template <class Combine>
float combined(Numbers v, const Combine& combine) {
  for (std::size_t half = v.size() / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) v[i] = combine(v[i], v[i + half]);
  return v[0];
}

float expected(OfRegister result, const Numbers& v, std::size_t lane) {
  const auto sum = [](float a, float b) { return a + b; };
  const std::size_t half = v.size() / 2;
  switch (result) {
    case OfRegister::sum:
      return combined(v, sum);
    case OfRegister::largest:
      return *std::max_element(v.begin(), v.end());
    case OfRegister::moved_up:
      return lane == 0 ? 0 : v[lane - 1];
    case OfRegister::repeated:
      return v[1 + lane % 2];
    case OfRegister::first_halves:
      return lane < half ? v[lane] : 2 * v[lane - half];
    case OfRegister::sums_of_halves: {
      const auto of_half = v.begin() + static_cast<std::ptrdiff_t>(lane < half ? 0 : half);
      return combined(Numbers(of_half, of_half + static_cast<std::ptrdiff_t>(half)), sum);
    }
    case OfRegister::first_three:
      return lane < 3 ? v[lane] : 0;
    case OfRegister::rest_of_ones:
      return lane < 3 ? v[lane] : 1;
    case OfRegister::count:
      return static_cast<float>(v.size());
  }
  return 0;
}

TEST_CASE("lanes: reductions add halves to halves, and lanes move where they should") {
  Numbers x(4096);
  std::mt19937 engine(16);
  std::normal_distribution<float> normal;
  for (float& number : x) number = normal(engine);
  for_each_isa("across_lanes", [&](const Variant& variant) {
    const Numbers y = results(variant, {x}, simd_part::results_of_register);
    const auto lanes = static_cast<std::size_t>(y.back());  // as the last result says
    REQUIRE((lanes > 0 && x.size() % lanes == 0));
    for (int kind = 0; kind < simd_part::results_of_register; ++kind) {
      std::size_t wrong = 0;
      for (std::size_t first = 0; first < x.size(); first += lanes) {
        const Numbers v(x.begin() + static_cast<std::ptrdiff_t>(first),
                        x.begin() + static_cast<std::ptrdiff_t>(first + lanes));
        for (std::size_t lane = 0; lane < lanes; ++lane)
          wrong += !same(y[static_cast<std::size_t>(kind) * x.size() + first + lane],
                         expected(OfRegister{kind}, v, lane));
      }
      INFO("result " << kind);
      CHECK(wrong == 0);
    }
  });
}

}  // namespace
