#include "harness/google_flags.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "harness/build_info.hpp"
#include "harness/number.hpp"

namespace trilbench::bench {
namespace {

enum class Takes { anything, truth, count, seconds };

struct Flag {
  std::string_view name;
  Takes takes = Takes::anything;
  std::string_view since = "";  // later than 1.7, the oldest that the suite builds with
};

constexpr Flag flags[] = {
    {"--benchmark_list_tests", Takes::truth},
    {"--benchmark_filter"},
    {"--benchmark_min_time"},
    {"--benchmark_min_warmup_time", Takes::seconds},
    {"--benchmark_repetitions", Takes::count},
    {"--benchmark_dry_run", Takes::truth, "1.9.1"},
    {"--benchmark_enable_random_interleaving", Takes::truth},
    {"--benchmark_report_aggregates_only", Takes::truth},
    {"--benchmark_display_aggregates_only", Takes::truth},
    {"--benchmark_format"},
    {"--benchmark_out_format"},
    {"--benchmark_out"},
    {"--benchmark_color"},
    {"--benchmark_counters_tabular", Takes::truth},
    {"--benchmark_perf_counters"},
    {"--benchmark_context"},
    {"--benchmark_time_unit"},
};

std::string variable_of(std::string_view flag) {
  std::string name(flag.substr(2));
  for (char& letter : name) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return name;
}

/// "1.9.1" as three numbers, whatever else stands there.
std::vector<int> parts(std::string_view version) {
  std::vector<int> found(3);
  for (int& part : found) {
    const std::size_t dot = version.find('.');
    part = number<int>(version.substr(0, dot)).value_or(0);
    version = dot == std::string_view::npos ? "" : version.substr(dot + 1);
  }
  return found;
}

/// Whether this Google Benchmark is older. Of one that does not tell its version nothing is said.
bool older_than(std::string_view version) {
  const std::string_view own = BuildInfo().google_benchmark;
  return !own.empty() && parts(own) < parts(version);
}

std::string lacking(std::string_view what, std::string_view since) {
  return std::string(what) + " needs Google Benchmark " + std::string(since) +
         "; this program was built with " + BuildInfo().google_benchmark;
}

std::string why_no_min_time(std::string_view value) {
  const std::string_view digits =
      value.ends_with('x') || value.ends_with('s') ? value.substr(0, value.size() - 1) : value;
  const bool calls = value.ends_with('x');
  if (calls ? number<long>(digits).value_or(0) < 1 : !(number<double>(digits).value_or(-1) >= 0))
    return "'" + std::string(value) + "' is no time such as 0.1s, nor a number of calls such as 100x";
  return calls && older_than("1.8") ? lacking("a number of calls", "1.8") + ": give it seconds" : "";
}

std::string why_wrong(Takes takes, std::string_view value) {
  if (takes == Takes::count && number<int>(value).value_or(0) < 1)
    return "'" + std::string(value) + "' is not a whole number from 1 on";
  if (takes == Takes::seconds && !(number<double>(value).value_or(-1) >= 0))
    return "'" + std::string(value) + "' is not a number of seconds";
  return "";
}

}  // namespace

std::vector<std::string> flags_from_variables() {
  std::vector<std::string> found;
  for (const Flag& flag : flags)
    if (const char* value = std::getenv(variable_of(flag.name).c_str());
        value && (*value || flag.name != "--benchmark_out"))  // which has no file then
      found.push_back(std::string(flag.name) + "=" + value);
  return found;
}

std::string why_not_taken(std::string_view flag, std::string_view value) {
  const auto* const known =
      std::find_if(std::begin(flags), std::end(flags), [&](const Flag& each) { return each.name == flag; });
  if (known == std::end(flags)) return "";
  if (!known->since.empty() && older_than(known->since)) return lacking(flag, known->since);
  const std::string why =
      flag == "--benchmark_min_time" ? why_no_min_time(value) : why_wrong(known->takes, value);
  return why.empty() ? "" : std::string(flag) + ": " + why;
}

std::string from_variable(std::string_view flag, std::string_view value) {
  if (!flag.starts_with("--")) return "";
  const std::string variable = variable_of(flag);
  const char* const set = std::getenv(variable.c_str());
  return set && value == set ? " (" + variable + " is set)" : "";
}

bool is_true(std::string_view value) {
  if (value.size() == 1)
    return std::isalnum(static_cast<unsigned char>(value[0])) &&
           std::string_view("0fFnN").find(value[0]) == std::string_view::npos;
  std::string lower(value);
  for (char& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return lower != "false" && lower != "no" && lower != "off";
}

std::string min_time_as_wanted(std::string_view value) {
  if (value.ends_with('x')) return std::string(value);
  if (value.ends_with('s')) value.remove_suffix(1);
  return std::string(value) + (older_than("1.8") ? "" : "s");
}

}  // namespace trilbench::bench
