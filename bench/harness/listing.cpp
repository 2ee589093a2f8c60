#include "harness/listing.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <string_view>

#include "harness/units.hpp"
#include "suite/row.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

std::string padded(const std::string& text, int width) {
  char cell[160];
  std::snprintf(cell, sizeof cell, "%*s", -width, text.c_str());
  return cell;
}

std::string padded_left(const std::string& text, int width) { return padded(text, -width); }

std::string quoted(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json + '"';
}

/// JSON has no infinity.
std::string number_json(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return "null";
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", *value);
  return text;
}

std::optional<double> figure(const std::optional<Figures>& of_row, double Figures::*which) {
  return of_row ? std::optional((*of_row).*which) : std::nullopt;
}

std::string row_json(const Operation& operation, const PlannedRow& planned) {
  const Implementation& row = *planned.row;
  const Problem& problem = planned.problem;
  const std::optional<Figures> own = figures(operation, row, problem);
  return "{\"name\": " + quoted(benchmark_name(operation, row, problem)) +
         ", \"implementation\": " + quoted(row.name) + ", \"isa\": " + quoted(name_of(row.isa)) +
         ", \"shape\": " + quoted(shape_text(operation, problem)) +
         ", \"threads\": " + std::to_string(problem.threads) + ", \"skipped\": " + quoted(planned.skipped) +
         ", \"growth\": " + number_json(figure(own, &Figures::growth)) +
         ", \"flops\": " + number_json(figure(own, &Figures::flops)) +
         ", \"bytes\": " + number_json(operation.bytes(problem)) +
         ", \"workspace_bytes\": " + number_json(figure(own, &Figures::workspace_bytes)) +
         ", \"predicted_seconds\": " + number_json(planned.predicted_seconds) + "}";
}

}  // namespace

std::string listing(const Operation& operation, const std::vector<PlannedRow>& plan) {
  std::vector<PlannedRow> by_way = plan;
  std::stable_sort(by_way.begin(), by_way.end(), [](const PlannedRow& a, const PlannedRow& b) {
    return std::string_view(a.row->name) < b.row->name;
  });
  std::size_t shape_width = 16;
  for (const PlannedRow& planned : plan)
    shape_width = std::max(shape_width, shape_text(operation, planned.problem).size() + 1);
  const auto shape_cell = [width = static_cast<int>(shape_width)](const std::string& text) {
    return padded(text, width);
  };
  std::string text = std::string(operation.name) + ": " + operation.formula + "\n";
  std::string_view way;
  for (const PlannedRow& planned : by_way) {
    if (way != planned.row->name) {
      way = planned.row->name;
      text += "\n" + std::string(way) + ": " + planned.row->idea + "\n  " + padded("isa", 12) +
              shape_cell("shape") + padded("omp", 4) + padded_left("g/u", 10) + padded_left("flops", 10) +
              padded_left("workspace", 11) + padded_left("predicted", 11) + "\n";
    }
    const std::optional<Figures> own = figures(operation, *planned.row, planned.problem);
    text +=
        "  " + padded(std::string(name_of(planned.row->isa)), 12) +
        shape_cell(shape_text(operation, planned.problem)) +
        padded(std::to_string(planned.problem.threads), 4) +
        padded_left(own ? count_text(own->growth) : "-", 10) +
        padded_left(own ? count_text(own->flops) : "-", 10) +
        padded_left(own ? bytes_text(own->workspace_bytes) : "-", 11) +
        padded_left(planned.predicted_seconds ? seconds_text(*planned.predicted_seconds) : "unknown", 11) +
        (planned.skipped.empty() ? "" : "  skipped: " + planned.skipped) + "\n";
  }
  return text;
}

std::string listing_json(const Operation& operation, const std::vector<PlannedRow>& plan) {
  std::string json = "{\"operation\": " + quoted(operation.name) + ", \"axes\": [";
  for (std::size_t i = 0; i < operation.axes.size(); ++i) json += (i ? ", " : "") + quoted(operation.axes[i]);
  json += "], \"rows\": [";
  for (std::size_t i = 0; i < plan.size(); ++i) json += (i ? ",\n" : "\n") + row_json(operation, plan[i]);
  return json + "\n]}\n";
}

std::string skipped_rows(const Operation& operation, const std::vector<PlannedRow>& plan) {
  struct Reason {
    std::string why;
    std::vector<std::string> rows;
  };
  std::vector<Reason> reasons;
  for (const PlannedRow& planned : plan) {
    if (planned.skipped.empty()) continue;
    const bool everywhere = !why_unsupported(planned.row->isa).empty();
    std::string row = std::string(planned.row->name) + "/" + std::string(name_of(planned.row->isa));
    if (!everywhere)
      row += " " + shape_text(operation, planned.problem) + " omp:" + std::to_string(planned.problem.threads);
    auto reason = std::find_if(reasons.begin(), reasons.end(),
                               [&](const Reason& known) { return known.why == planned.skipped; });
    if (reason == reasons.end()) reason = reasons.insert(reason, {planned.skipped, {}});
    if (std::find(reason->rows.begin(), reason->rows.end(), row) == reason->rows.end())
      reason->rows.push_back(row);
  }
  std::string text;
  for (const Reason& reason : reasons) {
    text += "skipped, " + reason.why + ":";
    for (const std::string& row : reason.rows) text += (&row == &reason.rows.front() ? " " : ", ") + row;
    text += "\n";
  }
  return text;
}

}  // namespace trilbench::bench
