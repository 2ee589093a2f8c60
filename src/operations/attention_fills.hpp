// What attention is verified on: its data, the checks that look at them, and how many roundings each leaves.
#pragma once

#include <cstdint>

#include "operations/attention.hpp"
#include "operations/attention_data.hpp"
#include "operations/sums_of_products.hpp"
#include "suite/operation.hpp"
#include "suite/verify/data.hpp"

namespace trilbench::attention {

/// Of an operation that puts data into its inputs by put(problem, round, inputs, data), and whose rows are
/// sums over terms(problem, row) keys.
template <void (*put)(const Problem&, std::uint32_t round, float* const* inputs, Data data),
          std::int64_t (*terms)(const Problem&, std::int64_t row)>
struct Fills {
  template <Data data>
  static void filled(const Problem& problem, std::uint32_t round, float* const* inputs) {
    put(problem, round, inputs, data);
  }

  static int impulse_rounds(const Problem& problem) {
    const AttentionAxes axes(problem);
    return data::impulse_rounds(axes.T, axes.B * axes.H_kv * axes.D);
  }

  static int sparse_rounds(const Problem& problem) { return data::sparse_rounds(AttentionAxes(problem).T); }

  // Under equal logits every exponential is 1, and their sum is exact.
  static double sparse_roundings(const Problem& problem, std::int64_t row) {
    const std::int64_t stride = data::sparse_stride(AttentionAxes(problem).T);
    return static_cast<double>((terms(problem, row) - 1) / stride) + 3;
  }

  // As of so many terms whose sums are never scaled, for the first key's logit is the largest. A logit of at
  // most 1/2 sees three roundings, its distance from the largest three; each counts twice.
  static double roundings_of_few(const Problem&, std::int64_t) {
    return 2 * most_that_count + 27 + 2 * (3 * 0.5 + 3);
  }

  static bool divides_by_power_of_two(const Problem& problem, std::int64_t row) {
    const std::int64_t count = terms(problem, row);
    return (count & (count - 1)) == 0;
  }

  static constexpr Fill table[] = {
      {.name = "PyTorch's randn", .check = Check::bound, .fill = filled<randn>, .data = "normal"},
      {.name = "uniform on [0, 1)",
       .check = Check::hard,
       .fill = filled<alike<from_0_to_1>>,
       .data = "positive"},
      {.name = "constant 1/3", .check = Check::hard, .fill = filled<alike<one_nth<3>>>},
      {.name = "lognormal, logits of both signs up to 100",
       .check = Check::hard,
       .fill = filled<spread>,
       .data = "spread"},
      {.name = "denormals, logits of 0 and -86.9",
       .check = Check::hard,
       .fill = filled<denormal_weights>,
       .data = "denormal"},
      {.name = "denormal queries, denormal keys",
       .check = Check::hard,
       .fill = filled<denormal_logits>,
       .rounds = rounds<2>},
      {.name = "huge values", .check = Check::hard, .fill = filled<huge>},
      {.name = "ascending logits", .check = Check::hard, .fill = filled<ascending>},
      {.name = "descending logits", .check = Check::hard, .fill = filled<descending>},
      {.name = "logits near 1e5 and -1e5", .check = Check::hard, .fill = filled<far>, .rounds = rounds<2>},
      {.name = "masked by -1e30", .check = Check::hard, .fill = filled<masked>},
      exact({.name = "impulses under equal logits",
             .check = Check::impulses,
             .fill = filled<mean_of<impulses>>,
             .rounds = impulse_rounds}),
      {.name = "sparse values under equal logits",
       .check = Check::impulses,
       .fill = filled<mean_of<sparse>>,
       .rounds = sparse_rounds,
       .roundings = sparse_roundings},
      exact({.name = "one dominant key",
             .check = Check::impulses,
             .fill = filled<dominant>,
             .rounds = rounds<3>}),
      {.name = "few keys that count",
       .check = Check::impulses,
       .fill = filled<few>,
       .rounds = rounds<2>,
       .roundings = roundings_of_few},
      {.name = "whole numbers under equal logits",
       .check = Check::integers,
       .fill = filled<mean_of<whole_numbers>>,
       .rounds = rounds<2>,
       .exact = divides_by_power_of_two},
      {.name = "NaN and infinities",
       .check = Check::non_finite,
       .fill = filled<non_finite>,
       .rounds = rounds<non_finite_kinds>},
  };
};

}  // namespace trilbench::attention
