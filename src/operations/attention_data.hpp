// Queries, keys and values that attention is verified on. Keys decide the logits: most kinds give all queries
// of a head the same ones, through a single number of each key.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "operations/sums_of_products.hpp"
#include "suite/random.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::attention {

inline constexpr float infinity = std::numeric_limits<float>::infinity();

/// q of any number of queries, k and v[heads, T, D].
struct Inputs {
  std::span<float> q, k, v;
  std::int64_t heads, T, D;
};

/// Fills them.
using Data = void (*)(const Inputs&, std::uint32_t round);

/// A logit(head, j) for each key, which all queries of the head have. q is 1 in one of its D numbers, where k
/// holds the logit, and 0 in all others, so that logits are products without a sum: three roundings.
template <class Logit>
void put_logits(const Inputs& to, std::uint32_t round, const Logit& logit) {
  const std::int64_t places[] = {to.D - 1, 0, to.D / 2, to.D / 3};
  const std::int64_t at = places[round % std::size(places)];
  TorchGenerator(round).randn(to.k);
  std::ranges::fill(to.q, 0.0f);
  for (std::size_t i = at; i < to.q.size(); i += to.D) to.q[i] = 1;
  const double scale = std::sqrt(static_cast<double>(to.D));
  for (std::int64_t head = 0; head < to.heads; ++head)
    for (std::int64_t j = 0; j < to.T; ++j)
      to.k[(head * to.T + j) * to.D + at] = static_cast<float>(scale * logit(head, j));
}

inline void randn_v(const Inputs& to, std::uint32_t round) { TorchGenerator(round + 1).randn(to.v); }

inline void randn(const Inputs& to, std::uint32_t round) {
  TorchGenerator generator(round);
  for (const std::span<float> input : {to.q, to.k, to.v}) generator.randn(input);
}

// Hard data

/// Each input in the same way.
template <void (*fill)(std::span<float>, std::uint32_t round)>
void alike(const Inputs& to, std::uint32_t round) {
  std::uint32_t of_input = round;
  for (const std::span<float> input : {to.q, to.k, to.v}) fill(input, of_input++);
}

/// Logits of both signs up to 100, values of all sizes.
inline void spread(const Inputs& to, std::uint32_t round) {
  randn(to, round);
  for (float& q : to.q) q *= 30;
  data::lognormal(to.v, round);
}

inline void denormal_weights(const Inputs& to, std::uint32_t round) {
  put_logits(to, round, [&](auto head, auto j) { return (head + j + round) % 8 == 0 ? 0 : -86.9; });
  data::denormals(to.v, round);
}

/// Queries, in other rounds keys, whose products with anything are next to nothing.
inline void denormal_logits(const Inputs& to, std::uint32_t round) {
  randn(to, round);
  data::denormals(round % 2 == 0 ? to.q : to.k, round);
}

/// As large as the sums allow.
inline void huge(const Inputs& to, std::uint32_t round) {
  randn(to, round);
  const auto largest = std::numeric_limits<float>::max() / static_cast<float>(to.T + 1);
  data::uniform(to.v, round, largest * 0.75f, largest);
}

// A running maximum rises at every key, or never.

inline void ascending(const Inputs& to, std::uint32_t round) {
  put_logits(to, round, [](auto, auto j) { return 0.37 * static_cast<double>(j); });
  randn_v(to, round);
}

inline void descending(const Inputs& to, std::uint32_t round) {
  put_logits(to, round, [](auto, auto j) { return -0.01 * static_cast<double>(j); });
  randn_v(to, round);
}

/// Far from zero, on either side: who does not subtract the maximum, or begins it at 0, has nothing left.
inline void far(const Inputs& to, std::uint32_t round) {
  std::mt19937 engine(round);
  put_logits(to, round, [&](auto head, auto) {
    return ((head + round) % 2 == 0 ? -1e5 : 1e5) + static_cast<double>(engine() % 256) / 64;
  });
  randn_v(to, round);
}

/// What stands for "masked" in many programs, beside ordinary logits.
inline void masked(const Inputs& to, std::uint32_t round) {
  std::mt19937 engine(round);
  put_logits(to, round, [&](auto, auto j) {
    return j > 0 && engine() % 2 == 0 ? -1e30 : static_cast<double>(engine() % 256) / 64;
  });
  randn_v(to, round);
}

// Structure

/// Keys of zero, in every other round queries of zero: all logits are, and y is the mean of the values.
template <auto fill_v>
void mean_of(const Inputs& to, std::uint32_t round) {
  randn(to, round);
  std::ranges::fill(round % 2 == 0 ? to.k : to.q, 0.0f);
  fill_v(to, round);
}

