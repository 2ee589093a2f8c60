#include "suite/variant.hpp"

#include <algorithm>

#include "suite/element.hpp"
#include "suite/shape.hpp"
#include "suite/verify/compare.hpp"

namespace trilbench {

std::string_view isa_text(const Variant& variant) { return variant.isa ? name_of(*variant.isa) : "peer"; }

std::optional<Runnable> Runnable::of(const Variant& variant) {
  if (variant.isa && !why_unsupported(*variant.isa).empty()) return std::nullopt;
  return Runnable(variant.implementation->kernel);
}

std::string benchmark_name(const Operation& operation, const Variant& variant, const Problem& problem) {
  std::string name = std::string(operation.name) + "/" + variant.name + "/" + std::string(isa_text(variant)) +
                     "/" + element_name;
  for (std::size_t i = 0; i < operation.axes.size(); ++i)
    name += std::string("/") + operation.axes[i] + ":" + axis_text(operation, problem, i);
  return name + "/omp:" + std::to_string(problem.threads);
}

std::string why_skipped(const Operation& operation, const Variant& variant, const Problem& problem) {
  if (variant.isa)
    if (std::string missing = why_unsupported(*variant.isa); !missing.empty()) return missing;
  if (variant.implementation->one_thread && problem.threads > 1) return "runs on one thread";
  const char* reason = operation.refuses ? operation.refuses(problem) : nullptr;
  if (!reason) reason = Runnable::of(variant)->refuses(problem);
  return reason ? reason : "";
}

double flops(const Operation& operation, const Variant& variant, const Problem& problem) {
  const Counts counts = operation.counts(problem);
  const Flops& each = variant.implementation->flops;
  return each.per_term * counts.terms + each.per_output * counts.outputs + each.per_weight * counts.weights;
}

double roundings(const Operation& operation, const Variant& variant, const Problem& problem,
                 std::int64_t row) {
  const std::int64_t terms = operation.terms(problem, row);
  const std::int64_t block = variant.implementation->sum_block;
  // In a block of b a term sees b - 1 additions, then one for each block, and the sum with the carry.
  const std::int64_t seen = block > 0 ? std::min(terms, block + (terms + block - 1) / block + 1) : terms;
  return operation.roundings(static_cast<double>(seen));
}

double growth(const Operation& operation, const Variant& variant, const Problem& problem) {
  return error_growth(roundings(operation, variant, problem, operation.rows(problem) - 1));
}

}  // namespace trilbench
