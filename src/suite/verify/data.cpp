#include "suite/verify/data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace trilbench::data {
namespace {

template <class Draw>
void each(std::span<float> to, std::uint32_t seed, Draw draw) {
  std::mt19937 engine(seed);
  std::ranges::generate(to, [&] { return static_cast<float>(draw(engine)); });
}

constexpr int most_impulse_rounds = 40;
constexpr int random_impulses = 16;

constexpr std::int64_t most_terms = 2048;  // in a sparse column; sqrt(2^24 / 1.5) would be too many
constexpr std::int64_t most_sparse_rounds = 64;

}  // namespace

void uniform(std::span<float> to, std::uint32_t seed, float low, float high) {
  each(to, seed, std::uniform_real_distribution<float>(low, high));
}

void lognormal(std::span<float> to, std::uint32_t seed) {
  each(to, seed, std::lognormal_distribution<float>(0.0f, 3.0f));
}

void cancelling_rows(std::span<float> to, std::uint32_t seed, std::int64_t columns) {
  std::uniform_real_distribution<float> between(0.5f, 1.0f);
  std::int64_t i = 0;
  each(to, seed, [&](std::mt19937& engine) {
    const bool odd_row = i++ / columns % 2 != 0;
    return (odd_row ? -1e6f : 1e6f) + between(engine);
  });
}

void denormals(std::span<float> to, std::uint32_t seed) {
  std::uniform_int_distribution<int> steps(-1000, 1000);
  each(to, seed, [&steps](std::mt19937& engine) { return std::ldexp(steps(engine), -149); });
}

void logits_of_denormal_weights(std::span<float> to, std::uint32_t seed, std::int64_t columns) {
  std::int64_t i = 0;
  for (float& logit : to) {
    const std::int64_t row = i / columns, column = i % columns;
    logit = (row + column + seed) % 8 == 0 ? 0.0f : -86.9f;
    ++i;
  }
}

void whole_numbers(std::span<float> to, std::uint32_t seed, int largest) {
  std::uniform_int_distribution<int> size(1, largest);
  each(to, seed, [&size](std::mt19937& engine) { return engine() % 2 ? size(engine) : -size(engine); });
}

void scatter_non_finite(std::span<float> to, std::uint32_t seed, std::int64_t count) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float kinds[] = {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity};
  std::mt19937_64 engine(seed);
  for (std::int64_t i = 0; i < count; ++i) to[engine() % to.size()] = kinds[(i + seed) % 3];
}

std::vector<std::int64_t> notable_times(std::int64_t T) {
  std::vector<std::int64_t> times{0, T - 1};
  const auto add = [&times, T](std::int64_t time) {
    if (time > 0 && time < T) times.push_back(time);
  };
  if (T <= 64) {
    for (std::int64_t time = 1; time < T; ++time) add(time);
    return times;
  }
  for (const std::int64_t base : {2, 3, 5, 7})
    for (std::int64_t edge = base; edge <= T; edge *= 2)
      for (const std::int64_t beside : {-1, 0, 1}) add(edge + beside);
  return times;
}

int impulse_rounds(std::int64_t T, std::int64_t columns) {
  const auto places = static_cast<std::int64_t>(notable_times(T).size()) + random_impulses;
  return static_cast<int>(std::clamp<std::int64_t>((places + columns - 1) / columns, 1, most_impulse_rounds));
}

void impulses(float* x, std::uint32_t round, std::int64_t B, std::int64_t T, std::int64_t C) {
  const std::vector<std::int64_t> notable = notable_times(T);
  std::mt19937_64 engine(round);
  std::fill_n(x, B * T * C, 0.0f);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t c = 0; c < C; ++c) {
      const std::uint64_t place =
          (round % most_impulse_rounds) * static_cast<std::uint64_t>(B * C) + b * C + c;
      const std::int64_t time = place < notable.size()
                                    ? notable[place]
                                    : static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(T));
      const int exponent = static_cast<int>(place % 21) - 10;
      x[(b * T + time) * C + c] = std::ldexp(1.0f, exponent);
    }
}

std::int64_t sparse_stride(std::int64_t T) {
  return std::max<std::int64_t>((T + most_terms - 1) / most_terms, 4);
}

int sparse_rounds(std::int64_t T) { return static_cast<int>(std::min(sparse_stride(T), most_sparse_rounds)); }

void sparse(float* x, std::uint32_t round, std::int64_t B, std::int64_t T, std::int64_t C) {
  const std::int64_t stride = sparse_stride(T);
  std::mt19937 engine(round);
  std::uniform_real_distribution<float> size(1.0f, 2.0f);
  std::fill_n(x, B * T * C, 0.0f);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t c = 0; c < C; ++c)
      for (std::int64_t t = (round + b * C + c) % stride; t < T; t += stride)
        x[(b * T + t) * C + c] = engine() % 2 ? size(engine) : -size(engine);
}

}  // namespace trilbench::data
