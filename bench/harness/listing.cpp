#include <algorithm>
#include <string_view>
#include <utility>

#include "harness/plan.hpp"
#include "harness/text.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

std::string row_json(const Operation& operation, const Planned& planned) {
  const Variant& variant = *planned.variant;
  const Problem& problem = planned.problem;
  return json_object({{"name", json_text(benchmark_name(operation, variant, problem))},
                      {"implementation", json_text(variant.name)},
                      {"isa", json_text(isa_text(variant))},
                      {"shape", json_text(shape_text(operation, problem))},
                      {"threads", std::to_string(problem.threads)},
                      {"skipped", json_text(planned.skipped)},
                      {"growth", json_number(growth(operation, variant, problem))},
                      {"flops", json_number(flops(operation, variant, problem))},
                      {"bytes", json_number(bytes_of(operation.traffic(problem)))},
                      {"workspace_bytes", json_number(planned.workspace_bytes)},
                      {"predicted_seconds", json_number(planned.predicted_seconds)}});
}

}  // namespace

std::string listing(const Operation& operation, const std::vector<Planned>& plan) {
  std::vector<Planned> rows = plan;
  std::ranges::stable_sort(rows, {}, [](const Planned& row) { return std::string_view(row.variant->name); });
  std::size_t width = 16;
  for (const Planned& row : plan) width = std::max(width, shape_text(operation, row.problem).size() + 1);
  std::string text = std::string(operation.name) + ": " + operation.formula + "\n";
  const auto line = [&](std::string_view isa, const std::string& shape, const std::string& threads,
                        const std::string& growth, const std::string& flops, const std::string& workspace,
                        const std::string& predicted) {
    text += "  " + left(std::string(isa), 12) + left(shape, width) + left(threads, 4) + right(growth, 10) +
            right(flops, 10) + right(workspace, 11) + right(predicted, 11);
  };
  std::string_view implementation;
  for (const Planned& row : rows) {
    if (implementation != row.variant->name) {
      implementation = row.variant->name;
      text += "\n" + std::string(implementation) + ": " + row.variant->implementation->idea + "\n";
      line("isa", "shape", "omp", "g/u", "flops", "workspace", "predicted");
      text += "\n";
    }
    line(isa_text(*row.variant), shape_text(operation, row.problem), std::to_string(row.problem.threads),
         count_text(growth(operation, *row.variant, row.problem)),
         count_text(flops(operation, *row.variant, row.problem)),
         row.workspace_bytes ? bytes_text(*row.workspace_bytes) : "-",
         row.predicted_seconds ? seconds_text(*row.predicted_seconds) : "unknown");
    text += (row.skipped.empty() ? "" : "  skipped: " + row.skipped) + "\n";
  }
  return text;
}

std::string listing_json(const Operation& operation, const std::vector<Planned>& plan) {
  std::string json = "{\"operation\": " + json_text(operation.name) + ", \"axes\": [";
  for (std::size_t i = 0; i < operation.axes.size(); ++i)
    json += (i ? ", " : "") + json_text(operation.axes[i]);
  json += "], \"rows\": [";
  for (std::size_t i = 0; i < plan.size(); ++i) json += (i ? ",\n" : "\n") + row_json(operation, plan[i]);
  return json + "\n]}\n";
}

std::string skipped_rows(const Operation& operation, const std::vector<Planned>& plan) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;  // and the rows of each
  for (const Planned& planned : plan) {
    if (planned.skipped.empty()) continue;
    const bool everywhere = !Runnable::of(*planned.variant);
    std::string row = label_of(*planned.variant);
    if (!everywhere)
      row += " " + shape_text(operation, planned.problem) + " omp:" + std::to_string(planned.problem.threads);
    auto reason = std::ranges::find(reasons, planned.skipped, [](const auto& known) { return known.first; });
    if (reason == reasons.end()) reason = reasons.insert(reason, {planned.skipped, {}});
    if (std::ranges::find(reason->second, row) == reason->second.end()) reason->second.push_back(row);
  }
  std::string text;
  for (const auto& [why, rows] : reasons)
    text += "skipped, " + why + ": " + joined({rows.begin(), rows.end()}, ", ") + "\n";
  return text;
}

}  // namespace trilbench::bench
