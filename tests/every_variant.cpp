#include "every_variant.hpp"

#include <doctest/doctest.h>

#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "suite/verify/buffers.hpp"
#include "suite/verify/compare.hpp"

using namespace trilbench;

std::vector<Result> every_variant(std::string_view operation_name, const Problem& problem,
                                  const std::vector<std::vector<float>>& inputs) {
  const Operation* const operation = operation_named(operation_name);
  REQUIRE(operation);
  REQUIRE(static_cast<int>(inputs.size()) == operation->inputs);
  for (int i = 0; i < operation->inputs; ++i)
    REQUIRE(static_cast<std::int64_t>(inputs[i].size()) == operation->input_elements(problem, i));
  const std::vector<std::int64_t> all_rows = sample_rows(*operation, problem, operation->rows(problem), 0);
  std::vector<Result> results;
  for (const Variant& variant : variants()) {
    if (variant.operation != operation_name || variant.implementation->role != Role::method ||
        !why_skipped(*operation, variant, problem).empty())
      continue;
    results.push_back({benchmark_name(*operation, variant, problem), {}});
    CAPTURE(results.back().variant);
    Buffers buffers(array_elements(*operation, problem), Place::aligned);
    buffers.put(inputs);
    REQUIRE((buffers.prepare(*Runnable::of(variant), problem, this_machine()) && buffers.run()));
    const Worst worst = compare(*operation, variant, problem, buffers.inputs(), buffers.output(), all_rows);
    CHECK(worst.error_over_bound <= 1);
    results.back().y = buffers.output_copy();
  }
  REQUIRE(!results.empty());
  return results;
}

std::vector<Result> every_variant(std::string_view operation_name, std::string_view shape,
                                  const std::vector<std::vector<float>>& inputs) {
  const Operation* const operation = operation_named(operation_name);
  REQUIRE(operation);
  return every_variant(operation_name, parse_shape(*operation, shape), inputs);
}
