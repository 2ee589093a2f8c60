#include "operation_tests.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "suite/shape.hpp"

namespace trilbench {
namespace {

std::vector<OperationTests>& registered() {
  static std::vector<OperationTests> all;
  return all;
}

void verify_variant(const Operation& operation, const Variant& variant, const Shapes& shapes,
                    const Extent& extent) {
  const std::string name =
      std::string(variant.operation) + "/" + variant.name + "/" + std::string(isa_text(variant));
  DOCTEST_SUBCASE(name.c_str()) {
    const std::string test_case = doctest::getContextOptions()->currentTest->m_name;
    INFO("repeat: trilbench_tests --test-case='" << test_case << "' --subcase='" << name << "'");
    if (const std::string missing = why_unsupported(*variant.isa); !missing.empty()) {
      MESSAGE("not verified on this CPU: " << name << ": " << missing);
      return;
    }
    double worst = 0;
    int verified = 0;
    for (const int threads : extent.threads)
      for (const std::string& shape : shapes) {
        const Problem problem = parse_shape(operation, shape, threads);
        if (!why_skipped(operation, variant, problem).empty() ||
            flops(operation, variant, problem) > extent.most_flops)
          continue;
        // `threads` sets their number itself.
        const CheckSet checks = threads == 1 ? extent.checks : extent.checks.without(Check::threads);
        const Verdict verdict =
            verify(operation, variant, problem, {.checks = checks, .machine = extent.machine});
        CHECK_MESSAGE(verdict.passed(), verdict.failure->message);
        worst = std::max(worst, verdict.error_over_bound);
        ++verified;
      }
    MESSAGE(name << ": " << verified << " problems, error over bound at most " << worst);
  }
}

}  // namespace

std::string shape_of(std::initializer_list<std::int64_t> sizes) {
  std::string shape;
  for (const std::int64_t size : sizes) shape += (shape.empty() ? "" : "x") + std::to_string(size);
  return shape;
}

std::vector<Edge> edges_of_axes(int axes, std::int64_t size,
                                long double (*elements)(const long double* sizes)) {
  std::vector<Edge> edges;
  for (int which = 1; which < 1 << axes; ++which) {
    std::string shape;
    std::vector<long double> sizes;
    for (int axis = 0; axis < axes; ++axis) {
      const std::int64_t here = which >> axis & 1 ? size : 1;
      shape += (axis == 0 ? "" : "x") + std::to_string(here);
      sizes.push_back(static_cast<long double>(here));
    }
    edges.push_back({shape, elements(sizes.data())});
  }
  return edges;
}

OperationTests::OperationTests(const char* of, Shapes some, std::vector<Edge> (*edges_at)(std::int64_t size))
    : operation(of), shapes(std::move(some)), edges(edges_at) {
  registered().push_back(*this);
}

std::span<const OperationTests> tests_of_operations() { return registered(); }

void verify_variants(std::string_view operation_name, const Shapes& shapes, const Extent& extent) {
  const Operation* const operation = operation_named(operation_name);
  REQUIRE(operation);
  for (const auto table : {variants(), odd_tunings()})
    for (const Variant& variant : table)
      if (variant.operation == operation_name && variant.implementation->role == Role::method)
        verify_variant(*operation, variant, shapes, extent);
}

}  // namespace trilbench
