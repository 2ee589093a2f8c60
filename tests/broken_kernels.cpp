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

#include "broken/broadcast_matmul/cases.hpp"
#include "broken/causal_mean/cases.hpp"
#include "broken/causal_softmax/cases.hpp"
#include "broken/causal_weighted_mean/cases.hpp"
#include "broken/tril_matmul/cases.hpp"
#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "suite/verify/verify.hpp"

namespace trilbench {
std::span<const Implementation* const> broken_implementations();
}

namespace {

using namespace trilbench;
using broken::Case;
using broken::Checks;

const std::vector<Case> cases = [] {
  std::vector<Case> all;
  for (const auto* some :
       {&broken::causal_mean_cases, &broken::tril_matmul_cases, &broken::causal_softmax_cases,
        &broken::causal_weighted_mean_cases, &broken::broadcast_matmul_cases})
    all.insert(all.end(), some->begin(), some->end());
  return all;
}();

bool is(const Implementation& row, std::string_view operation, std::string_view kernel) {
  return row.operation == operation && row.name == kernel;
}

const Implementation& kernel_named(std::string_view operation, std::string_view name) {
  for (const Implementation* row : broken_implementations())
    if (is(*row, operation, name)) return *row;
  FAIL("there is no tests/broken/" << operation << "/" << name << ".cpp");
  std::abort();
}

const Operation& operation_of(const Implementation& row) {
  const Operation* operation = operation_named(row.operation);
  REQUIRE(operation);
  return *operation;
}

bool has(const Checks& checks, Check check) {
  return std::find(checks.begin(), checks.end(), check) != checks.end();
}

bool sees(const Case& it, Check check) { return has(it.seen_by, check); }

template <class Body>
void for_each_case(const Body& body) {
  for (const Case& it : cases) {
    const std::string name = std::string(it.operation) + "/" + it.kernel + " " + it.shape;
    DOCTEST_SUBCASE(name.c_str()) {
      INFO("repeat: trilbench_tests --test-case='broken kernels*' --subcase='" << name << "'");
      const Implementation& row = kernel_named(it.operation, it.kernel);
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

TEST_CASE("broken kernels that several threads make wrong are rejected there by each of their checks alone") {
  for_each_case(
      [](const Case& it, const Operation& operation, const Implementation& row, const Problem& problem) {
        CHECK(it.seen_with_threads.empty() == !sees(it, Check::threads));
        if (it.seen_with_threads.empty()) return;
        for (int i = 0; i < check_count; ++i) {
          const auto check = static_cast<Check>(i);
          if (check == Check::threads) continue;
          INFO("with only the check '" << name_of(check) << "'");
          bool passed = true;
          for (const int threads : {2, 3, 4}) {
            Problem divided = problem;
            divided.threads = threads;
            passed = passed && verify(operation, row, divided, CheckSet::only(check)).passed();
          }
          CHECK(passed == !has(it.seen_with_threads, check));
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
                      [&](const Case& it) { return is(*row, it.operation, it.kernel); }));
  }
}

TEST_CASE("a naive sum that declares blocks is rejected on each constant that float32 cannot hold") {
  const Implementation& row = kernel_named("causal_mean", "naive_sum_claims_blocks");
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
