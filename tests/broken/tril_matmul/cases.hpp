// The wrong ways to compute tril_matmul, and the checks that must see them.
#pragma once

#include "../case.hpp"

namespace broken {

using enum trilbench::Check;

inline const std::vector<Case> tril_matmul_cases{
    {"tril_matmul", "mask_by_tile", "2x17x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul", "mask_by_tile", "2x700x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul", "reads_above_the_diagonal", "2x17x3", {non_finite, causality}},
    {"tril_matmul", "reads_above_the_diagonal", "2x700x3", {non_finite, causality}},
    {"tril_matmul", "transposed", "2x17x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul", "transposed", "2x700x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul",
     "weights_move_with_the_batch",
     "2x17x3",
     {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul",
     "weights_move_with_the_batch",
     "2x700x3",
     {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul", "last_row_dropped", "2x17x3", any_value},
    {"tril_matmul", "last_row_dropped", "2x700x3", any_value},
    {"tril_matmul", "last_column_dropped", "2x17x3", any_value},
    {"tril_matmul", "last_column_dropped", "2x700x3", any_value},
    {"tril_matmul", "wrong_stride_of_W", "2x17x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul", "wrong_stride_of_W", "2x700x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"tril_matmul", "last_term_dropped", "2x17x3", any_value},
    {"tril_matmul", "last_term_dropped", "2x700x3", any_value},
    {"tril_matmul", "stale_panel_of_the_batch", "2x17x3", any_value},
    {"tril_matmul", "stale_panel_of_the_batch", "2x700x3", any_value},
    {"tril_matmul", "stale_panel_of_the_call", "2x17x3", {repeats}},
    {"tril_matmul", "stale_panel_of_the_call", "2x700x3", {repeats}},
    {"tril_matmul", "threads_multiply_the_future_by_zero", "2x17x3", {threads}, {non_finite, causality}},
    {"tril_matmul", "threads_multiply_the_future_by_zero", "2x700x3", {threads}, {non_finite, causality}},
    {"tril_matmul", "threads_swallow_nan", "2x17x3", {threads}, {non_finite}},
    {"tril_matmul", "threads_swallow_nan", "2x700x3", {threads}, {non_finite}},
};

}  // namespace broken
