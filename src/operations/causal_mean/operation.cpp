// causal_mean: every position of a sequence sees the mean of itself and its past.
//
//   y[b, t, c] = (x[b, 0, c] + ... + x[b, t, c]) / (t + 1)
//
// This file says what is right; docs/numerics.md derives the bound. A row of the output is one (b, t).
#include "suite/operation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "operations/causal_mean/axes.hpp"
#include "suite/random.hpp"

namespace trilbench::causal_mean {
namespace {

using Axes = CausalMeanAxes;

std::int64_t elements(const Problem& problem, int = 0) {
  const Axes axes(problem);
  return axes.B * axes.T * axes.C;
}

std::int64_t rows(const Problem& problem) { return Axes(problem).B * Axes(problem).T; }

std::int64_t columns(const Problem& problem) { return Axes(problem).C; }

std::int64_t time_of_row(const Problem& problem, std::int64_t row) { return row % Axes(problem).T; }

std::int64_t times(const Problem& problem) { return Axes(problem).T; }

// Running sums in double. Their own error, T 2^-53 of the sum of magnitudes, is nothing beside float32's
// bound.
void reference(const Problem& problem, const float* const* inputs, std::span<const std::int64_t> wanted,
               double* value, double* magnitude) {
  const auto [B, T, C] = Axes(problem);
  std::vector<double> sum(C), sum_of_magnitudes(C);
  std::int64_t next = 0;  // the first row not summed yet
  for (const std::int64_t row : wanted) {
    const std::int64_t first_of_batch = row - row % T;
    if (next <= first_of_batch) {
      next = first_of_batch;
      std::fill(sum.begin(), sum.end(), 0.0);
      std::fill(sum_of_magnitudes.begin(), sum_of_magnitudes.end(), 0.0);
    }
    for (; next <= row; ++next) {
      const float* x = inputs[0] + next * C;
      for (std::int64_t c = 0; c < C; ++c) {
        sum[c] += x[c];
        sum_of_magnitudes[c] += std::abs(static_cast<double>(x[c]));
      }
    }
    const auto count = static_cast<double>(row % T + 1);
    for (std::int64_t c = 0; c < C; ++c) {
      *value++ = sum[c] / count;
      *magnitude++ = sum_of_magnitudes[c] / count;
    }
  }
}

// t additions, a rounded weight and a product; one more for a method that rounds the weight twice.
double roundings(const Problem& problem, std::int64_t row) {
  return static_cast<double>(time_of_row(problem, row)) + 3;
}

// Sums do not underflow; each of the t + 1 products may lose half of the smallest denormal.
double underflow(const Problem& problem, std::int64_t row) {
  return static_cast<double>(time_of_row(problem, row) + 1) * 0x1p-149;
}

double bytes(const Problem& problem) { return 2.0 * sizeof(float) * static_cast<double>(elements(problem)); }

// Fills

void fill_randn(const Problem& problem, std::uint32_t round, float* const* inputs) {
  TorchGenerator(round).randn({inputs[0], static_cast<std::size_t>(elements(problem))});
}

template <class Draw>
void fill_each(const Problem& problem, std::uint32_t round, float* const* inputs, Draw draw) {
  std::mt19937 engine(round);
  std::generate_n(inputs[0], elements(problem), [&] { return static_cast<float>(draw(engine)); });
}

// Constants that float32 cannot hold: in a naive running sum every rounding errs to the same side.
void fill_tenth(const Problem& problem, std::uint32_t, float* const* inputs) {
  std::fill_n(inputs[0], elements(problem), 0.1f);
}

void fill_third(const Problem& problem, std::uint32_t, float* const* inputs) {
  std::fill_n(inputs[0], elements(problem), 1.0f / 3.0f);
}

void fill_positive(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_each(problem, round, inputs, std::uniform_real_distribution<float>(0.0f, 1.0f));
}

void fill_lognormal(const Problem& problem, std::uint32_t round, float* const* inputs) {
  fill_each(problem, round, inputs, std::lognormal_distribution<float>(0.0f, 3.0f));
}

void fill_cancelling(const Problem& problem, std::uint32_t round, float* const* inputs) {
  std::uniform_real_distribution<float> uniform(0.5f, 1.0f);
  const std::int64_t C = columns(problem);
  std::int64_t i = 0;
  fill_each(problem, round, inputs, [&](std::mt19937& engine) {
    const bool odd_time = i++ / C % 2 != 0;
    return (odd_time ? -1e6f : 1e6f) + uniform(engine);
  });
}

void fill_denormal(const Problem& problem, std::uint32_t round, float* const* inputs) {
  std::uniform_int_distribution<int> steps(-1000, 1000);
  fill_each(problem, round, inputs,
            [&steps](std::mt19937& engine) { return std::ldexp(steps(engine), -149); });
}

// As large as the sums allow: a method that doubles one of the last of them overflows.
void fill_huge(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto largest = std::numeric_limits<float>::max() / static_cast<float>(times(problem) + 1);
  fill_each(problem, round, inputs, std::uniform_real_distribution<float>(largest * 0.75f, largest));
}

// Impulses: 2^k at one time of each column, zeros elsewhere. Every way must give exactly fl(2^k / (t + 1)).

// The places worth seeing: every time of a short sequence; the ends, the powers of two and of tile heights
// with their neighbours in a long one. Further places are random.
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

constexpr int most_impulse_rounds = 40;
constexpr int random_impulses = 16;

int impulse_rounds(const Problem& problem) {
  const auto [B, T, C] = Axes(problem);
  const auto places = static_cast<std::int64_t>(notable_times(T).size()) + random_impulses;
  return static_cast<int>(std::clamp<std::int64_t>((places + B * C - 1) / (B * C), 1, most_impulse_rounds));
}

void fill_impulses(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  const std::vector<std::int64_t> notable = notable_times(T);
  std::mt19937_64 engine(round);
  std::fill_n(inputs[0], elements(problem), 0.0f);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t c = 0; c < C; ++c) {
      const std::uint64_t place =
          (round % most_impulse_rounds) * static_cast<std::uint64_t>(B * C) + b * C + c;
      const std::int64_t time = place < notable.size()
                                    ? notable[place]
                                    : static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(T));
      const int exponent = static_cast<int>(place % 21) - 10;
      inputs[0][(b * T + time) * C + c] = std::ldexp(1.0f, exponent);
    }
}

