// The traffic probes of broadcast_matmul, whose output is as large as neither input: each must read every
// float of X and Y and write every float of the output, and touch nothing else, or the limit that it stands
// for is not one. They write the exclusive or of what they read: a float not read shows as bits that are
// missing, one not written as the NaN that was there before.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/row.hpp"
#include "suite/shape.hpp"

namespace {

using namespace trilbench;

constexpr float mark = 0x1.8p1f;  // no other float of these problems has bits

/// The ends of an input, and some places between.
std::vector<std::int64_t> places(std::int64_t count) {
  std::mt19937 engine(static_cast<std::uint32_t>(count));
  std::vector<std::int64_t> some{0, count - 1};
  for (int i = 0; i < 30; ++i) some.push_back(static_cast<std::int64_t>(engine() % count));
  return some;
}

void check_reads_and_writes_all(const Operation& operation, const Implementation& probe,
                                const Problem& problem, Place place) {
  Rig rig(operation, probe, problem, place);
  const auto outputs = operation.rows(problem) * operation.columns(problem);
  for (const int input : {0, 1})
    std::fill_n(rig.inputs()[input], operation.input_elements(problem, input), 0.0f);
  for (const int input : {0, 1})
    for (const std::int64_t at : places(operation.input_elements(problem, input))) {
      CAPTURE(input);
      CAPTURE(at);
      float& marked = rig.inputs()[input][at];
      marked = mark;
      rig.mark_margins(1.5f);
      REQUIRE_MESSAGE((rig.prepare() && rig.run()), rig.fault());
      CHECK_MESSAGE(rig.margins_intact(), "writes beside a buffer");
      CHECK_MESSAGE(std::none_of(rig.output(), rig.output() + outputs, [](float y) { return std::isnan(y); }),
                    "leaves a float unwritten");
      CHECK_MESSAGE(std::count(rig.output(), rig.output() + outputs, mark) > 0, "leaves a float unread");
      marked = 0.0f;
    }
}

TEST_CASE("traffic probes of broadcast_matmul read all of X and Y and write all of the output") {
  const Operation* operation = operation_named("broadcast_matmul");
  REQUIRE(operation);
  int probes = 0;
  for (const Implementation* row : implementations()) {
    if (row->role != Role::traffic || row->operation != std::string_view("broadcast_matmul") ||
        !why_unsupported(row->isa).empty())
      continue;
    ++probes;
    const std::string name = std::string(row->name) + "/" + std::string(name_of(row->isa));
    CAPTURE(name);
    // The output has lines enough for every thread to write all its lanes.
    for (const char* shape : {"2x1@1x67", "3x1x1x7@5x7x13", "2x16@16x67", "5x3x31@31x9", "64x17@17x66"})
      for (const int threads : {1, 2, 3})
        for (const Place place : {Place::aligned, Place::shifted, Place::ends_page, Place::starts_page}) {
          CAPTURE(shape);
          CAPTURE(threads);
          check_reads_and_writes_all(*operation, *row, parse_shape(*operation, shape, threads), place);
        }
  }
  CHECK(probes > 0);
}

}  // namespace
