#include "harness/explaining.hpp"

#include <algorithm>
#include <string_view>

#include "harness/text.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

constexpr std::size_t width = 110;

std::vector<Planned> chosen(const Options& options) {
  if (!options.counted.empty()) return options.counted;
  std::vector<Planned> rows;
  for (const Problem& problem : options.problems)
    for (const Variant* variant : options.variants) rows.push_back({variant, problem});
  return rows;
}

Explained explained(const Operation& operation, Planned row, const Machine& machine) {
  const Variant& variant = *row.variant;
  row.skipped = why_skipped(operation, variant, row.problem);
  if (!row.skipped.empty()) return {row, {{"skipped", row.skipped}}};
  const Runnable runnable = *Runnable::of(variant);
  Explanation explanation(machine);
  if (!runnable.explain(row.problem, machine, explanation))
    explanation("plan", variant.is_library() ? "the library's own, which it does not tell"
                                             : "none: it goes by the sizes alone");
  const auto workspace = static_cast<std::int64_t>(runnable.workspace_bytes(row.problem, machine));
  explanation("workspace", Explanation::bytes(workspace), ", the plan included");
  Explained all{row, {}};
  std::string_view text = explanation.text();
  text.remove_suffix(1);
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab == line.npos) continue;  // where a text that is too long was cut
    all.lines.emplace_back(line.substr(0, tab), line.substr(tab + 1));
  }
  return all;
}

}  // namespace

std::vector<Explained> explain(const Operation& operation, const Options& options, const Machine& machine) {
  std::vector<Explained> all;
  for (const Planned& row : chosen(options)) all.push_back(explained(operation, row, machine));
  return all;
}

std::string explanations(const Operation& operation, const std::vector<Explained>& rows,
                         const Machine& machine) {
  Explanation caches(machine);
  caches(operation.name, operation.formula);
  const bool known = std::min({machine.L1, machine.L2, machine.last_level}) > 0;
  caches("caches", "L1 ", Explanation::bytes(machine.L1), ", L2 ", Explanation::bytes(machine.L2),
         ", this process's part of the last level ", Explanation::bytes(machine.last_level), ", all of it ",
         Explanation::bytes(machine.whole_last_level),
         known ? "" : "; 0 B are not known, and plans take what small CPUs have");
  std::string text(caches.text());
  for (std::size_t tab = 0; (tab = text.find('\t', tab)) != text.npos;) text.replace(tab, 1, ": ");
  for (const auto& [row, lines] : rows) {
    text += "\n" + label_of(*row.variant) + " " + shape_text(operation, row.problem) +
            " omp:" + std::to_string(row.problem.threads) + "\n";
    std::size_t topics = 0;
    for (const auto& [topic, of_topic] : lines) topics = std::max(topics, topic.size());
    for (const auto& [topic, of_topic] : lines)
      text += wrapped("  " + left(topic, topics + 2) + of_topic, width, std::string(topics + 4, ' ')) + "\n";
  }
  return text;
}

std::string explanations_json(const Operation& operation, const std::vector<Explained>& rows) {
  std::string json = "{\"operation\": " + json_text(operation.name) + ", \"rows\": [";
  std::string_view between = "\n";
  for (const auto& [row, lines] : rows) {
    std::string of_row;
    for (const auto& [topic, text] : lines)
      of_row += (of_row.empty() ? "" : ", ") +
                json_object({{"topic", json_text(topic)}, {"text", json_text(text)}});
    json += std::string(between) +
            json_object({{"name", json_text(benchmark_name(operation, *row.variant, row.problem))},
                         {"skipped", json_text(row.skipped)},
                         {"lines", "[" + of_row + "]"}});
    between = ",\n";
  }
  return json + "\n]}\n";
}

}  // namespace trilbench::bench
