// The order of the draws is that of PyTorch's DistributionTemplates.h; the logarithm, sine and cosine are the
// Cephes polynomials of its avx_mathfun.h as compilers contract them. A correctly rounded libm would not do:
// it gives other bits for a third of the values. So `std::fma` stands wherever PyTorch rounds once, and
// -ffp-contract=off sees to it that everything else rounds as written.
#include "suite/random.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <stdexcept>
#include <string>

#include "suite/isa.hpp"

namespace trilbench {
namespace {

// Long draws make 16 normals at a time: j and j + 8 are the cosine and the sine of one Box-Muller pair.
constexpr std::size_t pairs = 8;
constexpr std::size_t block = 2 * pairs;

float uniform24(std::uint32_t bits) { return static_cast<float>(bits & 0xFFFFFF) * 0x1p-24f; }

double uniform53(std::uint64_t bits) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 53) - 1;
  return static_cast<double>(bits & mask) * 0x1p-53;
}

/// The natural logarithm of a positive, normal number.
[[gnu::always_inline]] inline float logarithm(float number) {
  const auto bits = std::bit_cast<std::uint32_t>(number);
  auto exponent = static_cast<float>(static_cast<int>(bits >> 23) - 126);
  const auto mantissa = std::bit_cast<float>((bits & 0x007FFFFFu) | 0x3F000000u);  // in [0.5, 1)
  float x = mantissa - 1.0f;
  if (mantissa < 0.707106781186547524f) {
    exponent -= 1.0f;
    x += mantissa;
  }

  const float z = x * x;
  float y = 7.0376836292e-2f;
  y = std::fma(y, x, -1.1514610310e-1f);
  y = std::fma(y, x, 1.1676998740e-1f);
  y = std::fma(y, x, -1.2420140846e-1f);
  y = std::fma(y, x, 1.4249322787e-1f);
  y = std::fma(y, x, -1.6668057665e-1f);
  y = std::fma(y, x, 2.0000714765e-1f);
  y = std::fma(y, x, -2.4999993993e-1f);
  y = std::fma(y, x, 3.3333331174e-1f);
  y *= x;
  y = std::fma(y, z, exponent * -2.12194440e-4f);  // ln 2 in two parts: this is the small one
  y = std::fma(z, -0.5f, y);
  x += y;
  return std::fma(exponent, 0.693359375f, x);
}

struct SineCosine {
  float sine;
  float cosine;
};

/// Of an angle from 0 to 2 pi.
[[gnu::always_inline]] inline SineCosine sine_cosine(float angle) {
  const int octant = (static_cast<int>(angle * 1.27323954473516f) + 1) & ~1;  // in pi/4, rounded to even
  const auto octants = static_cast<float>(octant);
  float x = std::fma(octants, -0.78515625f, angle);  // pi/4 in three parts
  x = std::fma(octants, -2.4187564849853515625e-4f, x);
  x = std::fma(octants, -3.77489497744594108e-8f, x);

  const float z = x * x;
  float c = 2.443315711809948e-5f;
  c = std::fma(c, z, -1.388731625493765e-3f);
  c = std::fma(c, z, 4.166664568298827e-2f);
  c *= z;
  c = std::fma(c, z, -(z * 0.5f));
  c += 1.0f;

  float s = -1.9515295891e-4f;
  s = std::fma(s, z, 8.3321608736e-3f);
  s = std::fma(s, z, -1.6666654611e-1f);
  s *= z;
  s = std::fma(s, x, x);

  const bool swap = (octant & 2) != 0;
  const float sine = swap ? c : s;
  const float cosine = swap ? s : c;
  const bool negate_sine = (octant & 4) != 0;
  const bool negate_cosine = ((octant - 2) & 4) == 0;
  return {negate_sine ? -sine : sine, negate_cosine ? -cosine : cosine};
}

/// Turns 16 uniforms into 16 normals, in place.
[[gnu::always_inline]] inline void box_muller(std::span<float, block> d) {
  constexpr float two_pi = 2.0f * std::numbers::pi_v<float>;
  for (std::size_t j = 0; j < pairs; ++j) {
    const float radius = std::sqrt(-2.0f * logarithm(1.0f - d[j]));
    const auto [sine, cosine] = sine_cosine(two_pi * d[j + pairs]);
    d[j] = radius * cosine;
    d[j + pairs] = radius * sine;
  }
}

[[gnu::always_inline]] inline void box_muller_of_blocks(std::span<float> d) {
  for (; d.size() >= block; d = d.subspan(block)) box_muller(d.first<block>());
}

#if defined(__x86_64__)
// The same bits in half of the time: std::fma is an instruction there, and else a call.
[[gnu::target("fma")]] void with_fma(std::span<float> d) { box_muller_of_blocks(d); }
#endif

}  // namespace

void normals_of_uniforms(std::span<float> d, [[maybe_unused]] bool instruction) {
#if defined(__x86_64__)
  if (instruction) return with_fma(d);
#endif
  box_muller_of_blocks(d);
}

TorchGenerator::TorchGenerator(std::uint64_t seed) : engine_(static_cast<std::uint32_t>(seed)) {}

std::uint32_t TorchGenerator::random32() { return static_cast<std::uint32_t>(engine_()); }

std::uint64_t TorchGenerator::random64() {
  const std::uint64_t high = random32();
  return high << 32 | random32();
}

void TorchGenerator::rand(std::span<float> out) {
  for (float& value : out) value = uniform24(random32());
}

void TorchGenerator::randn(std::span<float> out) {
  if (out.size() < block) {
    for (float& value : out) value = static_cast<float>(normal());
    return;
  }
  const bool instruction = why_unsupported(Isa::avx2).empty();
  rand(out);
  const std::size_t whole = out.size() / block * block;
  normals_of_uniforms(out.first(whole), instruction);
  if (whole < out.size()) {  // draw the last 16 anew, though some of them are finished
    const auto last = out.last<block>();
    rand(last);
    normals_of_uniforms(last, instruction);
  }
}

void TorchGenerator::randint(std::int64_t low, std::int64_t high, std::span<std::int64_t> out) {
  if (low >= high)
    throw std::invalid_argument("randint: no whole number in [" + std::to_string(low) + ", " +
                                std::to_string(high) + ")");
  // Unsigned, because the range may pass 2^63.
  const std::uint64_t range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const bool wide = range >= std::uint64_t{1} << 28;
  for (std::int64_t& value : out) {
    const std::uint64_t bits = wide ? random64() : random32();
    value = static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + bits % range);
  }
}

double TorchGenerator::normal() {
  if (cached_normal_) {
    const double cached = *cached_normal_;
    cached_normal_.reset();
    return cached;
  }
  const double u1 = uniform53(random64());
  const double u2 = uniform53(random64());
  const double radius = std::sqrt(-2.0 * std::log1p(-u2));
  const double angle = 2.0 * std::numbers::pi * u1;
  cached_normal_ = radius * std::sin(angle);
  return radius * std::cos(angle);
}

}  // namespace trilbench
