// The wrong kernels of causal_attention, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_causal_attention{
    "causal_attention",
    {
        {"heads_in_turn", {"1x4g2x17x3", "1x4g2x130x3"}, {bound, hard, impulses, non_finite}},
        {"heads_swapped", {"2x2x17x3", "2x2x130x3"}, any_value},
        {"keys_of_the_first_batch", {"2x2x17x3", "2x1x130x3"}, {bound, hard, impulses, non_finite}},
        {"last_keys_dropped", {"1x2x17x3", "1x2x130x3"}, any_value},
        {"last_numbers_dropped", {"1x2x17x3", "1x2x130x3"}, {bound, hard, impulses, non_finite}},
        {"last_tile_unfinished", {"1x2x16x3", "1x2x128x3"}, any_value},
        {"mask_by_tile", {"1x2x17x3", "1x2x130x3"}, any_value_and_causality},
        {"maximum_from_0", {"1x2x17x3", "1x2x130x3"}, {hard, impulses}},
        {"maximum_from_a_sentinel", {"1x2x17x3", "1x2x130x3"}, {hard, impulses}},
        {"maximum_from_minus_infinity", {"1x2x17x3", "1x2x130x3"}, {non_finite}},
        {"maximum_of_the_tile_alone", {"1x2x17x3"}, {hard, impulses}},
        {"maximum_of_the_tile_alone", {"1x2x130x3"}, {hard, impulses, non_finite}},
        {"padded_keys_take_part", {"1x2x17x3", "1x2x130x3"}, any_value},
        {"products_in_half_precision", {"1x2x17x3", "1x2x130x3"}, {bound, hard, impulses, non_finite}},
        {"rescale_missing", {"1x2x17x3", "1x2x130x3"}, {bound, hard, impulses, non_finite}},
        {"scale_forgotten", {"1x2x17x3", "1x2x130x3"}, {bound, hard, impulses, non_finite}},
        {"scale_twice", {"1x2x17x3", "1x2x130x3"}, {bound, hard, impulses, non_finite}},
        {"sum_before_the_last_tile", {"1x2x17x3", "1x2x130x3"}, any_value},
        {"swallows_nan", {"1x2x17x3", "1x2x130x3"}, {non_finite}},
        {"threads_begin_anew", {"1x2x17x3", "1x2x130x3"}, {threads}, {bound, hard, non_finite}},
        {"weighs_what_lies_behind", {"1x2x17x3", "1x2x130x3"}, {margins}},
    }};

}  // namespace