bool every_row(const Problem&, std::int64_t) { return true; }

// Sparse data: numbers of one size at every n-th time, zeros elsewhere. Adding a zero does not round, so the
// bound is tight enough to see any single term that is lost. The rounds visit every place of sequences up to
// T = 131072; of longer ones, places 64 apart.

constexpr std::int64_t most_terms = 2048;  // in a column; sqrt(2^24 / 1.5) would be too many
constexpr std::int64_t most_sparse_rounds = 64;

std::int64_t sparse_stride(const Problem& problem) {
  return std::max<std::int64_t>((times(problem) + most_terms - 1) / most_terms, 4);
}

int sparse_rounds(const Problem& problem) {
  return static_cast<int>(std::min(sparse_stride(problem), most_sparse_rounds));
}

void fill_sparse(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  const std::int64_t stride = sparse_stride(problem);
  std::mt19937 engine(round);
  std::uniform_real_distribution<float> size(1.0f, 2.0f);
  std::fill_n(inputs[0], elements(problem), 0.0f);
  for (std::int64_t b = 0; b < B; ++b)
    for (std::int64_t c = 0; c < C; ++c)
      for (std::int64_t t = (round + b * C + c) % stride; t < T; t += stride)
        inputs[0][(b * T + t) * C + c] = engine() % 2 ? size(engine) : -size(engine);
}

