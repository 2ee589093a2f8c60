// The verifier's own test: kernels that are wrong in ways kernels really are (tests/broken/), and the checks
// that see each of them. With one check alone, exactly the kernels that it sees are rejected; with all of a
// kernel's checks switched off, it passes. So no check is idle, and none can be weakened unnoticed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "broken/cases.hpp"
#include "parts.hpp"
#include "suite/registry.hpp"
#include "suite/shape.hpp"

namespace trilbench {
std::span<const Variant> broken_variants();
}

namespace broken {
namespace {

std::vector<Case>& registered() {
  static std::vector<Case> all;
  return all;
}

}  // namespace

Kernels::Kernels(const char* operation, std::initializer_list<Kernel> kernels) {
  for (const Kernel& kernel : kernels)
    for (const char* shape : kernel.shapes) registered().push_back({operation, shape, kernel});
}

const std::vector<Case>& cases() { return registered(); }

}  // namespace broken

namespace {

using namespace trilbench;
using broken::Case;
using broken::Checks;

bool is(const Variant& variant, std::string_view operation, std::string_view kernel) {
  return variant.operation == operation && variant.name == kernel;
}

const Variant& kernel_named(std::string_view operation, std::string_view name) {
  for (const Variant& variant : broken_variants())
    if (is(variant, operation, name)) return variant;
  FAIL("there is no tests/broken/" << operation << "/" << name << ".cpp");
  std::abort();
}

const Operation& operation_of(const Variant& variant) {
  const Operation* operation = operation_named(variant.operation);
  REQUIRE(operation);
  return *operation;
}

bool has(const Checks& checks, Check check) {
  return std::find(checks.begin(), checks.end(), check) != checks.end();
}

bool sees(const Case& it, Check check) { return has(it.kernel.seen_by, check); }

bool of_causal_mean(const Case& it) { return it.operation == std::string_view("causal_mean"); }

template <class Body>
void for_each_case(
    const Body& body, bool (*chosen)(const Case&) = [](const Case&) { return true; }) {
  for (const Case& it : broken::cases()) {
    if (!chosen(it)) continue;
    const std::string name = std::string(it.operation) + "/" + it.kernel.name + " " + it.shape;
    DOCTEST_SUBCASE(name.c_str()) {
      INFO("repeat: trilbench_tests --test-case='broken kernels*' --subcase='" << name << "'");
      const Variant& variant = kernel_named(it.operation, it.kernel.name);
      const Operation& operation = operation_of(variant);
      body(it, operation, variant, parse_shape(operation, it.shape));
    }
  }
}

void check_is_rejected(const Case& it, const Operation& operation, const Variant& variant,
                       const Problem& problem) {
  const Verdict verdict = verify(operation, variant, problem);
  REQUIRE_MESSAGE(!verdict.passed(), "it was not rejected");
  INFO(verdict.failure->message);
  CHECK_MESSAGE(sees(it, verdict.failure->check), "rejected by another check than expected");
}

// Two halves, which run side by side where they are emulated.
TEST_CASE("broken kernels of causal_mean are rejected, each by a check that it is known to fail") {
  for_each_case(check_is_rejected, of_causal_mean);
}

TEST_CASE("broken kernels of other operations are rejected, each by a check that it is known to fail") {
  for_each_case(check_is_rejected, [](const Case& it) { return !of_causal_mean(it); });
}

TEST_CASE("broken kernels are rejected by each of their checks alone, and pass all others") {
  for_each_case(
      [](const Case& it, const Operation& operation, const Variant& variant, const Problem& problem) {
        for (int i = 0; i < check_count; ++i) {
          const auto check = static_cast<Check>(i);
          INFO("with only the check '" << name_of(check) << "'");
          const Verdict verdict = verify(operation, variant, problem, {.checks = CheckSet::only(check)});
          if (sees(it, check)) {
            CHECK_MESSAGE(!verdict.passed(), "it was not rejected");
          } else {
            CHECK_MESSAGE(verdict.passed(), verdict.failure->message);
          }
        }
      });
}

TEST_CASE(
    "broken kernels are rejected under a budget that lasts, where no other threads and few calls show them") {
  for_each_case(
      [](const Case& it, const Operation& operation, const Variant& variant, const Problem& problem) {
        if (sees(it, Check::threads) || it.kernel.name == std::string_view("wrong_after_a_thousand_calls"))
          return;
        const Verdict verdict = verify(operation, variant, problem, {.seconds = 1e9});
        REQUIRE_MESSAGE(!verdict.passed(), "it was not rejected");
        INFO(verdict.failure->message);
        CHECK_MESSAGE(sees(it, verdict.failure->check), "rejected by another check than expected");
      });
}

TEST_CASE("broken kernels that several threads make wrong are rejected there by each of their checks alone") {
  for_each_case([](const Case& it, const Operation& operation, const Variant& variant,
                   const Problem& problem) {
    CHECK(it.kernel.seen_with_threads.empty() == !sees(it, Check::threads));
    if (it.kernel.seen_with_threads.empty()) return;
    for (int i = 0; i < check_count; ++i) {
      const auto check = static_cast<Check>(i);
      if (check == Check::threads) continue;
      INFO("with only the check '" << name_of(check) << "'");
      bool passed = true;
      for (const int threads : {2, 3, 4}) {
        Problem divided = problem;
        divided.threads = threads;
        passed = passed && verify(operation, variant, divided, {.checks = CheckSet::only(check)}).passed();
      }
      CHECK(passed == !has(it.kernel.seen_with_threads, check));
    }
  });
}

TEST_CASE("every check has a broken kernel that it alone sees") {
  for (int i = 0; i < check_count; ++i) {
    const auto check = static_cast<Check>(i);
    INFO("check '" << name_of(check) << "'");
    CHECK(std::ranges::any_of(broken::cases(),
                              [&](const Case& it) { return it.kernel.seen_by == Checks{check}; }));
  }
}

TEST_CASE("every broken kernel is in the table") {
  for (const Variant& variant : broken_variants()) {
    INFO(std::string(variant.name));
    CHECK(std::ranges::any_of(broken::cases(),
                              [&](const Case& it) { return is(variant, it.operation, it.kernel.name); }));
  }
}

TEST_CASE("a naive sum that declares blocks is rejected on each constant that float32 cannot hold") {
  const Variant& variant = kernel_named("causal_mean", "naive_sum_claims_blocks");
  const Operation& operation = operation_of(variant);
  const Problem problem = parse_shape(operation, "1x131072x1");
  std::vector<float> x(131072), y(x.size());
  float* const input = x.data();
  int constants = 0;
  for (const Fill& fill : operation.fills) {
    if (!std::string_view(fill.name).starts_with("constant")) continue;
    fill.fill(problem, 0, &input);
    call(variant, problem, &input, y.data());
    const std::vector<std::int64_t> rows = sample_rows(operation, problem, operation.rows(problem), 0);
    CHECK_MESSAGE(compare(operation, variant, problem, &input, y.data(), rows, &fill).error_over_bound > 10,
                  fill.name);
    ++constants;
  }
  CHECK(constants == 2);
}

}  // namespace
