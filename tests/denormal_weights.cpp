// Where logits leave weights near the smallest normal number, no kernel computes with denormal ones, which
// stops many CPUs for a hundred cycles each (docs/numerics.md). The processor's own flags tell, on CPUs that
// do not mind too.
#include <doctest/doctest.h>

#include <algorithm>
#include <cfenv>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "operation_tests.hpp"
#include "parts.hpp"
#include "suite/registry.hpp"

namespace {

using namespace trilbench;

#if defined(__x86_64__)
constexpr unsigned denormal_operand = 0x02, underflow = 0x10, all_flags = 0x3f;

void clear_flags() { __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() & ~all_flags); }
bool saw_denormals() { return (__builtin_ia32_stmxcsr() & (denormal_operand | underflow)) != 0; }
#else
void clear_flags() { std::feclearexcept(FE_ALL_EXCEPT); }
bool saw_denormals() { return std::fetestexcept(FE_UNDERFLOW) != 0; }
#endif

/// Whether one call takes or gives a denormal number in its arithmetic.
bool computes_with_denormals(const Variant& variant, const Problem& problem, const float* const* inputs,
                             std::vector<float>& output) {
  call(variant, problem, inputs, output.data(), clear_flags);
  return saw_denormals();
}

/// How far a logit lies below the largest: around where exponentials end, and up to where quotients do.
float distance(std::int64_t i) { return 75 + static_cast<float>(i * 37 % 1024) * (14.0f / 1024); }

/// Logits of which every eighth is 0.
std::vector<float> logits_near_the_end(std::int64_t T) {
  std::vector<float> W(static_cast<std::size_t>(T * T));
  for (std::int64_t t = 0; t < T; ++t)
    for (std::int64_t k = 0; k < T; ++k) W[t * T + k] = k % 8 == 0 ? 0 : -distance(t * 5 + k);
  W[T * T - 2] = -std::numeric_limits<float>::infinity();
  return W;
}

/// Calls body(variant) in a subcase for each variant of the operation that is written in lanes and runs here.
/// The scalar loops are definitions: they compute what is written.
template <class Body>
void for_each_kernel(std::string_view operation, const Body& body) {
  for (const auto table : {variants(), odd_tunings()})
    for (const Variant& variant : table) {
      if (variant.operation != operation || variant.implementation->role != Role::method ||
          variant.name == std::string_view("scalar_loop") || !Runnable::of(variant))
        continue;
      const std::string name = std::string(variant.name) + "/" + std::string(isa_text(variant));
      DOCTEST_SUBCASE(name.c_str()) { body(variant); }
    }
}

bool is_denormal(float value) { return std::fpclassify(value) == FP_SUBNORMAL; }

TEST_CASE("the flags tell of a denormal result and of a denormal operand") {
  volatile float small = 0x1.8p-126f, rest = 0;
  clear_flags();
  rest = small * 1.5f;
  CHECK(!saw_denormals());
  rest = small * 0.3f;
  CHECK(saw_denormals());
  CHECK(is_denormal(rest));
}

TEST_CASE("denormal weights: exp in lanes never makes one in between") {
  std::vector<float> x(1 << 14), y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = -static_cast<float>(i) * (90.0f / static_cast<float>(x.size()));
  x.back() = -std::numeric_limits<float>::infinity();
  for_each_isa("exponential", [&](const Variant& variant) {
    const float* const inputs[] = {x.data()};
    CHECK(!computes_with_denormals(variant, {.sizes = {static_cast<std::int64_t>(x.size())}, .threads = 1},
                                   inputs, y));
    CHECK(std::none_of(y.begin(), y.end(), is_denormal));
  });
}

TEST_CASE("denormal weights: none in causal_softmax") {
  for_each_kernel("causal_softmax", [](const Variant& variant) {
    for (const std::int64_t T :
         {8, 17, 300, 600}) {  // two rows in a register of 16 lanes; abreast; in the pipeline
      CAPTURE(T);
      const std::vector<float> W = logits_near_the_end(T);
      std::vector<float> P(W.size());
      const float* const inputs[] = {W.data()};
      CHECK(!computes_with_denormals(variant, {.sizes = {T}, .threads = 1}, inputs, P));
      CHECK(std::none_of(P.begin(), P.end(), is_denormal));
    }
  });
}

TEST_CASE("denormal weights: none in causal_weighted_mean") {
  for_each_kernel("causal_weighted_mean", [](const Variant& variant) {
    for (const std::int64_t C : {1, 5, 70}) {
      constexpr std::int64_t B = 2, T = 130;
      CAPTURE(C);
      const std::vector<float> W = logits_near_the_end(T);
      // Of at least 1 and one sign: products with smaller ones may be denormal whatever the weights.
      std::vector<float> x(B * T * C), y(x.size());
      for (std::size_t i = 0; i < x.size(); ++i) x[i] = 1 + static_cast<float>(i % 97) / 97;
      const float* const inputs[] = {W.data(), x.data()};
      CHECK(!computes_with_denormals(variant, {.sizes = {B, T, C}, .threads = 1}, inputs, y));
    }
  });
}

/// Logits are products of single numbers. `room` is what there is of keys for each head, from T on unused.
void check_attention(std::string_view operation, std::int64_t room) {
  for_each_kernel(operation, [room](const Variant& variant) {
    for (const std::int64_t D : {1, 5, 70}) {
      constexpr std::int64_t H = 2, T = 130;
      CAPTURE(D);
      std::vector<float> q(H * room * D), k(q.size()), v(q.size()), y(q.size());
      for (std::size_t i = 0; i < v.size(); ++i) v[i] = 1 + static_cast<float>(i % 97) / 97;
      for (std::int64_t row = 0; row < H * room; ++row) {
        q[row * D] = std::sqrt(static_cast<float>(D));
        k[row * D] = row % 8 == 0 ? 0 : -distance(row);
      }
      const float* const inputs[] = {q.data(), k.data(), v.data()};
      CHECK(!computes_with_denormals(variant, {.sizes = {1, H, T, D}, .threads = 1}, inputs, y));
    }
  });
}

TEST_CASE("denormal weights: none in causal_attention") { check_attention("causal_attention", 130); }

TEST_CASE("denormal weights: none in attention_decode") { check_attention("attention_decode", 192); }

}  // namespace
