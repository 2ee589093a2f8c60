// The wrong kernels of attention_decode, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_attention_decode{
    "attention_decode",
    {
        {"heads_in_turn", {"1x4g2x17x3", "2x4g2x513x3"}, any_value},
        {"last_step_forgotten", {"1x2x17x3", "1x2x513x3"}, any_value},
        {"one_row_too_many", {"1x2x17x3", "1x2x513x3"}, any_value_and_causality},
        {"value_of_another_step", {"1x2x17x3", "1x2x513x3"}, any_value},
        {"parts_not_rescaled", {"1x2x17x3", "1x2x513x3"}, {bound, hard, impulses, non_finite}},
        {"maximum_of_the_first_part", {"1x2x17x3"}, {impulses, non_finite}},
        {"maximum_of_the_first_part", {"1x2x513x3"}, {hard, impulses, non_finite}},
    }};

}  // namespace
