#include "suite/row.hpp"

#include <stdexcept>

#include "suite/compare.hpp"
#include "suite/error_bound.hpp"
#include "suite/shape.hpp"

namespace trilbench {
namespace {

/// Before one of the row's functions is called.
void expect_instructions(const Implementation& row) {
  if (const std::string missing = why_unsupported(row.isa); !missing.empty())
    throw std::logic_error(std::string(row.operation) + "/" + row.name + "/" + std::string(name_of(row.isa)) +
                           " must not be asked: " + missing);
}

}  // namespace

std::string benchmark_name(const Operation& operation, const Implementation& row, const Problem& problem) {
  std::string name =
      std::string(operation.name) + "/" + row.name + "/" + std::string(name_of(row.isa)) + "/f32";
  for (std::size_t i = 0; i < operation.axes.size(); ++i)
    name += std::string("/") + operation.axes[i] + ":" + axis_text(operation, problem, i);
  return name + "/omp:" + std::to_string(problem.threads);
}

std::string why_skipped(const Implementation& row, const Problem& problem) {
  if (std::string missing = why_unsupported(row.isa); !missing.empty()) return missing;
  const char* reason = row.refuses ? row.refuses(problem) : nullptr;
  return reason ? reason : "";
}

std::optional<Figures> figures(const Operation& operation, const Implementation& row,
                               const Problem& problem) {
  if (!why_skipped(row, problem).empty()) return std::nullopt;
  const std::int64_t last = operation.rows(problem) - 1;
  return Figures{.growth = error_growth(roundings_allowed(operation, row, problem, last)),
                 .flops = flops(row, problem),
                 .workspace_bytes = static_cast<double>(workspace_bytes(row, problem))};
}

double flops(const Implementation& row, const Problem& problem) {
  expect_instructions(row);
  return row.flops(problem);
}

std::size_t workspace_bytes(const Implementation& row, const Problem& problem) {
  expect_instructions(row);
  return row.workspace_bytes ? row.workspace_bytes(problem) : 0;
}

double memory_bytes(const Operation& operation, const Implementation& row, const Problem& problem) {
  return data_bytes(operation, problem) + static_cast<double>(workspace_bytes(row, problem));
}

}  // namespace trilbench
