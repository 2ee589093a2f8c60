// The verifier beside its checks, which tests/broken_kernels.cpp looks at: budgets, samples, libraries, the
// order of its trials.
#include "suite/verify/verify.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "suite/verify/trials.hpp"

namespace trilbench {
std::span<const Variant> broken_variants();
}

namespace {

using namespace trilbench;

const Operation& causal_mean() { return *operation_named("causal_mean"); }

const Variant& named(std::span<const Variant> table, std::string_view name) {
  return *std::ranges::find_if(table, [&](const Variant& variant) {
    return variant.operation == std::string_view("causal_mean") && variant.name == name &&
           variant.isa == Isa::scalar;
  });
}
const Variant& right() { return named(variants(), "running_sum"); }
const Variant& broken(std::string_view name) { return named(broken_variants(), name); }

/// The same code, as if it were a library's.
Variant as_library(Variant variant) {
  variant.isa.reset();
  return variant;
}

const Fill& fill_named(std::string_view name) {
  return *std::ranges::find(causal_mean().fills, name,
                            [](const Fill& fill) { return std::string_view(fill.name); });
}

Problem shape(const char* text) { return parse_shape(causal_mean(), text); }

TEST_CASE("a spent budget leaves what is timed, and every fill of impulses once") {
  const auto impulses = std::ranges::count(causal_mean().fills, Check::impulses, &Fill::check);
  const Verdict verdict = verify(causal_mean(), right(), shape("2x100x3"), {.seconds = 0});
  CHECK(verdict.passed());
  CHECK(verdict.trials == 1 + impulses);
  CHECK(verdict.error_over_bound > 0);
  CHECK(!verify(causal_mean(), broken("does_nothing"), shape("2x5x3"), {.seconds = 0}).passed());
  CHECK(!verify(causal_mean(), broken("newton_reciprocal"), shape("2x17x3"), {.seconds = 0}).passed());
  CHECK(!verify(causal_mean(), broken("reads_past_the_end"), shape("2x5x3"), {.seconds = 0}).passed());
  CHECK(verify(causal_mean(), broken("swallows_nan"), shape("2x5x3"), {.seconds = 0}).passed());
}

TEST_CASE("what is timed is tried first") {
  const Variant& variant = broken("flushes_denormals");
  CHECK(verify(causal_mean(), variant, shape("2x5x3"), {.seconds = 0}).passed());
  const Verdict verdict =
      verify(causal_mean(), variant, shape("2x5x3"), {.seconds = 0, .first = &fill_named("denormals")});
  REQUIRE(!verdict.passed());
  INFO(verdict.failure->message);
  CHECK(verdict.failure->message.find(" on denormals at row ") != std::string::npos);
  CHECK(verdict.trials == 1);
}

TEST_CASE(
    "a budget orders every check but `threads`: first one step of each, between pages that are guarded") {
  const Demand demand{.seconds = 1e9};
  const Variant& variant = broken("order_of_arrival");  // takes several threads
  const std::vector<Trial> trials = trials_of(causal_mean(), variant, shape("2x100x3"), demand);
  CHECK(trials[0].fill == &causal_mean().fills[0]);
  std::set<Check> checks;
  std::size_t firsts = 0;
  while (firsts < trials.size() && trials[firsts].step == 0) checks.insert(trials[firsts++].check);
  CHECK(checks.size() == check_count - 1);
  CHECK(!checks.contains(Check::threads));
  CHECK(std::all_of(trials.begin() + static_cast<std::ptrdiff_t>(firsts), trials.end(),
                    [](const Trial& trial) { return trial.step > 0; }));
  CHECK(trials[0].place == Place::ends_page);
  CHECK(std::any_of(trials.begin(), trials.begin() + 6,
                    [](const Trial& trial) { return trial.place == Place::starts_page; }));
  const std::vector<Trial> without_budget = trials_of(causal_mean(), variant, shape("2x100x3"), {});
  CHECK(trials.size() < without_budget.size());  // which has other numbers of threads too
}

TEST_CASE("of a large output a sample is compared, another one in each trial, and the ends in all") {
  CHECK(!verify(causal_mean(), broken("last_row_dropped"), shape("1x5x3"), {.most_rows = 2}).passed());
  // Four rows of 400 miss a term: few samples see one, many do.
  const Demand demand{.checks = CheckSet::only(Check::impulses), .most_rows = 8};
  CHECK(!verify(causal_mean(), broken("term_dropped_in_a_tile"), shape("1x400x3"),
                {.checks = CheckSet::only(Check::impulses)})
             .passed());
  const Verdict verdict = verify(causal_mean(), right(), shape("1x400x3"), demand);
  CHECK(verdict.passed());
  CHECK(verdict.rows <= 8);
  CHECK(verify(causal_mean(), right(), shape("1x400x3")).rows == 400);
  CHECK(verify(causal_mean(), right(), shape("1x400x3"), {.seconds = 10}).rows == 400);
  CHECK(verify(causal_mean(), right(), shape("1x400x3"), {.seconds = 0}).rows == 64);
}

TEST_CASE(
    "libraries may be less accurate, inexact and careless of NaN, as long as their numbers are numbers") {
  for (const char* careless :
       {"swallows_nan", "newton_reciprocal", "flushes_denormals", "low_precision_carry", "looks_at_all_of_x",
        "reads_past_the_end", "result_of_the_previous_call", "order_of_arrival"}) {
    CAPTURE(careless);
    const Verdict verdict = verify(causal_mean(), as_library(broken(careless)), shape("2x17x3"));
    CHECK_MESSAGE(verdict.passed(), verdict.failure->message);
    CHECK(std::isfinite(verdict.error_over_bound));
  }
  const Verdict wrong = verify(causal_mean(), as_library(broken("divides_by_t")), shape("2x17x3"));
  CHECK(wrong.passed());
  CHECK(wrong.error_over_bound > 1000);
  for (const char* no_numbers : {"all_nan", "overflows_early", "does_nothing"}) {
    CAPTURE(no_numbers);
    CHECK(!verify(causal_mean(), as_library(broken(no_numbers)), shape("2x17x3")).passed());
  }
}

// Kernels that tell what they were given.
struct PlanByMachine {
  PlanByMachine(const Problem& of, const Machine& machine) : problem(of), L2(machine.L2) {}
  void run(const float* const*, float*, void*) const { seen_L2 = L2; }

