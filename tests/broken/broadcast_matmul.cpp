// The wrong kernels of broadcast_matmul, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_broadcast_matmul{
    "broadcast_matmul",
    {
        {"broadcasts_the_wrong_operand", {"3x1x2x2@5x2x3", "3x1x20x300@5x300x20"}, any_value},
        {"stale_panel", {"2x2@3x2x2", "7x300@2x3x300x20"}, any_value},
        {"last_rows_dropped", {"2x3x2@2x2x3", "2x21x300@300x20"}, any_value},
        {"last_columns_dropped", {"2x3x2@2x2x3", "2x20x300@300x21"}, any_value},
        {"last_terms_dropped", {"2x3x5@2x5x3"}, any_value},
        {"last_terms_dropped", {"2x8193@3x8193x3"}, {hard, impulses, integers, non_finite}},
        {"steps_along_a_broadcast_dimension", {"3x1x2x2@5x2x3", "3x1x20x300@5x300x20"}, any_value},
        {"first_dimension_fastest", {"3x1x2x2@5x2x3", "3x2x20x300@300x20"}, any_value},
        {"overlap_added_twice", {"2x3x4@2x4x5", "20x300@2x300x21"}, any_value},
    }};

}  // namespace
