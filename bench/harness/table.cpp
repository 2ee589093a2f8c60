#include "harness/table.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "harness/build_info.hpp"
#include "harness/environment.hpp"
#include "harness/run.hpp"
#include "harness/text.hpp"

namespace trilbench::bench {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

constexpr std::size_t table_width = 120;
constexpr std::size_t label_width = table_width - 64;  // at most
constexpr double fair_share = 0.95;                    // of a core, below which a time is marked

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

std::string percent_text(double part) { return formatted(part < 0.0995 ? "%.1f %%" : "%.0f %%", 100 * part); }

/// Of a rate: three digits, or as many as stand before the point.
std::string giga_text(double rate) {
  const double giga = rate * 1e-9;
  return rate <= 0 ? "-" : formatted(giga < 9.995 ? "%.2f" : giga < 99.95 ? "%.1f" : "%.0f", giga);
}

std::string error_text(double error) { return formatted("%.2g", error); }

/// What follows the label and the time.
struct Column {
  const char* header;
  std::size_t width;
  const char* counter;
  std::string (*text)(double);
};
constexpr Column columns[] = {{"of limit", 10, "of_limit", percent_text},
                              {"of peak", 9, "of_peak", percent_text},
                              {"GFLOP/s", 10, "flops_per_second", giga_text},
                              {"GB/s", 9, "bytes_per_second", giga_text},
                              {"error/bound", 13, "error_over_bound", error_text}};
constexpr std::size_t time_width = 11, mark_width = 2;

/// Each counter and the time for itself.
Run median_of(const std::vector<Run>& runs) {
  const auto of = [&](auto value) {
    std::vector<double> values;
    for (const Run& run : runs) values.push_back(value(run));
    std::ranges::sort(values);
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
  };
  Run middle = runs.front();
  for (auto& [name, value] : middle.counters)
    value.value = of([&name = name](const Run& run) { return counter(run, name).value_or(0); });
  middle.real_accumulated_time = of(seconds_of_call);
  middle.iterations = 1;
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

TableReporter::TableReporter(std::vector<std::string> heading,
                             std::map<std::string, std::array<std::string, 3>> labels,
                             const GoogleFlags& flags)
    : heading_(std::move(heading)), flags_(flags), colour_(colour_wanted(flags.colour)) {
  constexpr std::size_t threads_width = 5, gap = 2;
  std::size_t variant_width = 7, shape_width = 5;
  for (const auto& [name, label] : labels) {
    variant_width = std::max(variant_width, label[0].size());
    shape_width = std::max(shape_width, label[1].size());
  }
  variant_width = std::min(variant_width, label_width / 2);
  shape_width = std::min(shape_width, label_width - 2 * gap - variant_width - threads_width);
  width_ = variant_width + shape_width + 2 * gap + threads_width;
  const std::string between(gap, ' ');
  for (const auto& [name, label] : labels)
    labels_[name] =
        left(label[0], variant_width) + between + left(label[1], shape_width) + between + label[2];
  header_ = left(left("variant", variant_width) + between + "shape", width_) + right("time", time_width) +
            std::string(mark_width, ' ');
  for (const Column& column : columns) header_ += right(column.header, column.width);
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
  if (!header_.empty()) GetOutputStream() << coloured(bold, std::exchange(header_, "")) << "\n";
  const std::string name = runs.front().run_name.function_name;
  const auto found = labels_.find(name);
  const std::string label = found == labels_.end() ? name : found->second;
  for (const Run& run : runs)
    if (const auto failure = failure_of(run)) return print_failure(label, *failure);
  if (runs.size() == 1) return print_figures(label, runs.front());
  print(label);
  for (std::size_t i = 0; !flags_.aggregates_only() && i < runs.size(); ++i)
    print_figures("  repetition " + std::to_string(i + 1), runs[i]);
  print_statistics(runs);
}

void TableReporter::Finalize() {
  if (core_was_shared_)
    print(
        "! others had more than a twentieth of this row's core: its time is theirs too; measure again when "
        "nothing else runs");
  GetOutputStream().flush();
}

void TableReporter::print(const std::string& text, const std::string& indent) {
  GetOutputStream() << wrapped(text, table_width, indent) << "\n";
}

/// A label that is too long has a line, or more, of its own.
void TableReporter::print_row(const std::string& label, const std::string& figures) {
  if (label.size() > width_) print(label);
  GetOutputStream() << left(label.size() > width_ ? "" : label, width_) << figures << "\n";
}

/// The row, and below it the further counters that the user asked for.
void TableReporter::print_figures(const std::string& label, const Run& run) {
  // A library may leave threads asleep that it was given.
  const bool tells = !measures_library() || counter(run, "omp_threads").value_or(1) == 1;
  const bool shared = tells && counter(run, "cpu_share").value_or(1) < fair_share;
  core_was_shared_ = core_was_shared_ || shared;
  std::string figures = right(time_text(run, seconds_of_call(run)), time_width) +
                        (shared ? coloured(yellow, " !") : std::string(mark_width, ' '));
  for (const Column& column : columns) {
    const auto value = counter(run, column.counter);
    const std::string cell = right(value ? column.text(*value) : "-", column.width);
    const bool too_much = column.text == error_text && value.value_or(0) > 1;
    figures += too_much ? coloured(yellow, cell) : cell;
  }
  print_row(label, figures);
  std::string further;
  for (const std::string_view name : split(flags_.perf_counters, ','))
    if (const auto value = counter(run, std::string(name)))
      further += (further.empty() ? "    a call: " : ", ") + std::string(name) + " " + count_text(*value);
  if (!further.empty()) print(further, "    ");
}

void TableReporter::print_failure(const std::string& label, const std::string& message) {
  constexpr std::string_view mark = "; repeat with: ";
  const std::size_t command = message.find(mark);
  print(label + "  " + coloured(red, "FAILED"));
  print("  " + message.substr(0, command));
  if (command == std::string::npos) return;
  // To be copied: a shell joins the lines again.
  std::string lines =
      wrapped("  repeat with: " + message.substr(command + mark.size()), table_width - 2, "    ");
  for (std::size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 3) lines.insert(at, " \\");
  GetOutputStream() << lines << "\n";
}

void TableReporter::print_statistics(const std::vector<Run>& runs) {
  const Run middle = median_of(runs);
  print_figures("  median of " + std::to_string(runs.size()), middle);
  print_figures("  minimum", *std::ranges::min_element(runs, {}, seconds_of_call));
  const double deviation = deviation_of(runs);
  print_row("  standard deviation",
            right(time_text(middle, deviation), time_width) +
                formatted(" (%.1f %% of the median)", 100 * deviation / seconds_of_call(middle)));
}

std::string TableReporter::time_text(const Run& run, double seconds) const {
  if (flags_.time_unit.empty()) return seconds_text(seconds);
  return formatted("%.4g ", seconds * benchmark::GetTimeUnitMultiplier(run.time_unit)) +
         benchmark::GetTimeUnitString(run.time_unit);
}

std::string TableReporter::coloured(const char* colour, const std::string& text) const {
  return colour_ ? colour + text + "\033[0m" : text;
}

}  // namespace trilbench::bench
