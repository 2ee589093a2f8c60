// The traffic probes, which no verifier calls: each must read every byte of x and write every byte of y once,
// and touch nothing else, or the limit that it stands for is not one. It leaves y equal to x, bit for bit: a
// byte neither read nor written shows, at the ends of vectors, of unrolled blocks and of threads' shares,
// wherever the buffers lie.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/row.hpp"

namespace {

using namespace trilbench;

/// x: any bits, those of NaN included; a probe has no business with what they mean.
void draw_bits(float* x, std::int64_t count, std::uint32_t seed) {
  std::mt19937 engine(seed);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto bits = static_cast<std::uint32_t>(engine());
    std::memcpy(x + i, &bits, sizeof bits);
  }
}

void check_copies(const Operation& operation, const Implementation& probe, const Problem& problem,
                  Place place) {
  Rig rig(operation, probe, problem, place);
  const std::int64_t count = operation.input_elements(problem, 0);
  draw_bits(rig.inputs()[0], count, static_cast<std::uint32_t>(count));
  rig.mark_margins(1.5f);
  const Rig::InputCopies x = rig.copy_inputs();
  rig.make_inputs_read_only();
  REQUIRE_MESSAGE((rig.prepare() && rig.run()), rig.fault());
  CHECK_MESSAGE(rig.margins_intact(), "writes beside a buffer");
  CHECK_MESSAGE(rig.output_is(x[0]), "leaves bytes uncopied");
}

/// Shapes of `count` elements: factors that make no kernel's life easy.
Problem problem_of(const Operation& operation, std::int64_t count, int threads) {
  Problem problem{.sizes = {count}, .threads = threads};
  if (operation.axes.size() == 3) {
    const std::int64_t C = count % 7 == 0 ? 7 : 1, B = count % 5 == 0 ? 5 : 1;
    problem = {.sizes = {B, count / B / C, C}, .threads = threads};
  }
  return problem;
}

/// The operations whose output is as large as their one input. (Others have files of their own.)
bool copies(std::string_view operation) { return operation == "causal_mean" || operation == "machine"; }

template <class Body>
void for_each_probe(const Body& body) {
  for (const Implementation* row : implementations()) {
    if (row->role != Role::traffic || !copies(row->operation)) continue;
    const std::string name =
        std::string(row->operation) + "/" + row->name + "/" + std::string(name_of(row->isa));
    DOCTEST_SUBCASE(name.c_str()) {
      if (const std::string missing = why_unsupported(row->isa); !missing.empty()) {
        MESSAGE("not verified on this CPU: " << name << ": " << missing);
        return;
      }
      body(*operation_named(row->operation), *row);
    }
  }
}

TEST_CASE("traffic probes copy every byte of every size, wherever the buffers lie, and write nothing else") {
  for_each_probe([](const Operation& operation, const Implementation& probe) {
    for (const Place place : {Place::aligned, Place::shifted, Place::ends_page, Place::starts_page})
      for (std::int64_t count = 1; count <= 300; ++count) {
        CAPTURE(count);
        check_copies(operation, probe, problem_of(operation, count, 1), place);
      }
  });
}

TEST_CASE("traffic probes copy every byte by several threads") {
  for_each_probe([](const Operation& operation, const Implementation& probe) {
    for (const int threads : {2, 3, 17})
      for (const std::int64_t count : {1, 15, 16, 17, 31, 33, 47, 48, 49, 100, 255, 1023, 4099, 100003})
        for (const Place place : {Place::shifted, Place::ends_page, Place::starts_page}) {
          CAPTURE(count);
          CAPTURE(threads);
          check_copies(operation, probe, problem_of(operation, count, threads), place);
        }
  });
}

TEST_CASE("every lane set has traffic probes with ordinary and with streaming stores, for every operation") {
  for (const Operation* operation : operations())
    for (const Implementation* way : implementations()) {
      const std::string_view isa = name_of(way->isa);
      if (way->operation != std::string_view(operation->name) || isa == "scalar" || isa.starts_with("auto-"))
        continue;
      for (const std::string_view probe : {"traffic", "streaming_traffic"}) {
        INFO(std::string(operation->name) << "/" << std::string(probe) << "/" << std::string(isa));
        bool found = false;
        for (const Implementation* row : implementations())
          found = found || (row->operation == std::string_view(way->operation) && row->name == probe &&
                            row->isa == way->isa && row->role == Role::traffic);
        CHECK(found);
      }
    }
}

}  // namespace
