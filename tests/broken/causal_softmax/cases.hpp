// The wrong ways to compute causal_softmax, and the checks that must see them.
#pragma once

#include "../case.hpp"

namespace broken {

using enum trilbench::Check;

inline const std::vector<Case> causal_softmax_cases{
    // Both a small and a large problem each.
    {"causal_softmax", "no_maximum_subtracted", "9", {hard, impulses, integers, non_finite}},
    {"causal_softmax", "no_maximum_subtracted", "700", {hard, impulses, integers, non_finite}},
    {"causal_softmax", "maximum_over_the_masked_part", "9", {hard, impulses, non_finite, causality}},
    {"causal_softmax", "maximum_over_the_masked_part", "700", {hard, impulses, non_finite, causality}},
    {"causal_softmax",
     "normaliser_over_the_whole_row",
     "9",
     {bound, hard, impulses, integers, non_finite, causality}},
    {"causal_softmax",
     "normaliser_over_the_whole_row",
     "700",
     {bound, hard, impulses, integers, non_finite, causality}},
    {"causal_softmax", "mask_by_tile", "9", {bound, hard, impulses, integers, non_finite, causality}},
    {"causal_softmax", "mask_by_tile", "700", {bound, hard, impulses, integers, non_finite, causality}},
    {"causal_softmax", "multiplies_the_future_by_zero", "9", {non_finite, causality}},
    {"causal_softmax", "multiplies_the_future_by_zero", "700", {non_finite, causality}},
    {"causal_softmax", "above_not_cleared", "9", any_value},
    {"causal_softmax", "above_not_cleared", "700", any_value},
    {"causal_softmax", "coarse_exp", "9", {bound, hard, impulses, non_finite}},
    {"causal_softmax", "coarse_exp", "700", {bound, hard, impulses, non_finite}},
    {"causal_softmax", "coarse_exp_in_long_rows", "70", {impulses}},
    {"causal_softmax", "coarse_exp_in_long_rows", "700", {impulses}},
    {"causal_softmax", "reads_past_the_end", "9", {margins}},
    {"causal_softmax", "reads_past_the_end", "701", {margins}},
    {"causal_softmax", "swallows_nan", "9", {non_finite}},
    {"causal_softmax", "swallows_nan", "700", {non_finite}},
    {"causal_softmax", "masked_row_of_zeros", "9", {non_finite}},
    {"causal_softmax", "masked_row_of_zeros", "700", {non_finite}},
    {"causal_softmax", "sum_not_rescaled", "9", {bound, hard, impulses, non_finite}},
    {"causal_softmax", "sum_not_rescaled", "700", {bound, hard, impulses, non_finite}},
    {"causal_softmax", "online_from_minus_infinity", "9", {impulses, non_finite}},
    {"causal_softmax", "online_from_minus_infinity", "700", {impulses, non_finite}},
};

}  // namespace broken
