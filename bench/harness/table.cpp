#include "harness/table.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/build_info.hpp"
#include "harness/environment.hpp"
#include "harness/text.hpp"

namespace trilbench::bench {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

constexpr int table_width = 120;
constexpr int figures_width = 64;
constexpr int label_width = table_width - figures_width;
constexpr int threads_width = 5;
constexpr int gap = 2;               // between the parts of a label
constexpr double fair_share = 0.95;  // of a core, below which a time is marked

constexpr const char* bold = "\033[1m";
constexpr const char* red = "\033[31m";
constexpr const char* yellow = "\033[33m";

/// The message of a failed run. Google Benchmark 1.7 says it in other words than later ones.
template <class AnyRun>
std::optional<std::string> failure_of(const AnyRun& run) {
  if constexpr (requires { run.error_occurred; }) {
    if (run.error_occurred) return run.error_message;
  } else {
    if (run.skipped != decltype(run.skipped){}) return run.skip_message;
  }
  return std::nullopt;
}

double seconds_of_call(const Run& run) {
  return run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
}

std::optional<double> counter(const Run& run, const std::string& name) {
  const auto found = run.counters.find(name);
  if (found == run.counters.end()) return std::nullopt;
  return found->second.value;
}

std::string share_text(std::optional<double> share) {
  if (!share) return "-";
  return formatted(*share < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * *share);
}

/// Of a rate: three digits, or as many as stand before the point.
std::string giga_text(std::optional<double> rate) {
  if (!rate || *rate <= 0) return "-";
  const double giga = *rate * 1e-9;
  return formatted(giga < 9.995 ? "%.2f" : giga < 99.95 ? "%.1f" : "%.0f", giga);
}

std::string error_text(std::optional<double> error) { return error ? formatted("%.2g", *error) : "-"; }

template <class Value>
double median(const std::vector<Run>& runs, Value value) {
  std::vector<double> values;
  for (const Run& run : runs) values.push_back(value(run));
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// The median of each column for itself.
Run median_of(const std::vector<Run>& runs) {
  Run middle = runs.front();
  for (auto& [name, value] : middle.counters)
    value.value = median(runs, [&name = name](const Run& run) { return counter(run, name).value_or(0); });
  const double time = median(runs, [](const Run& run) { return run.GetAdjustedRealTime(); });
  middle.iterations = 1;
  middle.real_accumulated_time = time / benchmark::GetTimeUnitMultiplier(middle.time_unit);
  return middle;
}

double deviation_of(const std::vector<Run>& runs) {
  double sum = 0, squares = 0;
  for (const Run& run : runs) sum += seconds_of_call(run);
  const double count = static_cast<double>(runs.size()), mean = sum / count;
  for (const Run& run : runs) squares += std::pow(seconds_of_call(run) - mean, 2);
  return std::sqrt(squares / (count - 1));
}

std::string machine_text(const benchmark::CPUInfo& cpu) {
  const std::string name = cpu_name();
  std::string text = name + (name.empty() ? "" : ": ") + std::to_string(cpu.num_cpus) +
                     (cpu.num_cpus == 1 ? " CPU" : " CPUs") +
                     formatted(" at %.0f MHz", cpu.cycles_per_second * 1e-6);
  for (const auto& cache : cpu.caches) {
    if (cache.type == "Instruction") continue;
    text += ", L" + std::to_string(cache.level) + " " + std::to_string(cache.size / 1024) + " KiB";
    if (cache.num_sharing > 1) text += " for " + std::to_string(cache.num_sharing);
  }
  for (const double& load : cpu.load_avg)
    text += (&load == &cpu.load_avg.front() ? "; load " : ", ") + formatted("%.2f", load);
  return text;
}

/// Whether to colour what goes to stdout: `wish` is what --benchmark_color says, "auto" unless it is given.
bool colour_wanted(const std::string& wish) {
  if (wish != "auto") return is_true(wish);
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) && !(no_colour && *no_colour) && terminal &&
         std::string_view(terminal) != "dumb";
}

}  // namespace

TableReporter::TableReporter(std::vector<std::string> heading, std::map<std::string, RowLabel> labels,
                             const GoogleFlags& flags)
    : heading_(std::move(heading)),
      labels_(std::move(labels)),
      flags_(flags),
      colour_(colour_wanted(flags.colour)) {
  for (const auto& [name, label] : labels_) {
    variant_width_ = std::max(variant_width_, static_cast<int>(label.variant.size()));
    shape_width_ = std::max(shape_width_, static_cast<int>(label.shape.size()));
  }
  variant_width_ = std::min(variant_width_, label_width / 2);
  shape_width_ = std::min(shape_width_, label_width - 2 * gap - variant_width_ - threads_width);
}

bool TableReporter::ReportContext(const Context& context) {
  std::vector<std::string> lines = heading_;
  lines.push_back(machine_text(context.cpu_info));
  if (context.cpu_info.scaling == benchmark::CPUInfo::ENABLED)
    lines.push_back(
        "warning: the CPU's clock is scaled on demand, so times vary: set its governor to performance");
  if (const std::string type = BuildInfo().type; type != "Release")
    lines.push_back("warning: this program was built as " + (type.empty() ? "nothing in particular" : type) +
                    ", not as Release: its times mean little");
  for (const std::string& line : lines) GetErrorStream() << wrapped(line, table_width, "  ") << "\n";
  GetErrorStream().flush();
  return true;
}