double sparse_roundings(const Problem& problem, std::int64_t row) {
  return static_cast<double>(time_of_row(problem, row) / sparse_stride(problem)) + 3;
}

// Whole numbers, none of them zero, whose partial sums are exact in any order: the mean is then exact in the
// rows that divide by a power of two (elsewhere ways may round 1/n or the quotient, and rightly differ).

void fill_integers(const Problem& problem, std::uint32_t round, float* const* inputs) {
  const auto largest = static_cast<int>(std::max<std::int64_t>((std::int64_t{1} << 24) / times(problem), 1));
  std::uniform_int_distribution<int> magnitude(1, largest);
  fill_each(problem, round, inputs, [&magnitude](std::mt19937& engine) {
    return engine() % 2 ? magnitude(engine) : -magnitude(engine);
  });
}

bool divides_by_power_of_two(const Problem& problem, std::int64_t row) {
  const std::int64_t count = time_of_row(problem, row) + 1;
  return (count & (count - 1)) == 0;
}

// NaN, infinities, and both infinities in one column (whose sum is NaN), among ordinary numbers.

void fill_non_finite(const Problem& problem, std::uint32_t round, float* const* inputs) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float kinds[] = {std::numeric_limits<float>::quiet_NaN(), infinity, -infinity};
  const auto [B, T, C] = Axes(problem);
  fill_randn(problem, round, inputs);
  std::mt19937_64 engine(round);
  const std::int64_t count = std::max<std::int64_t>(B * C / 2, 1);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(B * T * C));
    inputs[0][at] = kinds[(i + round) % 3];
  }
}

int non_finite_rounds(const Problem&) { return 3; }

void change_future(const Problem& problem, std::int64_t time, float value, float* const* inputs) {
  const auto [B, T, C] = Axes(problem);
  for (std::int64_t b = 0; b < B; ++b)
    std::fill(inputs[0] + (b * T + time + 1) * C, inputs[0] + (b + 1) * T * C, value);
}

constexpr const char* axes[] = {"B", "T", "C"};

constexpr Fill fills[] = {
    {.name = "PyTorch's randn", .check = Check::bound, .fill = fill_randn},
    {.name = "constant 0.1", .check = Check::hard, .fill = fill_tenth},
    {.name = "constant 1/3", .check = Check::hard, .fill = fill_third},
    {.name = "uniform on [0, 1)", .check = Check::hard, .fill = fill_positive},
    {.name = "lognormal", .check = Check::hard, .fill = fill_lognormal},
    {.name = "cancelling pairs", .check = Check::hard, .fill = fill_cancelling},
    {.name = "denormals", .check = Check::hard, .fill = fill_denormal},
    {.name = "huge", .check = Check::hard, .fill = fill_huge},
    {.name = "impulses",
     .check = Check::impulses,
     .fill = fill_impulses,
     .rounds = impulse_rounds,
     .exact = every_row},
    {.name = "sparse numbers",
     .check = Check::impulses,
     .fill = fill_sparse,
     .rounds = sparse_rounds,
     .roundings = sparse_roundings},
    {.name = "whole numbers",
     .check = Check::integers,
     .fill = fill_integers,
     .exact = divides_by_power_of_two},
    {.name = "NaN and infinities",
     .check = Check::non_finite,
     .fill = fill_non_finite,
     .rounds = non_finite_rounds},
};

}  // namespace

extern const Operation operation = {
    .name = "causal_mean",
    .formula = "y[b,t,c] = mean(x[b,0..t,c])",
    .axes = axes,
    .inputs = 1,
    .input_elements = elements,
    .rows = rows,
    .columns = columns,
    .reference = reference,
    .roundings = roundings,
    .underflow = underflow,
    .bytes = bytes,
    .fills = fills,
    .time_of_row = time_of_row,
    .change_future = change_future,
    .times = times,
};

}  // namespace trilbench::causal_mean