  static inline std::int64_t seen_L2 = 0;
  Problem problem;
  std::int64_t L2;
};

TEST_CASE("references are made once for all variants of a problem, from inputs that none has touched") {
  for (const double seconds : {0.0, 10.0}) {
    References references;
    const Demand demand{
        .checks = CheckSet::all().without(Check::read_only), .seconds = seconds, .references = &references};
    const Problem problem = shape("1x64x3");
    verify(causal_mean(), broken("changes_its_input"), problem, demand);
    const References::Key key(causal_mean().fills.data(), 0, 64, 0);
    const Reference* const made = references.find(key);
    REQUIRE(made);
    CHECK(verify(causal_mean(), right(), problem, demand).passed());
    CHECK(references.find(key) == made);
    CHECK(!verify(causal_mean(), broken("does_nothing"), problem, demand).passed());
  }
}

TEST_CASE("a spent budget still sees a kernel that writes to its inputs, at any size, a library's too") {
  for (const char* size : {"2x5x3", "1x70000x2"}) {
    for (const char* name : {"changes_its_input", "borrows_its_input"}) {
      CAPTURE(name);
      for (const Variant& variant : {broken(name), as_library(broken(name))}) {
        const Verdict verdict = verify(causal_mean(), variant, shape(size), {.seconds = 0});
        REQUIRE(verdict.failure);
        CHECK(verdict.failure->check == Check::read_only);
        CHECK(verdict.failure->message.ends_with("writes to an input"));
      }
    }
  }
}

TEST_CASE("inputs that were drawn already are not drawn again") {
  const Problem problem = shape("2x5x3");
  const std::vector<float> drawn(30, std::numeric_limits<float>::quiet_NaN());
  const float* const inputs[] = {drawn.data()};
  const Demand demand{.seconds = 0, .first = causal_mean().fills.data(), .drawn = inputs};
  CHECK(verify(causal_mean(), right(), problem, demand).passed());
  // It makes numbers of NaN, which no other trial of so short a verification holds.
  CHECK(!verify(causal_mean(), broken("swallows_nan"), problem, demand).passed());
}

TEST_CASE("kernels plan by the machine that is asked for") {
  const Implementation implementation{.idea = "", .kernel = kernel_of<PlanByMachine>()};
  const Variant variant{"causal_mean", "plan_by_machine", Isa::scalar, &implementation};
  const Machine invented{.L2 = 12345};
  CHECK(!verify(causal_mean(), variant, shape("2x5x3"), {.machine = &invented}).passed());
  CHECK(PlanByMachine::seen_L2 == 12345);
  static_cast<void>(verify(causal_mean(), variant, shape("2x5x3")));
  CHECK(PlanByMachine::seen_L2 == this_machine().L2);
}

TEST_CASE("a variant of another CPU cannot be verified") {
#if defined(__x86_64__)
  constexpr Isa of_another_cpu = Isa::neon;
#else
  constexpr Isa of_another_cpu = Isa::sse2;
#endif
  Variant variant = right();
  variant.isa = of_another_cpu;
  CHECK_THROWS_AS(verify(causal_mean(), variant, shape("2x5x3")), std::logic_error);
}

TEST_CASE("a failure says which benchmark fails which check, on what and where") {
  const Verdict verdict = verify(causal_mean(), broken("last_row_dropped"), shape("2x5x3"));
  REQUIRE(!verdict.passed());
  CHECK(verdict.failure->check == Check::bound);
  CHECK(verdict.failure->worst.row == 4);
  CHECK(verdict.failure->message.starts_with(
      "causal_mean/last_row_dropped/scalar/f32/B:2/T:5/C:3/omp:1 fails 'bound': error_over_bound inf on "
      "PyTorch's randn at row 4 column 0: expected "));
  CHECK(verdict.failure->message.ends_with(", got nan"));
}

}  // namespace
