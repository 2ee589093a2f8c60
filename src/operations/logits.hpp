// Logits W[T, T] that all softmaxes are verified on. Of what stands above the diagonal nothing may matter.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <span>

#include "operations/triangle.hpp"
#include "suite/random.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::logits {

inline constexpr float infinity = std::numeric_limits<float>::infinity();

/// One of the numbers, at random.
template <class Engine>
float& any_of(std::span<float> numbers, Engine& engine) {
  return numbers[engine() % numbers.size()];
}

inline void normal(std::span<float> W, std::uint32_t round) { TorchGenerator(round).randn(W); }

inline void of_denormal_weights(std::span<float> W, std::uint32_t round) {
  data::logits_of_denormal_weights(W, round, side_of(W));
}

/// Every distance up to where exponentials vanish, and beyond.
inline void wide(std::span<float> W, std::uint32_t round) { data::uniform(W, round, -100.0f, 100.0f); }

/// Who takes the maximum over the whole row loses all its exponentials, and who exponentiates it overflows.
inline void loud_future(std::span<float> W, std::uint32_t round) {
  normal(W, round);
  each_row(W, [](std::int64_t, auto, std::span<float> future) { std::ranges::fill(future, 1e5f); });
}

/// The same all over a row, of any size: their exponentials add up exactly, and the weights are the rounded
/// 1 / (t + 1).
inline void equal_in_rows(std::span<float> W, std::uint32_t round) {
  constexpr float sizes[] = {0.0f, 1.5f, -20.0f, 100.0f, -1e30f, 1e30f, 1e-30f};
  each_row(W, [&](std::int64_t t, std::span<float> past, std::span<float> future) {
    const float logit = sizes[(static_cast<std::size_t>(t) + round) % std::size(sizes)];
    std::ranges::fill(past, logit);
    std::ranges::fill(future, logit);
  });
}

/// Weights that are known exactly: one logit, whatever it is, at a power-of-two number of places, minus
/// infinity elsewhere. Each weighs that power's inverse, the others 0. The rounds go through numbers of
/// places, neighbouring rows have other ones, and random places visit all.
inline constexpr int power_rounds = 12;
inline void powers(std::span<float> W, std::uint32_t round) {
  constexpr float sizes[] = {0.0f, 1e30f, -0.1f, -1e30f, 87.0f};
  std::mt19937_64 engine(round);
  each_row(W, [&](std::int64_t t, std::span<float> past, std::span<float> future) {
    std::ranges::fill(past, -infinity);
    std::ranges::fill(future, 1.0f);
    std::size_t count = 1;
    for (std::int64_t doubled = (round + t) % power_rounds; doubled > 0 && 2 * count <= past.size();
         --doubled)
      count *= 2;
    // Any places, but distinct: one drawn in each of equal pieces.
    const std::size_t piece = past.size() / count;
    for (std::size_t i = 0; i < count; ++i)
      any_of(past.subspan(i * piece, i + 1 == count ? std::dynamic_extent : piece), engine) =
          sizes[t % std::ssize(sizes)];
  });
}

}  // namespace trilbench::logits
