// The wrong kernels of tril_matmul, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_tril_matmul{
    "tril_matmul",
    {
        {"mask_by_tile", {"2x17x3", "2x700x3"}, any_value_and_causality},
        {"reads_above_the_diagonal", {"2x17x3", "2x700x3"}, {non_finite, causality}},
        {"transposed", {"2x17x3", "2x700x3"}, any_value_and_causality},
        {"weights_move_with_the_batch", {"2x17x3", "2x700x3"}, any_value_and_causality},
        {"last_row_dropped", {"2x17x3", "2x700x3"}, any_value},
        {"last_column_dropped", {"2x17x3", "2x700x3"}, any_value},
        {"wrong_stride_of_W", {"2x17x3", "2x700x3"}, any_value_and_causality},
        {"last_term_dropped", {"2x17x3", "2x700x3"}, any_value},
        {"stale_panel_of_the_batch", {"2x17x3", "2x700x3"}, any_value},
        {"stale_panel_of_the_call", {"2x17x3", "2x700x3"}, {repeats}},
        {"threads_multiply_the_future_by_zero", {"2x17x3", "2x700x3"}, {threads}, {non_finite, causality}},
        {"threads_swallow_nan", {"2x17x3", "2x700x3"}, {threads}, {non_finite}},
    }};

}  // namespace
