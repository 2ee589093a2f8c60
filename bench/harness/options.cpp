#include "harness/options.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string_view>

#include "harness/google_flags.hpp"
#include "harness/number.hpp"
#include "harness/text.hpp"
#include "suite/cores.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

using Names = std::vector<std::string_view>;

[[noreturn]] void reject(const std::string& why) { throw std::invalid_argument(why); }

Names split(std::string_view flag, std::string_view list) {
  Names parts;
  while (true) {
    const std::size_t comma = list.find(',');
    parts.push_back(list.substr(0, comma));
    if (parts.back().empty()) reject(std::string(flag) + " has an empty entry");
    if (comma == std::string_view::npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

template <class T>
void add_once(std::vector<T>& list, const T& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

/// The arguments, one flag after the other: "--flag=value", "--flag value" or "--flag".
class Reader {
 public:
  explicit Reader(std::span<char* const> arguments) : rest_(arguments) {}

  bool next() {
    if (rest_.empty()) return false;
    const std::string_view argument = rest_.front();
    rest_ = rest_.subspan(1);
    const std::size_t equals = argument.find('=');
    flag = argument.substr(0, equals);
    attached_ = equals == std::string_view::npos ? std::nullopt : std::optional(argument.substr(equals + 1));
    return true;
  }

  std::optional<std::string_view> optional_value() {
    if (attached_ || rest_.empty() || std::string_view(rest_.front()).starts_with("--")) return attached_;
    const std::string_view value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }

  /// Of a flag that takes no value.
  bool is_set() const {
    if (attached_) reject(std::string(flag) + " takes no value");
    return true;
  }

  std::string_view value() {
    const auto text = optional_value();
    if (!text || text->empty()) reject(std::string(flag) + " needs a value");
    return *text;
  }

  std::string_view flag;

 private:
  std::span<char* const> rest_;
  std::optional<std::string_view> attached_;
};

std::vector<int> parse_threads(std::string_view list) {
  const int most = allowed_threads();
  std::vector<int> threads;
  for (const std::string_view text : split("--threads", list)) {
    const auto count = number<int>(text);
    if (!count || *count < 1 || *count > most)
      reject("--threads: '" + std::string(text) + "' is not a whole number from 1 to " +
             std::to_string(most) + ", the hardware threads that this process may use");
    add_once(threads, *count);
  }
  return threads;
}

std::uint32_t parse_seed(std::string_view text) {
  const auto seed = number<std::uint32_t>(text);
  if (!seed) reject("--seed: '" + std::string(text) + "' is not a whole number from 0 to 4294967295");
  return *seed;
}

double parse_max_call(std::string_view text) {
  const auto seconds = number<double>(text);
  if (!seconds || !std::isfinite(*seconds) || *seconds <= 0)
    reject("--max-call: '" + std::string(text) + "' is not a number of seconds above 0");
  return *seconds;
}

Options::Task parse_list(std::optional<std::string_view> form) {
  if (!form) return Options::Task::list;
  if (*form == "json") return Options::Task::list_json;
  reject("--list: '" + std::string(*form) + "' is not a form it has; it takes none, or json");
}

Options::Task parse_help(std::optional<std::string_view> whose) {
  if (!whose) return Options::Task::help;
  if (*whose == "benchmark") return Options::Task::help_benchmark;
  reject("--help: '" + std::string(*whose) + "' is nothing it knows; it takes none, or benchmark");
}

/// Google Benchmark's --benchmark_min_time: "0.1", "0.1s" or "5x".
double parse_min_time(std::string_view text) {
  if (text.ends_with('x')) return 0;
  if (text.ends_with('s')) text.remove_suffix(1);
  return number<double>(text).value_or(0);
}

/// Google Benchmark reports a wrong expression in the way it reports one that matches nothing.
void check_filter(std::string_view expression) {
  if (expression.starts_with('-')) expression.remove_prefix(1);  // all but these
  try {
    std::regex(std::string(expression), std::regex::extended);
  } catch (const std::regex_error& error) {
    reject("--benchmark_filter: '" + std::string(expression) + "': " + error.what());
  }
}

std::vector<Isa> parse_isas(const Names& names) {
  std::vector<Isa> isas;
  for (const std::string_view name : names) {
    const auto isa = isa_named(name);
    if (!isa) reject("--isa: '" + std::string(name) + "' is not an instruction set; see --list");
    isas.push_back(*isa);
  }
  return isas;
}

/// The operation's rows that bear one of the names and are made for one of the sets; empty lists take all.
std::vector<const Implementation*> choose_rows(const Subject& subject, const Names& only,
                                               const std::vector<Isa>& isas) {
  Names known;
  std::vector<const Implementation*> rows;
  const auto wanted = [](const auto& list, const auto& value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  for (const Implementation* row : subject.rows) {
    if (row->operation != subject.operation || row->role != Role::way) continue;
    add_once(known, std::string_view(row->name));
    if (wanted(only, std::string_view(row->name)) && wanted(isas, row->isa)) rows.push_back(row);
  }
  for (const std::string_view name : only)
    if (!wanted(known, name) || known.empty())
      reject("--only: '" + std::string(name) + "' is not an implementation of " +
             std::string(subject.operation) + "; there are " + joined(known, ", "));
  return rows;
}

/// The operation's data of that name.
const Fill& choose_data(const Operation& operation, std::string_view name) {
  std::string known;
  for (const Fill& fill : operation.fills) {
    if (!fill.data) continue;
    if (fill.data == name) return fill;
    known += (known.empty() ? "" : ", ") + std::string(fill.data);
  }
  reject("--data: '" + std::string(name) + "' is no data of " + operation.name + "; there is " + known);
}

/// Takes note of what a flag of Google Benchmark's means for the harness and its table. Returns it as Google
/// Benchmark is to see it.
std::string google_flag(Options& options, std::string_view flag, std::optional<std::string_view> given) {
  const std::string_view value = given.value_or("");
  if (const std::string why = why_not_taken(flag, value); !why.empty()) reject(why);
  if (flag == "--benchmark_filter") check_filter(value);
  if (flag == "--benchmark_format") options.table = value == "console";
  if (flag == "--benchmark_color") options.colour = value;
  if (flag == "--benchmark_context") options.context = value;
  if (flag == "--benchmark_time_unit") options.time_unit = value;
  if (flag == "--benchmark_perf_counters") options.perf_counters = value;
  if (flag == "--benchmark_report_aggregates_only") options.report_aggregates_only = is_true(value);
  if (flag == "--benchmark_display_aggregates_only") options.display_aggregates_only = is_true(value);
  if (flag == "--benchmark_dry_run" && is_true(value)) options.repetition_seconds = 0;
  if (flag != "--benchmark_min_time") return std::string(flag) + (given ? "=" + std::string(value) : "");
  options.repetition_seconds = parse_min_time(value);
  return std::string(flag) + "=" + min_time_as_wanted(value);
}

/// The set of shapes of that name, or nullptr.
const Names* set_named(const Subject& subject, std::string_view name) {
  if (name == "quick") return &subject.quick;
  if (name == "full") return &subject.full;
  return name == "odd" && !subject.odd.empty() ? &subject.odd : nullptr;
}

}  // namespace

Options parse_options(const Subject& subject, const Operation& operation, std::span<char* const> arguments) {
  Options options;
  Names shapes = subject.quick, only, isas;
  std::string iterations;
  std::string_view chosen;  // the last flag that chooses rows
  std::vector<int> threads{1};
  std::string_view data = "normal";
  for (const std::string& variable : flags_from_variables()) {
    const std::size_t equals = variable.find('=');
    const auto flag = std::string_view(variable).substr(0, equals);
    const auto value = std::string_view(variable).substr(equals + 1);
    try {
      if (flag == "--benchmark_out")
        options.out = value;
      else
        options.for_google_benchmark.push_back(google_flag(options, flag, value));
    } catch (const std::invalid_argument& error) {
      reject(error.what() + from_variable(flag, value));
    }
  }

  Reader reader(arguments);
  while (reader.next()) {
    for (const std::string_view flag : {"--shapes", "--threads", "--only", "--isa"})
      if (reader.flag == flag) chosen = flag;
    if (reader.flag == "--shapes") {
      const std::string_view text = reader.value();
      const Names* const named = set_named(subject, text);
      options.own_shapes = !named;
      shapes = named ? *named : split(reader.flag, text);
    } else if (reader.flag == "--threads") {
      threads = parse_threads(reader.value());
    } else if (reader.flag == "--seed") {
      options.seed = parse_seed(reader.value());
    } else if (reader.flag == "--only") {
      only = split(reader.flag, reader.value());
    } else if (reader.flag == "--isa") {
      isas = split(reader.flag, reader.value());
    } else if (reader.flag == "--data") {
      data = reader.value();
    } else if (reader.flag == "--max-call") {
      options.max_call = parse_max_call(reader.value());
    } else if (reader.flag == "--iterations") {
      iterations = reader.value();
    } else if (reader.flag == "--cold") {
      options.conditions.cold = reader.is_set();
    } else if (reader.flag == "--misalign") {
      options.conditions.misaligned = reader.is_set();
    } else if (reader.flag == "--list") {
      options.task = parse_list(reader.optional_value());
    } else if (reader.flag == "--help") {
      options.task = parse_help(reader.optional_value());
    } else if (reader.flag == "--benchmark_out") {
      options.out = reader.value();
    } else if (reader.flag.starts_with("--benchmark_") || reader.flag == "--v") {
      options.for_google_benchmark.push_back(google_flag(options, reader.flag, reader.optional_value()));
    } else {
      reject("unknown flag '" + std::string(reader.flag) + "'; see --help");
    }
  }

  options.data = &choose_data(operation, data);
  const bool aggregates_only = options.report_aggregates_only || options.display_aggregates_only;
  if (aggregates_only && !options.perf_counters.empty())
    reject("--benchmark_perf_counters does not go with aggregates alone: Google Benchmark breaks off");
  if (!iterations.empty()) {
    if (!chosen.empty())
      reject("--iterations names the rows itself: " + std::string(chosen) + " does not go with it");
    options.counted = read_iterations(subject, operation, iterations);
    return options;
  }
  options.rows = choose_rows(subject, only, parse_isas(isas));
  Names distinct_shapes;
  for (const std::string_view shape : shapes) add_once(distinct_shapes, shape);
  for (const std::string_view shape : distinct_shapes)
    for (const int count : threads) options.problems.push_back(parse_shape(operation, shape, count));
  return options;
}

}  // namespace trilbench::bench
