// The traffic probes of products with a lower triangle: W's triangle is read, each element once and none
// above the diagonal; x becomes y, bit for bit; nothing else is touched.
#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/verify/buffers.hpp"

namespace trilbench {
std::span<const Implementation* const> probes();
}

namespace {

using namespace trilbench;

constexpr std::size_t widest = 16;  // lanes

std::uint32_t bits_of(float value) { return std::bit_cast<std::uint32_t>(value); }

/// Any bits, those of NaN included; a probe has no business with what they mean.
void draw_bits(std::span<float> to, std::uint32_t seed) {
  std::mt19937 engine(seed);
  for (float& each : to) {
    const auto bits = static_cast<std::uint32_t>(engine());
    std::memcpy(&each, &bits, sizeof bits);
  }
}

TEST_CASE("a triangle is read once, each element of it and nothing above") {
  for (const Implementation* row : probes()) {
    if (row->operation != std::string_view("reading") || !why_unsupported(row->isa).empty()) continue;
    const std::string isa(name_of(row->isa));
    DOCTEST_SUBCASE(isa.c_str()) {
      for (const int threads : {1, 2, 3})
        for (std::size_t T = 1; T <= 150; ++T) {
          std::vector<float> W(T * T), seen(threads * widest, 0.0f);
          draw_bits(W, static_cast<std::uint32_t>(T));
          std::uint32_t expected = 0, got = 0;
          for (std::size_t t = 0; t < T; ++t)
            for (std::size_t k = 0; k <= t; ++k) expected ^= bits_of(W[t * T + k]);
          const float* const inputs[] = {W.data()};
          row->run({.sizes = {static_cast<std::int64_t>(T)}, .threads = threads}, inputs, seen.data(),
                   nullptr);
          for (const float each : seen) got ^= bits_of(each);
          CAPTURE(T);
          CAPTURE(threads);
          CHECK(got == expected);
        }
    }
  }
}

void check_probe(const Implementation& probe, const Problem& problem, Place place) {
  const Operation& operation = *operation_named(probe.operation);
  Rig rig(operation, probe, problem, place);
  for (int i = 0; i < operation.inputs; ++i)
    draw_bits({rig.inputs()[i], static_cast<std::size_t>(operation.input_elements(problem, i))}, 7);
  rig.mark_margins(1.5f);
  const Rig::InputCopies inputs = rig.copy_inputs();
  rig.make_inputs_read_only();
  REQUIRE_MESSAGE((rig.prepare() && rig.run()), rig.fault());
  CHECK_MESSAGE(rig.margins_intact(), "writes beside a buffer");
  CHECK_MESSAGE(rig.output_is(inputs[1]), "leaves bytes uncopied");
}

TEST_CASE("traffic probes of products with a triangle copy x to y, wherever the buffers lie") {
  for (const Implementation* probe : implementations()) {
    const std::string_view operation = probe->operation;
    if (probe->role != Role::traffic || (operation != "tril_matmul" && operation != "causal_weighted_mean"))
      continue;
    const std::string name =
        std::string(operation) + "/" + probe->name + "/" + std::string(name_of(probe->isa));
    DOCTEST_SUBCASE(name.c_str()) {
      if (!why_unsupported(probe->isa).empty()) return;
      for (const Place place : {Place::aligned, Place::shifted, Place::ends_page, Place::starts_page})
        for (std::int64_t T = 1; T <= 40; ++T)
          for (const int threads : {1, 3}) {
            CAPTURE(T);
            CAPTURE(threads);
            check_probe(*probe, {.sizes = {1 + T % 3, T, 1 + T % 7}, .threads = threads}, place);
          }
      check_probe(*probe, {.sizes = {3, 130, 515}, .threads = 2}, Place::ends_page);
    }
  }
}

}  // namespace
