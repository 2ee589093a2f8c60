#include "suite/row.hpp"

#include "suite/shape.hpp"

namespace trilbench {

std::string benchmark_name(const Operation& operation, const Implementation& row, const Problem& problem) {
  std::string name =
      std::string(operation.name) + "/" + row.name + "/" + std::string(name_of(row.isa)) + "/f32";
  for (std::size_t i = 0; i < operation.axes.size(); ++i)
    name += std::string("/") + operation.axes[i] + ":" + axis_text(operation, problem, i);
  return name + "/omp:" + std::to_string(problem.threads);
}

std::size_t workspace_bytes(const Implementation& row, const Problem& problem) {
  return row.workspace_bytes ? row.workspace_bytes(problem) : 0;
}

double memory_bytes(const Operation& operation, const Implementation& row, const Problem& problem) {
  return data_bytes(operation, problem) + static_cast<double>(workspace_bytes(row, problem));
}

std::string why_skipped(const Implementation& row, const Problem& problem) {
  if (std::string missing = why_unsupported(row.isa); !missing.empty()) return missing;
  const char* reason = row.refuses ? row.refuses(problem) : nullptr;
  return reason ? reason : "";
}

}  // namespace trilbench
