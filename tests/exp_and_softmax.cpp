// The exponential and the softmax in lanes, on logits of all sizes, apart from the operations that they
// serve.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "parts.hpp"
#include "suite/verify/compare.hpp"

namespace {

using namespace trilbench;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t widest = 16;  // lanes of the exponential's arguments

std::vector<float> results(const Variant& variant, const std::vector<float>& x) {
  std::vector<float> y(x.size(), nan);
  const Problem problem{.sizes = {static_cast<std::int64_t>(x.size())}, .threads = 1};
  const float* const inputs[] = {x.data()};
  call(variant, problem, inputs, y.data());
  return y;
}

TEST_CASE("exp in lanes errs by no more than its header says") {
  std::vector<float> x;
  constexpr auto last = std::bit_cast<std::uint32_t>(-87.33f);
  for (auto bits = std::bit_cast<std::uint32_t>(-0.0f); bits <= last; bits += 1009)
    x.push_back(std::bit_cast<float>(bits));
  x.resize(x.size() / widest * widest);
  for_each_isa("exponential", [&](const Variant& variant) {
    const std::vector<float> y = results(variant, x);
    double worst = 0, worst_near = 0;
    float at = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double expected = std::exp(static_cast<double>(x[i]));
      if (y[i] == 0 && expected < 0x1.6a1p-126) continue;  // sqrt(2) 2^-126: from here on it may be 0
      const double ulp = std::exp2(std::floor(std::log2(expected)) - 23);
      const double error = std::abs(y[i] - expected) / ulp;
      if (x[i] > -10) worst_near = std::max(worst_near, error);
      if (!(error <= worst)) {
        worst = error;
        at = x[i];
      }
    }
    INFO("worst at x = " << at);
    CHECK(worst_near < 2.2);
    CHECK(worst < (variant.isa == Isa::sse2 ? 2.2 : 5.3));
    MESSAGE("exp, " << isa_text(variant) << ": at most " << worst_near << " ulp above -10, " << worst
                    << " below");
  });
}

TEST_CASE("exp in lanes is exact at its ends") {
  const std::vector<float> ends{0.0f,      -0.0f,   -0x1p-149f, -87.34f,
                                -100.0f,   -104.0f, -1e30f,     std::numeric_limits<float>::lowest(),
                                -infinity, nan};
  const std::vector<float> expected{1, 1, 1, 0, 0, 0, 0, 0, 0, nan};
  for_each_isa("exponential", [&](const Variant& variant) {
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const float y = results(variant, std::vector<float>(widest, ends[i])).front();
      INFO("e^" << ends[i] << " = " << y);
      CHECK((std::isnan(expected[i]) ? std::isnan(y) : y == expected[i]));
    }
  });
}

// Attention's weights: a wrong coefficient, or a result that is denormal, would show here.
TEST_CASE("2^x in lanes errs by no more than its bound allows, and is exact at its ends") {
  std::vector<float> x{0.0f, -0.0f, -1.0f, -17.0f, -126.5f, -1e30f, -infinity, nan};
  const std::vector<float> ends{1, 1, 0.5f, 0x1p-17f, 0, 0, 0, nan};
  for (float argument = -125; x.size() % widest != 0 || argument < -1e-4f; argument *= 0.99991f)
    x.push_back(argument);
  for_each_isa("power_of_two", [&](const Variant& variant) {
    const std::vector<float> y = results(variant, x);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      INFO("2^" << x[i] << " = " << y[i]);
      CHECK((std::isnan(ends[i]) ? std::isnan(y[i]) : y[i] == ends[i]));
    }
    double worst = 0;
    for (std::size_t i = ends.size(); i < x.size(); ++i) {
      const double expected = std::exp2(static_cast<double>(x[i]));
      worst = std::max(worst, std::abs(y[i] - expected) / expected * 0x1p24);
    }
    MESSAGE("2^x, " << isa_text(variant) << ": at most " << worst << " of 2^-24");
    CHECK(worst < 3.5);
  });
}

/// The worst error of a softmax over its bound. The rounding of a logit's distance d from the largest counts
/// d times.
double softmax_error(const std::vector<float>& logits, const std::vector<float>& weights) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0, amplification = 0;
  for (const float logit : logits) {
    const double power = std::exp(logit - largest);
    sum += power;
    if (power > 0) amplification += power * (largest - logit);
  }
  const double growth = error_growth(static_cast<double>(logits.size()) + 8);
  double worst = 0;
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const double expected = std::exp(logits[i] - largest) / sum;
    const double distance = expected > 0 ? largest - logits[i] : 0;
    const double magnitude = expected * (1 + distance + amplification / sum);
    worst = std::max(worst, error_over_bound(weights[i], expected, magnitude, growth, 0x1p-125));
  }
  return worst;
}

TEST_CASE("softmax in lanes is within its bound for any length, any scale, the largest logit anywhere") {
  for_each_isa("weights", [](const Variant& variant) {
    std::mt19937 engine(1);
    std::normal_distribution<float> normal;
    double worst = 0;
    for (std::size_t count = 1; count <= 150; ++count)
      for (const float scale : {0.0f, 1.0f, 10.0f, 100.0f, 1e6f})
        for (std::size_t at = 0; at < count; at += 1 + count / 20) {
          std::vector<float> logits(count);
          for (float& logit : logits) logit = scale * normal(engine);
          logits[at] = *std::max_element(logits.begin(), logits.end()) + scale;
          if (count > 3) logits[(at + 2) % count] = -infinity;
          const double error = softmax_error(logits, results(variant, logits));
          INFO(count << " logits of scale " << scale << ", the largest at " << at);
          CHECK(error <= 1);
          worst = std::max(worst, error);
        }
    MESSAGE("softmax, " << isa_text(variant) << ": error over bound at most " << worst);
  });
}

TEST_CASE("softmax in lanes: what is not a number makes the whole row so") {
  for_each_isa("weights", [](const Variant& variant) {
    for (const float bad : {nan, infinity})
      for (const std::size_t count : {1, 4, 16, 17, 67})
        for (std::size_t at = 0; at < count; ++at) {
          std::vector<float> logits(count, 0.5f);
          logits[at] = bad;
          const std::vector<float> weights = results(variant, logits);
          INFO(bad << " at " << at << " of " << count);
          CHECK(std::all_of(weights.begin(), weights.end(), [](float weight) { return std::isnan(weight); }));
        }
    const std::vector<float> masked = results(variant, std::vector<float>(7, -infinity));
    CHECK(std::all_of(masked.begin(), masked.end(), [](float weight) { return std::isnan(weight); }));
  });
}

}  // namespace
