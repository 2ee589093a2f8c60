// The verifier's own test: kernels that are wrong in ways kernels really are (tests/broken/), and the checks
// that see each of them. With one check alone, exactly the kernels that it sees are rejected; with all of a
// kernel's checks switched off, it passes. So no check is idle, and none can be weakened unnoticed.
#include <doctest/doctest.h>

#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "suite/verification.hpp"

namespace trilbench {
std::span<const Implementation* const> broken_implementations();
}

namespace {

using namespace trilbench;
using enum Check;

using Checks = std::vector<Check>;

struct Case {
  const char* kernel;
  const char* shape;
  Checks seen_by;
};

// What looks at the values of one call, in whatever way they are wrong.
const Checks any_value{bound, hard, impulses, integers, non_finite};

const std::vector<Case> cases{
    // Both a small and a large problem each.
    {"does_nothing", "2x5x3", any_value},
    {"does_nothing", "2x8192x3", any_value},
    {"all_zeros", "2x5x3", any_value},
    {"all_zeros", "2x8192x3", any_value},
    {"all_nan", "2x5x3", any_value},
    {"all_nan", "2x8192x3", any_value},
    {"mask_off_by_one", "2x7x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"mask_off_by_one", "2x8192x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"last_row_dropped", "2x5x3", any_value},
    {"last_row_dropped", "2x8192x3", any_value},
    {"last_row_repeated", "2x8x3", any_value},
    {"last_row_repeated", "2x8192x3", {impulses, integers}},
    {"last_column_dropped", "2x5x3", any_value},
    {"last_column_dropped", "2x8192x3", any_value},
    {"tail_of_a_vector_dropped", "2x5x9", any_value},
    {"tail_of_a_vector_dropped", "2x8192x9", any_value},
    {"wrong_batch_stride", "2x5x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"wrong_batch_stride", "2x8192x3", {bound, hard, impulses, integers, non_finite, causality}},
    {"divides_by_t", "2x5x3", any_value},
    {"divides_by_t", "2x8192x3", any_value},
    {"term_dropped", "2x16x3", any_value},
    {"term_dropped", "2x8192x3", {impulses, integers}},
    {"term_dropped_in_a_tile", "2x24x3", any_value},
    {"term_dropped_in_a_tile", "2x8192x3", {impulses}},
    {"expects_a_cleared_workspace", "2x5x3", {bound, hard, impulses, integers, non_finite, repeats}},
    {"expects_a_cleared_workspace", "2x8192x3", {bound, hard, impulses, integers, non_finite, repeats}},
    {"changes_its_input", "2x5x3", {bound, hard, impulses, integers, non_finite, read_only}},
    {"changes_its_input", "2x8192x3", {bound, hard, impulses, integers, non_finite, read_only}},
    {"peels_by_the_wrong_pointer", "2x5x3", {bound}},
    {"peels_by_the_wrong_pointer", "2x8192x3", {bound}},
    {"naive_sum_claims_blocks", "1x131072x2", {hard}},  // honest for short sequences
    {"flushes_denormals", "2x5x3", {hard}},
    {"flushes_denormals", "2x8192x3", {hard}},
    {"leaves_flush_to_zero", "2x5x3", {hard, margins}},
    {"leaves_flush_to_zero", "2x8192x3", {hard, margins}},
    {"overflows_early", "2x5x3", {hard}},
    {"overflows_early", "2x8192x3", {hard}},
    {"newton_reciprocal", "2x17x3", {impulses}},
    {"newton_reciprocal", "2x8192x3", {impulses}},
    {"low_precision_carry", "2x1024x3", {integers}},
    {"low_precision_carry", "2x8192x3", {integers}},
    {"swallows_nan", "2x5x3", {non_finite}},
    {"swallows_nan", "2x8192x3", {non_finite}},
    {"multiplies_the_future_by_zero", "2x17x3", {non_finite, causality}},
    {"multiplies_the_future_by_zero", "2x8192x3", {non_finite, causality}},
    {"looks_at_all_of_x", "2x17x3", {causality}},
    {"looks_at_all_of_x", "2x8192x3", {causality}},
    {"writes_past_the_end", "2x5x3", {margins}},
    {"writes_past_the_end", "2x8192x3", {margins}},
    {"writes_before_the_beginning", "2x5x3", {margins}},
    {"writes_before_the_beginning", "2x8192x3", {margins}},
    {"reads_past_the_end", "2x5x3", {margins}},
    {"reads_past_the_end", "2x8192x3", {margins}},
    {"overruns_its_workspace", "2x5x3", {margins}},
    {"overruns_its_workspace", "2x8192x3", {margins}},
    {"borrows_its_input", "2x5x3", {read_only}},
    {"borrows_its_input", "2x8192x3", {read_only}},
    {"result_of_the_previous_call", "2x5x3", {repeats}},
    {"result_of_the_previous_call", "2x8192x3", {repeats}},
    {"wrong_after_a_thousand_calls", "2x5x3", {repeats}},
    {"wrong_after_a_thousand_calls", "2x1024x8", {repeats}},  // a larger one is not called a thousand times
    {"gap_between_threads", "2x7x3", {threads}},
    {"gap_between_threads", "2x16384x3", {threads}},
    {"drops_remainder_of_threads", "2x5x3", {threads}},
    {"drops_remainder_of_threads", "2x8192x3", {threads}},
    {"order_of_arrival", "2x33x3", {threads}},
    {"order_of_arrival", "2x8192x3", {threads}},
};

const Implementation& kernel_named(std::string_view name) {
  const auto rows = broken_implementations();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto* r) { return r->name == name; });
  REQUIRE_MESSAGE(row != rows.end(), "there is no tests/broken/causal_mean/" << name << ".cpp");
  return **row;
}

