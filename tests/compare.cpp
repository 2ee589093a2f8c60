// compare() and sample_rows(): one wrong element among many is found, where it is, and nothing else is.
#include "suite/verify/compare.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "suite/verify/data.hpp"

namespace {

using namespace trilbench;

const Operation& causal_mean() { return *operation_named("causal_mean"); }

void nothing(const Problem&, const float* const*, float*, void*) {}

constexpr Implementation plain{.idea = "", .kernel = kernel_of_functions<nothing>()};
constexpr Variant honest{"causal_mean", "honest", Isa::scalar, &plain};

/// Ones, whose means are ones.
struct Ones {
  explicit Ones(const char* shape)
      : problem(parse_shape(causal_mean(), shape)),
        x(causal_mean().rows(problem) * causal_mean().columns(problem), 1.0f),
        y(x) {}

  Worst worst(const std::vector<std::int64_t>& rows, const Variant& variant = honest,
              const Fill* data = nullptr) const {
    const float* const inputs[] = {x.data()};
    return compare(causal_mean(), variant, problem, inputs, y.data(), rows, data);
  }
  Worst worst() const { return worst(sample_rows(causal_mean(), problem, causal_mean().rows(problem), 0)); }

  Problem problem;
  std::vector<float> x, y;
};

TEST_CASE("compare finds any single wrong element at its row and column") {
  Ones ones("2x5x7");
  CHECK(ones.worst().error_over_bound == 0);
  for (std::size_t i = 0; i < ones.y.size(); ++i)
    for (const float wrong : {1.5f, std::numeric_limits<float>::quiet_NaN()}) {
      ones.y[i] = wrong;
      const Worst worst = ones.worst();
      CHECK(worst.error_over_bound > 1);
      CHECK(worst.row == static_cast<std::int64_t>(i) / 7);
      CHECK(worst.column == static_cast<std::int64_t>(i) % 7);
      CHECK(worst.expected == 1);
      CHECK((std::isnan(wrong) ? std::isnan(worst.got) : worst.got == wrong));
      ones.y[i] = 1;
    }
}

TEST_CASE("compare gives the worst of several wrong elements") {
  Ones ones("1x9x3");
  ones.y[4] = 1.25f;
  ones.y[20] = 2;
  ones.y[26] = 1.5f;
  CHECK(ones.worst().row == 20 / 3);
  CHECK(ones.worst().column == 20 % 3);
}

TEST_CASE("compare sees the element after the references' first chunk") {
  Ones ones("3x1x2000000");  // two rows to a chunk
  for (const std::size_t i : {std::size_t{0}, ones.y.size() / 2, ones.y.size() - 1}) {
    ones.y[i] = 2;
    const Worst worst = ones.worst();
    CHECK(worst.row == static_cast<std::int64_t>(i) / 2000000);
    CHECK(worst.column == static_cast<std::int64_t>(i) % 2000000);
    ones.y[i] = 1;
  }
}

TEST_CASE("compare looks at the rows that it is given and at no other") {
  Ones ones("2x50x3");
  ones.y[60 * 3 + 1] = 2;
  CHECK(ones.worst({0, 59, 61, 99}).error_over_bound == 0);
  CHECK(ones.worst({0, 59, 60, 99}).row == 60);
  CHECK(ones.worst({60}).column == 1);
  CHECK(ones.worst({}).error_over_bound == 0);
}

TEST_CASE("compare's bound is the least of operation, implementation and data") {
  Ones ones("1x1001x1");
  const float off_by = 100 * 0x1p-24f;  // between what a few and a thousand roundings allow
  ones.y[1000] = 1 + off_by;
  CHECK(ones.worst({1000}).error_over_bound < 1);

  const auto error_of = [&](std::int64_t block) {
    Implementation in_blocks = plain;
    in_blocks.sum_block = block;
    return ones.worst({1000}, {"causal_mean", "in_blocks", Isa::scalar, &in_blocks}).error_over_bound;
  };
  CHECK(error_of(32) > 1);  // 32 + 32 + 1 roundings
  CHECK(error_of(1000) == ones.worst({1000}).error_over_bound);
  CHECK(error_of(1) == ones.worst({1000}).error_over_bound);  // what it admits to is no excuse

  Fill sparse{.name = "sparse", .check = Check::impulses, .fill = nullptr};
  sparse.roundings = [](const Problem&, std::int64_t) { return 8.0; };
  CHECK(ones.worst({1000}, honest, &sparse).error_over_bound > 1);
}

TEST_CASE("compare asks for bits in exact rows, and only there") {
  Ones ones("1x4x2");
  Fill exact{.name = "exact", .check = Check::integers, .fill = nullptr};
  exact.exact = [](const Problem&, std::int64_t row) { return row == 2; };
  for (float& y : ones.y) y = std::nextafter(1.0f, 2.0f);  // within the bound
  const Worst worst = ones.worst({0, 1, 2, 3}, honest, &exact);
  CHECK(std::isinf(worst.error_over_bound));
  CHECK(worst.row == 2);
  CHECK(ones.worst({0, 1, 3}, honest, &exact).error_over_bound < 1);
}

TEST_CASE("compare lets libraries err, as long as their numbers are numbers") {
  const Variant library{"causal_mean", "library", std::nullopt, &plain};
  Ones ones("1x4x2");
  Fill exact{.name = "exact", .check = Check::integers, .fill = nullptr, .exact = data::every_row};
  for (float& y : ones.y) y = 1 + 1e-4f;
  const Worst worst = ones.worst({0, 1, 2, 3}, library, &exact);
  CHECK(worst.error_over_bound > 100);
  CHECK(std::isfinite(worst.error_over_bound));
  CHECK(is_right(library, worst));
  CHECK(!is_right(honest, worst));
  ones.y[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK(!is_right(library, ones.worst({0, 1, 2, 3}, library, &exact)));
}

TEST_CASE("the worst element is told in one line") {
  const Fill fill{.name = "sevens", .check = Check::bound, .fill = nullptr};
  CHECK(text_of({.error_over_bound = 2.5, .row = 3, .column = 1, .got = 0.5f, .expected = 7}, fill,
                " here") == "error_over_bound 2.5 on sevens here at row 3 column 1: expected 7, got 0.5");
}

TEST_CASE(
    "sampled rows ascend, hold both ends, move with the seed, and are all rows if that many are asked for") {
  const Problem problem = parse_shape(causal_mean(), "3x1000x2");
  std::set<std::vector<std::int64_t>> samples;
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const std::vector<std::int64_t> rows = sample_rows(causal_mean(), problem, 64, seed);
    CHECK(rows.size() <= 64);
    CHECK(rows.size() > 50);
    CHECK(rows.front() == 0);
    CHECK(rows.back() == 2999);
    CHECK(std::adjacent_find(rows.begin(), rows.end(), std::greater_equal<>()) == rows.end());
    CHECK(rows == sample_rows(causal_mean(), problem, 64, seed));
    samples.insert(rows);
  }
  CHECK(samples.size() == 3);
  for (const std::int64_t count : {3000, 3001, 1000000}) {
    const std::vector<std::int64_t> rows = sample_rows(causal_mean(), problem, count, 5);
    CHECK(rows.size() == 3000);
    CHECK(rows[1234] == 1234);
  }
  CHECK(sample_rows(causal_mean(), parse_shape(causal_mean(), "1x1x1"), 1, 0) ==
        std::vector<std::int64_t>{0});
  CHECK(sample_rows(causal_mean(), problem, 1, 0).size() <= 2);
}

}  // namespace