inline void impulses(const Inputs& to, std::uint32_t round) {
  data::impulses(to.v.data(), round, to.heads, to.T, to.D);
}

inline void sparse(const Inputs& to, std::uint32_t round) {
  data::sparse(to.v.data(), round, to.heads, to.T, to.D);
}

/// Whole numbers whose partial sums are exact in any order.
inline void whole_numbers(const Inputs& to, std::uint32_t round) {
  data::whole_numbers(to.v, round, std::max(static_cast<int>(most_counted / to.T), 1));
}

/// Here and there a key that outweighs all others by e^300 and more, so that its value comes out bit for bit.
/// By rounds the logits lie around 0, 1e5 and -1e5.
inline void dominant(const Inputs& to, std::uint32_t round) {
  constexpr int most_risen = 200;
  constexpr double bases[] = {0, 1e5, -1e5};
  std::mt19937 engine(round);
  int risen = 0;
  put_logits(to, round, [&](auto, auto j) {
    if (j == 0) risen = 0;
    const bool rises = j == 0 || (engine() % 16 == 0 && risen < most_risen);
    risen += rises;
    const double below = rises ? 0 : 600 - static_cast<double>(engine() % 256);
    return bases[round % std::size(bases)] + 300 * risen - below;
  });
  randn_v(to, round);
}

/// The first key and a few others, of ever smaller logits, the rest -infinity: so few weights leave so few
/// roundings that the bound sees each of them, in a sequence of any length. Values are of one size and both
/// signs.
inline constexpr int most_that_count = 8;

inline void few(const Inputs& to, std::uint32_t round) {
  std::mt19937_64 engine(round);
  std::uniform_real_distribution<double> fall(0, 1.0 / most_that_count);
  std::vector<bool> counts;
  double logit = 0;
  put_logits(to, round, [&](auto, auto j) -> double {
    if (j == 0) {
      counts.assign(to.T, false);
      counts[0] = true;
      for (int place = 1; place < most_that_count; ++place)
        counts[engine() % static_cast<std::uint64_t>(to.T)] = true;
      logit = 0.5;
    }
    if (!counts[j]) return -infinity;
    return logit -= j == 0 ? 0 : fall(engine);
  });
  data::uniform(to.v, round, 1, 2);
  for (float& v : to.v)
    if (engine() % 2 == 0) v = -v;
}

/// What one head has.
inline Inputs head_of(const Inputs& all, std::int64_t head) {
  const auto part = [&](std::span<float> input) {
    const std::size_t each = input.size() / all.heads;
    return input.subspan(head * each, each);
  };
  return {part(all.q), part(all.k), part(all.v), 1, all.T, all.D};
}

// NaN and infinities in one of the inputs; logits of -infinity, of all keys but the last, of a beginning, of
// whole tiles and others; infinite logits, and such as are no number.

inline constexpr int non_finite_kinds = 7;

inline void non_finite_head(const Inputs& to, std::uint32_t round, int kind) {
  std::mt19937_64 engine(round);
  std::normal_distribution<double> normal;
  const auto masked_before = [&](std::int64_t first) {
    put_logits(to, round, [&](auto, auto j) { return j < first ? -infinity : normal(engine); });
  };
  switch (kind) {
    case 0:
      return data::scatter_non_finite(to.v, round, to.D / 2 + 1);
    case 1:
      return masked_before(to.T - 1);
    case 2:
      return data::scatter_non_finite(to.k, round, 3);
    case 3:
      return masked_before(static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(to.T + 1)));
    case 4:
      return data::scatter_non_finite(to.q, round, std::ssize(to.q) / to.D / 8 + 1);
    case 5:
      return put_logits(to, round, [&](auto, auto j) {
        return j / 64 % 2 == 1 || engine() % 4 == 0 ? -infinity : normal(engine);
      });
    default:
      return put_logits(to, round, [&](auto, auto j) {
        return j == to.T / 2 ? std::nan("") : j == to.T - 1 ? infinity : normal(engine);
      });
  }
}

/// Another kind in each head.
inline void non_finite(const Inputs& to, std::uint32_t round) {
  randn(to, round);
  for (std::int64_t head = 0; head < to.heads; ++head)
    non_finite_head(head_of(to, head), round + static_cast<std::uint32_t>(head),
                    static_cast<int>((round + head) % non_finite_kinds));
}

}  // namespace trilbench::attention
