// The wrong kernels of causal_weighted_mean, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_causal_weighted_mean{
    "causal_weighted_mean",
    {
        {"no_maximum_subtracted", {"2x17x3", "2x700x3"}, {hard, impulses, integers}},
        {"maximum_over_the_masked_part",
         {"2x17x3", "2x700x3"},
         {hard, impulses, integers, non_finite, causality}},
        {"normaliser_over_the_whole_row", {"2x17x3", "2x700x3"}, any_value_and_causality},
        {"sum_of_the_previous_row", {"2x17x3", "2x700x3"}, any_value},
        {"weights_in_half_precision", {"2x17x3", "2x700x3"}, {bound, hard, impulses, non_finite}},
        {"last_weight_repeated", {"2x17x3"}, {bound, hard, impulses, non_finite}},
        {"last_weight_repeated", {"2x700x3"}, {bound, hard, impulses, integers, non_finite}},
        {"coarse_exp_in_long_rows", {"2x70x3", "2x700x3"}, {impulses}},
        {"weights_of_the_previous_call", {"2x17x3", "2x700x3"}, {repeats}},
    }};

}  // namespace
