// The wrong ways to compute causal_weighted_mean, and the checks that must see them.
#pragma once

#include "../case.hpp"

namespace broken {

using enum trilbench::Check;

inline const std::vector<Case> causal_weighted_mean_cases{
    {"causal_weighted_mean", "no_maximum_subtracted", "2x17x3", {hard, impulses, integers}},
    {"causal_weighted_mean", "no_maximum_subtracted", "2x700x3", {hard, impulses, integers}},
    {"causal_weighted_mean",
     "maximum_over_the_masked_part",
     "2x17x3",
     {hard, impulses, integers, non_finite, causality}},
    {"causal_weighted_mean",
     "maximum_over_the_masked_part",
     "2x700x3",
     {hard, impulses, integers, non_finite, causality}},
    {"causal_weighted_mean",
     "normaliser_over_the_whole_row",
     "2x17x3",
     {bound, hard, impulses, integers, non_finite, causality}},
    {"causal_weighted_mean",
     "normaliser_over_the_whole_row",
     "2x700x3",
     {bound, hard, impulses, integers, non_finite, causality}},
    {"causal_weighted_mean", "share_of_the_previous_row", "2x17x3", any_value},
    {"causal_weighted_mean", "share_of_the_previous_row", "2x700x3", any_value},
    {"causal_weighted_mean", "weights_in_half_precision", "2x17x3", {bound, hard, impulses, non_finite}},
    {"causal_weighted_mean", "weights_in_half_precision", "2x700x3", {bound, hard, impulses, non_finite}},
    {"causal_weighted_mean", "last_weight_repeated", "2x17x3", {bound, hard, impulses, non_finite}},
    {"causal_weighted_mean",
     "last_weight_repeated",
     "2x700x3",
     {bound, hard, impulses, integers, non_finite}},
    {"causal_weighted_mean", "coarse_exp_in_long_rows", "2x70x3", {impulses}},
    {"causal_weighted_mean", "coarse_exp_in_long_rows", "2x700x3", {impulses}},
    {"causal_weighted_mean", "weights_of_the_previous_call", "2x17x3", {repeats}},
    {"causal_weighted_mean", "weights_of_the_previous_call", "2x700x3", {repeats}},
};

}  // namespace broken
