#include "verify_rows.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <span>

#include "suite/registry.hpp"
#include "suite/row.hpp"

namespace trilbench {
std::span<const Implementation* const> odd_tunings();
}

using namespace trilbench;

void verify_rows(const std::string& test_case, std::string_view operation_name,
                 const std::vector<Problem>& problems, double most_flops, CheckSet checks) {
  const Operation* operation = operation_named(operation_name);
  REQUIRE(operation);
  const auto verify_row = [&](const Implementation& row) {
    if (row.operation != operation_name || row.role != Role::way) return;
    const std::string name =
        std::string(row.operation) + "/" + row.name + "/" + std::string(name_of(row.isa));
    DOCTEST_SUBCASE(name.c_str()) {
      INFO("repeat: trilbench_tests --test-case='" << test_case << "' --subcase='" << name << "'");
      if (const std::string missing = why_unsupported(row.isa); !missing.empty()) {
        MESSAGE("not verified on this CPU: " << name << ": " << missing);
        return;
      }
      double worst = 0;
      int verified = 0;
      for (const Problem& problem : problems) {
        if (!why_skipped(row, problem).empty() || flops(row, problem) > most_flops) continue;
        // `threads` sets their number itself.
        const Verdict verdict =
            verify(*operation, row, problem, problem.threads == 1 ? checks : checks.without(Check::threads));
        CHECK_MESSAGE(verdict.passed(), verdict.failure->message);
        worst = std::max(worst, verdict.error_over_bound);
        ++verified;
      }
      MESSAGE(name << ": " << verified << " problems, error over bound at most " << worst);
    }
  };
  for (const Implementation* row : implementations()) verify_row(*row);
  for (const Implementation* row : odd_tunings()) verify_row(*row);
}

TEST_CASE("every operation has problems of its own") {
  const std::string_view with_problems[] = {"broadcast_matmul",     "causal_mean", "causal_softmax",
                                            "causal_weighted_mean", "machine",     "tril_matmul"};
  for (const Operation* operation : operations()) {
    INFO(std::string(operation->name));
    CHECK(std::count(std::begin(with_problems), std::end(with_problems), operation->name) == 1);
  }
}
