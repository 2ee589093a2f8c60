#include "harness/google.hpp"

#include <benchmark/benchmark.h>
#include <strings.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "harness/build_info.hpp"
#include "harness/run.hpp"
#include "harness/text.hpp"

namespace trilbench::bench {
namespace {

[[noreturn]] void reject(const std::string& why) { throw std::invalid_argument(why); }

/// Whether this Google Benchmark is older than "1.9.1"; no, if it does not tell its version.
bool older_than(std::string_view version) {
  const auto numbers = [](std::string_view text) {
    std::vector<int> found;
    for (const std::string_view part : split(text, '.')) found.push_back(number<int>(part).value_or(0));
    found.resize(3);
    return found;
  };
  const std::string_view own = BuildInfo().google_benchmark;
  return !own.empty() && numbers(own) < numbers(version);
}

std::string lacking(std::string_view what, std::string_view since) {
  return std::string(what) + " needs Google Benchmark " + std::string(since) +
         "; this program was built with " + BuildInfo().google_benchmark;
}

/// "0.1s" or "100x" without its last letter.
std::string_view digits_of(std::string_view value) {
  return value.ends_with('x') || value.ends_with('s') ? value.substr(0, value.size() - 1) : value;
}

bool is_seconds(std::string_view value) { return number<double>(value).value_or(-1) >= 0; }
bool is_count(std::string_view value) { return number<int>(value).value_or(0) >= 1; }

// Why a value is none that the flag takes; empty if it is.
using Why = std::string (*)(std::string_view value);

std::string why_no_count(std::string_view value) {
  return is_count(value) ? "" : "'" + std::string(value) + "' is not a whole number from 1 on";
}

std::string why_no_seconds(std::string_view value) {
  return is_seconds(value) ? "" : "'" + std::string(value) + "' is not a number of seconds";
}

std::string why_no_min_time(std::string_view value) {
  const bool calls = value.ends_with('x');
  if (!(calls ? is_count : is_seconds)(digits_of(value)))
    return "'" + std::string(value) + "' is no time such as 0.1s, nor a number of calls such as 100x";
  return calls && older_than("1.8") ? lacking("a number of calls", "1.8") + ": give it seconds" : "";
}

/// It reports a wrong expression in the way it reports one that matches nothing.
std::string why_no_filter(std::string_view value) {
  if (value.starts_with('-')) value.remove_prefix(1);  // all but these
  try {
    std::regex(std::string(value), std::regex::extended);
    return "";
  } catch (const std::regex_error& error) {
    return "'" + std::string(value) + "': " + error.what();
  }
}

struct Flag {
  std::string_view name;
  Why why_wrong = nullptr;
  std::string GoogleFlags::*text = nullptr;  // where the value is kept
  bool GoogleFlags::*truth = nullptr;
  std::string_view since = "";  // later than 1.7, the oldest that the suite builds with
};

// What it takes without a word of ours is not among them, be it a flag or a variable.
constexpr Flag known_flags[] = {
    {.name = "--benchmark_filter", .why_wrong = why_no_filter},
    {.name = "--benchmark_min_time", .why_wrong = why_no_min_time, .text = &GoogleFlags::min_time},
    {.name = "--benchmark_min_warmup_time", .why_wrong = why_no_seconds},
    {.name = "--benchmark_repetitions", .why_wrong = why_no_count},
    {.name = "--benchmark_dry_run", .truth = &GoogleFlags::dry_run, .since = "1.9.1"},
    {.name = "--benchmark_report_aggregates_only", .truth = &GoogleFlags::report_aggregates_only},
    {.name = "--benchmark_display_aggregates_only", .truth = &GoogleFlags::display_aggregates_only},
    {.name = "--benchmark_format", .text = &GoogleFlags::format},
    {.name = "--benchmark_out", .text = &GoogleFlags::out},
    {.name = "--benchmark_color", .text = &GoogleFlags::colour},
    {.name = "--benchmark_perf_counters", .text = &GoogleFlags::perf_counters},
    {.name = "--benchmark_context", .text = &GoogleFlags::context},
    {.name = "--benchmark_time_unit", .text = &GoogleFlags::time_unit},
};

/// It calls this for a value that one of its flags does not take, and would exit with 0.
void reject_value() {
  std::fprintf(stderr, "a --benchmark flag has a value that it does not take; see --help=benchmark\n");
  std::exit(wrong_use);
}

/// Keeps the names of the counters that it is told of.
class CounterNames : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      for (const auto& [name, counter] : run.counters) names.insert(name);
  }

  std::set<std::string> names;
};

std::string what_the_kernel_allows() {
  std::string level;
  std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
  return std::getline(file, level) ? ", or the kernel forbids it (perf_event_paranoid is " + level + ")" : "";
}

std::string part_of(const std::string& name) { return name + ".part"; }

/// It does not look whether its writes succeed: on a full disk the end is missing.
bool whole(const std::string& name) {
  std::ifstream file(name);
  char first = 0, last = 0;
  for (char c; file >> c; last = c)
    if (!first) first = c;
  return first != '{' || last == '}';
}

}  // namespace

