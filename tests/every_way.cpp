#include "every_way.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "suite/verify/compare.hpp"
#include "suite/registry.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/row.hpp"
#include "suite/shape.hpp"

using namespace trilbench;

std::vector<ResultOfWay> every_way(std::string_view operation_name, const Problem& problem,
                                   const std::vector<std::vector<float>>& inputs) {
  const Operation* const operation = operation_named(operation_name);
  REQUIRE(operation);
  REQUIRE(static_cast<int>(inputs.size()) == operation->inputs);
  const std::vector<std::int64_t> all_rows = sample_rows(*operation, problem, operation->rows(problem), 0);
  std::vector<ResultOfWay> results;
  for (const Implementation* row : implementations()) {
    if (row->operation != operation_name || row->role != Role::way || !why_skipped(*row, problem).empty())
      continue;
    results.push_back({benchmark_name(*operation, *row, problem), {}});
    CAPTURE(results.back().name);
    Rig rig(*operation, *row, problem);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      REQUIRE(static_cast<std::int64_t>(inputs[i].size()) ==
              operation->input_elements(problem, static_cast<int>(i)));
      std::ranges::copy(inputs[i], rig.inputs()[i]);
    }
    REQUIRE((rig.prepare() && rig.run()));
    CHECK(compare(*operation, *row, problem, rig.inputs(), rig.output(), all_rows).error_over_bound <= 1);
    results.back().y = rig.output_copy();
  }
  REQUIRE(!results.empty());
  return results;
}

std::vector<ResultOfWay> every_way(std::string_view operation_name, std::string_view shape,
                                   const std::vector<std::vector<float>>& inputs) {
  const Operation* const operation = operation_named(operation_name);
  REQUIRE(operation);
  return every_way(operation_name, parse_shape(*operation, shape), inputs);
}
