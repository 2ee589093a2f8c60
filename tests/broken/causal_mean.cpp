// The wrong kernels of causal_mean, and the checks that must see them.
#include "cases.hpp"

namespace {

using namespace broken;

const Kernels of_causal_mean{
    "causal_mean",
    {
        {"does_nothing", {"2x5x3", "2x8192x3"}, any_value},
        {"all_zeros", {"2x5x3", "2x8192x3"}, any_value},
        {"all_nan", {"2x5x3", "2x8192x3"}, any_value},
        {"mask_off_by_one", {"2x7x3", "2x8192x3"}, any_value_and_causality},
        {"last_row_dropped", {"2x5x3", "2x8192x3"}, any_value},
        {"last_row_repeated", {"2x8x3"}, any_value},
        {"last_row_repeated", {"2x8192x3"}, {impulses, integers}},
        {"last_column_dropped", {"2x5x3", "2x8192x3"}, any_value},
        {"tail_of_a_vector_dropped", {"2x5x9", "2x8192x9"}, any_value},
        {"wrong_batch_stride", {"2x5x3", "2x8192x3"}, any_value_and_causality},
        {"divides_by_t", {"2x5x3", "2x8192x3"}, any_value},
        {"term_dropped", {"2x16x3"}, any_value},
        {"term_dropped", {"2x8192x3"}, {impulses, integers}},
        {"term_dropped_in_a_tile", {"2x24x3"}, any_value},
        {"term_dropped_in_a_tile", {"2x8192x3"}, {impulses}},
        {"expects_a_cleared_workspace",
         {"2x5x3", "2x8192x3"},
         {bound, hard, impulses, integers, non_finite, repeats}},
        {"changes_its_input",
         {"2x5x3", "2x8192x3"},
         {bound, hard, impulses, integers, non_finite, read_only}},
        {"peels_by_the_wrong_pointer", {"2x5x3", "2x8192x3"}, {bound}},
        {"naive_sum_claims_blocks", {"1x131072x2"}, {hard}},  // honest for short sequences
        {"flushes_denormals", {"2x5x3", "2x8192x3"}, {hard}},
        {"leaves_flush_to_zero", {"2x5x3", "2x8192x3"}, {hard, margins}},
        {"overflows_early", {"2x5x3", "2x8192x3"}, {hard}},
        {"newton_reciprocal", {"2x17x3", "2x8192x3"}, {impulses}},
        {"low_precision_carry", {"2x1024x3", "2x8192x3"}, {integers}},
        {"swallows_nan", {"2x5x3", "2x8192x3"}, {non_finite}},
        {"multiplies_the_future_by_zero", {"2x17x3", "2x8192x3"}, {non_finite, causality}},
        {"looks_at_all_of_x", {"2x17x3", "2x8192x3"}, {causality}},
        {"writes_past_the_end", {"2x5x3", "2x8192x3"}, {margins}},
        {"writes_before_the_beginning", {"2x5x3", "2x8192x3"}, {margins}},
        {"reads_past_the_end", {"2x5x3", "2x8192x3"}, {margins}},
        {"overruns_its_workspace", {"2x5x3", "2x8192x3"}, {margins}},
        // Faults: at once, or in buffers that are not aligned.
        {"misaligned_store", {"2x5x3"}, {bound, margins}},
        {"misaligned_store", {"2x8192x3"}, {bound}},
        {"divides_by_no_pieces", {"2x5x3", "2x8192x3"}, any_call},
        {"illegal_instruction", {"2x5x3", "2x8192x3"}, any_call},
        {"borrows_its_input", {"2x5x3", "2x8192x3"}, {read_only}},
        {"changes_its_input_later", {"2x5x3", "2x8192x3"}, {read_only}},
        {"result_of_the_previous_call", {"2x5x3", "2x8192x3"}, {repeats}},
        {"plan_of_the_last_preparation", {"2x5x3", "2x8192x3"}, {repeats}},
        // A larger one is not called a thousand times.
        {"wrong_after_a_thousand_calls", {"2x5x3", "2x1024x8"}, {repeats}},
        {"gap_between_threads", {"2x7x3"}, {threads}, {bound, hard, impulses, integers, non_finite}},
        {"gap_between_threads", {"2x16384x3"}, {threads}, {impulses, integers}},
        {"drops_remainder_of_threads", {"2x5x3", "2x8192x3"}, {threads}, any_value},
        {"order_of_arrival", {"2x33x3", "2x8192x3"}, {threads}, {causality, margins, repeats}},
    }};

}  // namespace