const Operation& operation_of(const Implementation& row) {
  const Operation* operation = operation_named(row.operation);
  REQUIRE(operation);
  return *operation;
}

bool sees(const Case& it, Check check) {
  return std::find(it.seen_by.begin(), it.seen_by.end(), check) != it.seen_by.end();
}

template <class Body>
void for_each_case(const Body& body) {
  for (const Case& it : cases) {
    const std::string name = std::string(it.kernel) + " " + it.shape;
    DOCTEST_SUBCASE(name.c_str()) {
      INFO("repeat: trilbench_tests --test-case='broken kernels*' --subcase='" << name << "'");
      const Implementation& row = kernel_named(it.kernel);
      const Operation& operation = operation_of(row);
      body(it, operation, row, parse_shape(operation, it.shape));
    }
  }
}

TEST_CASE("broken kernels are rejected, each by a check that it is known to fail") {
  for_each_case(
      [](const Case& it, const Operation& operation, const Implementation& row, const Problem& problem) {
        const Verdict verdict = verify(operation, row, problem);
        REQUIRE_MESSAGE(!verdict.passed(), "it was not rejected");
        INFO(verdict.failure->message);
        CHECK_MESSAGE(sees(it, verdict.failure->check), "rejected by another check than expected");
      });
}

TEST_CASE("broken kernels are rejected by each of their checks alone, and pass all others") {
  for_each_case(
      [](const Case& it, const Operation& operation, const Implementation& row, const Problem& problem) {
        for (int i = 0; i < check_count; ++i) {
          const auto check = static_cast<Check>(i);
          INFO("with only the check '" << name_of(check) << "'");
          const Verdict verdict = verify(operation, row, problem, CheckSet::only(check));
          if (sees(it, check)) {
            CHECK_MESSAGE(!verdict.passed(), "it was not rejected");
          } else {
            CHECK_MESSAGE(verdict.passed(), verdict.failure->message);
          }
        }
      });
}

TEST_CASE("every check has a broken kernel that it alone sees") {
  for (int i = 0; i < check_count; ++i) {
    const auto check = static_cast<Check>(i);
    INFO("check '" << name_of(check) << "'");
    CHECK(
        std::any_of(cases.begin(), cases.end(), [&](const Case& it) { return it.seen_by == Checks{check}; }));
  }
}

TEST_CASE("every broken kernel is in the table") {
  for (const Implementation* row : broken_implementations()) {
    INFO(std::string(row->name));
    CHECK(std::any_of(cases.begin(), cases.end(),
                      [&](const Case& it) { return it.kernel == std::string_view(row->name); }));
  }
}

TEST_CASE("a naive sum that declares blocks is rejected on each constant that float32 cannot hold") {
  const Implementation& row = kernel_named("naive_sum_claims_blocks");
  const Operation& operation = operation_of(row);
  const Problem problem = parse_shape(operation, "1x131072x1");
  std::vector<float> x(131072), y(x.size());
  float* const input = x.data();
  int constants = 0;
  for (const Fill& fill : operation.fills) {
    if (!std::string_view(fill.name).starts_with("constant")) continue;
    fill.fill(problem, 0, &input);
    row.run(problem, &input, y.data(), nullptr);
    const std::vector<std::int64_t> rows = sample_rows(operation, problem, operation.rows(problem), 0);
    CHECK_MESSAGE(compare(operation, row, problem, &input, y.data(), rows, &fill).error_over_bound > 10,
                  fill.name);
    ++constants;
  }
  CHECK(constants == 2);
}

}  // namespace
