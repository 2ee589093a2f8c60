// The wrong kernels of causal_softmax, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_causal_softmax{
    "causal_softmax",
    {
        {"no_maximum_subtracted", {"9", "700"}, {hard, impulses, integers, non_finite}},
        {"maximum_over_the_masked_part", {"9", "700"}, {hard, impulses, non_finite, causality}},
        {"normaliser_over_the_whole_row", {"9", "700"}, any_value_and_causality},
        {"mask_by_tile", {"9", "700"}, any_value_and_causality},
        {"multiplies_the_future_by_zero", {"9", "700"}, {non_finite, causality}},
        {"above_not_cleared", {"9", "700"}, any_value},
        {"coarse_exp", {"9", "700"}, {bound, hard, impulses, non_finite}},
        {"coarse_exp_in_long_rows", {"70", "700"}, {impulses}},
        {"reads_past_the_end", {"9", "701"}, {margins}},
        {"swallows_nan", {"9", "700"}, {non_finite}},
        {"masked_row_of_zeros", {"9", "700"}, {non_finite}},
        {"sum_not_rescaled", {"9", "700"}, {bound, hard, impulses, non_finite}},
        {"online_from_minus_infinity", {"9", "700"}, {impulses, non_finite}},
    }};

}  // namespace
