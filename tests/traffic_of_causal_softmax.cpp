// The traffic probes of causal_softmax: what stands on and below the diagonal of W must come out in P, and
// zeros above, whatever W has there, and nothing else may be touched, or the limit that a probe stands for is
// not one.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "suite/verify/data.hpp"
#include "suite/registry.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/row.hpp"

namespace {

using namespace trilbench;

void check_triangle(const Operation& operation, const Implementation& probe, const Problem& problem,
                    Place place) {
  const std::int64_t T = problem.sizes[0];
  Rig rig(operation, probe, problem, place);
  rig.mark_margins(1.5f);
  data::uniform({rig.inputs()[0], static_cast<std::size_t>(T * T)}, static_cast<std::uint32_t>(T), 1, 2);
  std::vector<float> expected = rig.copy_inputs()[0];
  for (std::int64_t t = 0; t < T; ++t)
    for (std::int64_t k = t + 1; k < T; ++k) expected[t * T + k] = 0;
  rig.make_inputs_read_only();
  REQUIRE_MESSAGE((rig.prepare() && rig.run()), rig.fault());
  CHECK_MESSAGE(rig.margins_intact(), "writes beside a buffer");
  CHECK_MESSAGE(rig.output_is(expected), "leaves something uncopied, or not cleared");
}

TEST_CASE("traffic probes of causal_softmax copy the triangle and clear the rest") {
  const Operation& operation = *operation_named("causal_softmax");
  for (const Implementation* row : implementations()) {
    if (row->role != Role::traffic || row->operation != std::string_view("causal_softmax")) continue;
    const std::string name = std::string(row->name) + "/" + std::string(name_of(row->isa));
    DOCTEST_SUBCASE(name.c_str()) {
      if (const std::string missing = why_unsupported(row->isa); !missing.empty()) {
        MESSAGE("not verified on this CPU: " << name << ": " << missing);
        return;
      }
      for (const Place place : {Place::aligned, Place::shifted, Place::ends_page, Place::starts_page})
        for (const int threads : {1, 2, 3, 17})
          for (std::int64_t T = 1; T <= 300; T += 1 + T / 40 + T / 100 * 30) {
            CAPTURE(T);
            CAPTURE(threads);
            check_triangle(operation, *row, {.sizes = {T}, .threads = threads}, place);
          }
    }
  }
}

}  // namespace