void GoogleFlags::take_variables() {
  for (const Flag& flag : known_flags) {
    std::string variable(flag.name.substr(2));
    for (char& letter : variable)
      letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    const char* const value = std::getenv(variable.c_str());
    if (!value || (!*value && flag.name == "--benchmark_out")) continue;  // which names no file then
    try {
      take(flag.name, value);
    } catch (const std::invalid_argument& error) {
      reject(std::string(error.what()) + " (" + variable + " is set)");
    }
  }
}

void GoogleFlags::take(std::string_view flag, std::optional<std::string_view> given) {
  const std::string_view value = given.value_or("");
  if (flag == "--benchmark_out" && value.empty()) reject(std::string(flag) + " needs a value");
  std::string argument = std::string(flag) + (given ? "=" + std::string(value) : "");
  if (const auto* const known = std::ranges::find(known_flags, flag, &Flag::name);
      known != std::end(known_flags)) {
    if (!known->since.empty() && older_than(known->since)) reject(lacking(flag, known->since));
    if (const std::string why = known->why_wrong ? known->why_wrong(value) : ""; !why.empty())
      reject(std::string(flag) + ": " + why);
    if (known->text) this->*known->text = value;
    if (known->truth) this->*known->truth = is_true(value);
  }
  if (flag == "--benchmark_out") return;
  if (flag == "--benchmark_min_time" &&
      !value.ends_with('x'))  // with its unit from 1.8 on, without it before
    argument = std::string(flag) + "=" + std::string(digits_of(value)) + (older_than("1.8") ? "" : "s");
  flags.push_back(std::move(argument));
}

double GoogleFlags::repetition_seconds() const {
  return dry_run || min_time.ends_with('x') ? 0 : *number<double>(digits_of(min_time));
}

void GoogleFlags::initialize(char* program) {
  if (aggregates_only() && !perf_counters.empty())
    reject("--benchmark_perf_counters does not go with aggregates alone: Google Benchmark breaks off");
  if (!out.empty()) flags.push_back("--benchmark_out=" + part_of(out));
  std::vector<char*> argv{program};  // Google Benchmark keeps this pointer
  for (std::string& argument : flags) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(argv.size()) - 1;
  benchmark::Initialize(&argc, argv.data(), reject_value);
  if (argc > 1)
    reject("unknown flag or value '" + std::string(argv[1]) +
           "'; see --help=benchmark (a variable such as BENCHMARK_CONTEXT gives flags too)");
}

bool is_true(std::string_view value) {
  if (value.size() == 1)
    return std::isalnum(static_cast<unsigned char>(value[0])) &&
           std::string_view("0fFnN").find(value[0]) == std::string_view::npos;
  const std::string text(value);
  const auto is = [&text](const char* word) { return strcasecmp(text.c_str(), word) == 0; };
  return !is("false") && !is("no") && !is("off");
}

void require_counted(const std::string& counters) {
  if (counters.empty()) return;
  CounterNames counted;
  std::ostringstream complaints;  // which Google Benchmark writes to std::clog
  auto* const clog = std::clog.rdbuf(complaints.rdbuf());
  benchmark::RegisterBenchmark("counters",
                               [](benchmark::State& state) {
                                 for (auto _ : state) benchmark::ClobberMemory();
                               })
      ->Iterations(1)
      ->Repetitions(1);
  benchmark::RunSpecifiedBenchmarks(&counted, ".");
  benchmark::ClearRegisteredBenchmarks();
  std::clog.rdbuf(clog);
  std::string why = complaints.str();  // in one line: "Unknown counter name: CYCLE"
  why.erase(why.find_last_not_of("\n.") + 1);
  std::ranges::replace(why, '\n', ' ');
  for (const std::string_view counter : split(counters, ','))
    if (!counter.empty() && !counted.names.contains(std::string(counter)))
      reject("--benchmark_perf_counters: '" + std::string(counter) + "' is not counted" +
             (why.empty() ? "" : " (" + why + ")") + ": Google Benchmark " + BuildInfo().google_benchmark +
             " was built without libpfm, as Debian's is, or this CPU has no such counter" +
             what_the_kernel_allows() + "; leave the flag out, or use perf stat");
}

OutFile::OutFile(const std::string& name) : name_(name), part_(part_of(name)) {
  std::error_code missing;
  if (std::filesystem::exists(name_, missing) && !std::filesystem::is_regular_file(name_, missing))
    throw std::runtime_error("cannot write '" + name_ + "': it is no ordinary file");
  errno = 0;
  if (!std::ofstream(part_))
    throw std::runtime_error("cannot write '" + part_ + "': " + std::strerror(errno));
}

OutFile::~OutFile() {
  std::error_code gone_already;
  std::filesystem::remove(part_, gone_already);
}

void OutFile::publish(bool measured) {
  std::error_code error;
  const bool empty = std::filesystem::file_size(part_, error) == 0;
  if (!whole(part_) || (empty && measured))
    throw std::runtime_error("cannot write '" + name_ + "': the result is cut off; is the disk full?");
  if (!empty && !error) std::filesystem::rename(part_, name_, error);
  if (error) throw std::runtime_error("cannot write '" + name_ + "': " + error.message());
}

}  // namespace trilbench::bench