void TableReporter::ReportRuns(const std::vector<Run>& all) {
  std::vector<Run> runs;  // without Google Benchmark's own aggregates
  for (const Run& run : all)
    if (run.run_type == Run::RT_Iteration) runs.push_back(run);
  if (runs.empty()) return;
  if (!std::exchange(header_printed_, true)) print_header();
  const std::string name = runs.front().run_name.function_name;
  const auto found = labels_.find(name);
  const std::string label = found == labels_.end() ? name : label_text(found->second);
  for (const Run& run : runs)
    if (const auto failure = failure_of(run)) return print_failure(label, *failure);
  if (runs.size() == 1) {
    print_label(label, figures(runs.front()));
    return print_further_counters(runs.front());
  }
  GetOutputStream() << wrapped(label, table_width, "  ") << "\n";
  for (std::size_t i = 0; !flags_.aggregates_only() && i < runs.size(); ++i) {
    print_label("  repetition " + std::to_string(i + 1), figures(runs[i]));
    print_further_counters(runs[i]);
  }
  print_statistics(runs);
}

void TableReporter::Finalize() {
  if (core_was_shared_)
    GetOutputStream()
        << wrapped(
               "! others had more than a twentieth of this row's core: its time is theirs too; measure "
               "again when nothing else runs",
               table_width, "  ")
        << "\n";
  GetOutputStream().flush();
}

std::string TableReporter::label_text(const RowLabel& label) const {
  const std::string between(gap, ' ');
  return left(label.variant, variant_width_) + between + left(label.shape, shape_width_) + between +
         "omp:" + std::to_string(label.threads);
}

void TableReporter::print_header() {
  print_label(left("variant", variant_width_ + gap) + "shape",
              right("time", 11) + "  " + right("of limit", 10) + right("of peak", 9) + right("GFLOP/s", 10) +
                  right("GB/s", 9) + right("error/bound", 13));
}

/// A label that is too long has a line, or more, of its own.
void TableReporter::print_label(const std::string& label, const std::string& figures) {
  const bool header = figures.find("GFLOP/s") != std::string::npos;
  const int width = std::min(variant_width_ + shape_width_ + 2 * gap + threads_width, label_width);
  std::string line = label;
  if (static_cast<int>(label.size()) > width) {
    GetOutputStream() << wrapped(label, table_width, "  ") << "\n";
    line = "";
  }
  line = left(line, width) + figures;
  GetOutputStream() << (header ? coloured(bold, line) : line) << "\n";
}

std::string TableReporter::time_text(const Run& run, double seconds) const {
  if (flags_.time_unit.empty()) return seconds_text(seconds);
  return formatted("%.4g ", seconds * benchmark::GetTimeUnitMultiplier(run.time_unit)) +
         benchmark::GetTimeUnitString(run.time_unit);
}

std::string TableReporter::figures(const Run& run) {
  const auto error = counter(run, "error_over_bound");
  const bool shared = counter(run, "cpu_share").value_or(1) < fair_share;
  core_was_shared_ = core_was_shared_ || shared;
  const std::string error_cell = right(error_text(error), 13);
  return right(time_text(run, seconds_of_call(run)), 11) + (shared ? coloured(yellow, " !") : "  ") +
         right(share_text(counter(run, "of_limit")), 10) + right(share_text(counter(run, "of_peak")), 9) +
         right(giga_text(counter(run, "flops_per_second")), 10) +
         right(giga_text(counter(run, "bytes_per_second")), 9) +
         (error.value_or(0) > 1 ? coloured(yellow, error_cell) : error_cell);
}

void TableReporter::print_failure(const std::string& label, const std::string& message) {
  constexpr std::string_view mark = "; repeat with: ";
  const std::size_t command = message.find(mark);
  GetOutputStream() << wrapped(label, table_width - 10, "  ") << "  " << coloured(red, "FAILED") << "\n"
                    << wrapped("  " + message.substr(0, command), table_width, "  ") << "\n";
  if (command == std::string::npos) return;
  // To be copied: a shell joins the lines again.
  std::string lines =
      wrapped("  repeat with: " + message.substr(command + mark.size()), table_width - 2, "    ");
  for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 3) lines.insert(at, " \\");
  GetOutputStream() << lines << "\n";
}

void TableReporter::print_statistics(const std::vector<Run>& runs) {
  const Run middle = median_of(runs);
  print_label("  median of " + std::to_string(runs.size()), figures(middle));
  print_further_counters(middle);
  print_label("  minimum",
              figures(*std::min_element(runs.begin(), runs.end(), [](const Run& a, const Run& b) {
                return seconds_of_call(a) < seconds_of_call(b);
              })));
  const double deviation = deviation_of(runs);
  print_label("  standard deviation",
              right(time_text(middle, deviation), 11) +
                  formatted(" (%.1f %% of the median)", 100 * deviation / seconds_of_call(middle)));
}

void TableReporter::print_further_counters(const Run& run) {
  std::string text;
  for (const std::string_view name : split(flags_.perf_counters, ','))
    if (const auto value = counter(run, std::string(name)))
      text += (text.empty() ? "    a call: " : ", ") + std::string(name) + " " + count_text(*value);
  if (!text.empty()) GetOutputStream() << wrapped(text, table_width, "    ") << "\n";
}

std::string TableReporter::coloured(const char* colour, const std::string& text) const {
  return colour_ ? colour + text + "\033[0m" : text;
}

}  // namespace trilbench::bench
