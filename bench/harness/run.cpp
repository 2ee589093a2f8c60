#include "harness/run.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>

#include "harness/environment.hpp"
#include "harness/google_flags.hpp"
#include "harness/help.hpp"
#include "harness/listing.hpp"
#include "harness/options.hpp"
#include "harness/out_file.hpp"
#include "harness/perf_counters.hpp"
#include "harness/plan.hpp"
#include "harness/table_reporter.hpp"
#include "harness/timed_row.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/registry.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

constexpr int fine = 0;
constexpr int wrong_use = 1;
constexpr int failed_verification = 2;
constexpr int nothing_matched = 5;

int complain(const Subject& subject, const std::string& what, int code) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", std::string(subject.operation).c_str(), what.c_str());
  return code;
}

/// Of "--flag=value".
std::string from_variable_of(std::string_view argument) {
  const std::size_t equals = std::min(argument.find('='), argument.size() - 1);
  return from_variable(argument.substr(0, equals), argument.substr(equals + 1));
}

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

/// As a shell takes it for one word.
std::string quoted(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:@+") ==
      std::string::npos)
    return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// All but the inputs.
std::string repeat_command(const char* program, const Operation& operation, const PlannedRow& planned,
                           const Options& options) {
  constexpr double any_call = 1e6;  // no limit holds for a row whose calls are counted
  return quoted(program) + " --only=" + planned.row->name +
         " --isa=" + std::string(name_of(planned.row->isa)) +
         " --shapes=" + shape_text(operation, planned.problem) +
         " --threads=" + std::to_string(planned.problem.threads) +
         " --max-call=" + number_text(planned.calls ? any_call : options.max_call) +
         " --data=" + options.data->data + (options.conditions.cold ? " --cold" : "") +
         (options.conditions.misaligned ? " --misalign" : "");
}

/// Google Benchmark calls this for a value that one of its flags does not take, and would exit with 0.
void reject_value() {
  std::fprintf(stderr, "a --benchmark flag has a value that it does not take; see --help=benchmark\n");
  std::exit(wrong_use);
}

void initialize_google_benchmark(char* program, Options& options, const OutFile& out) {
  if (!out.part().empty()) options.for_google_benchmark.push_back("--benchmark_out=" + out.part());
  std::vector<char*> argv{program};  // Google Benchmark keeps this pointer
  for (std::string& argument : options.for_google_benchmark) argv.push_back(argument.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(argv.size()) - 1;
  benchmark::Initialize(&argc, argv.data(), reject_value);
  if (argc > 1)
    throw std::invalid_argument("unknown flag or value '" + std::string(argv[1]) + "'" +
                                from_variable_of(argv[1]) + "; see --help=benchmark");
}

/// What the table is about, and what is not as usual.
std::vector<std::string> heading(const Operation& operation, const Options& options) {
  std::vector<std::string> lines{std::string(operation.name) + ": " + operation.formula};
  std::string unusual = "inputs: " + std::string(options.data->data) + " (" + options.data->name + ")";
  if (options.conditions.cold) unusual += "; arrays: cold";
  if (options.conditions.misaligned) unusual += "; arrays: misaligned";
  if (!options.context.empty()) unusual += "; " + options.context;
  lines.push_back(unusual);
  return lines;
}

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream rest(list);
  for (std::string name; std::getline(rest, name, ',');) names.push_back(name);
  return names;
}

/// Throws std::runtime_error if rows would get fewer threads than they ask for; warns if these would take
/// turns.
void check_threads(const Subject& subject, const std::vector<PlannedRow>& plan) {
  std::set<int> numbers;
  for (const PlannedRow& planned : plan)
    if (planned.skipped.empty()) numbers.insert(planned.problem.threads);
  for (const int threads : numbers) {
    require_team(threads);
    if (const std::string why = why_threads_take_turns(threads); !why.empty())
      std::fprintf(stderr, "%s: warning: %s\n", std::string(subject.operation).c_str(), why.c_str());
  }
}

int measure(const Subject& subject, const Operation& operation, Options& options, char* program) {
  if (!floating_point_mode_is_usual())
    return complain(subject,
                    "the floating-point mode is not the usual one, as after loading a library linked with "
                    "-ffast-math; its figures would mean nothing",
                    wrong_use);
  OutFile out(options.out);
  initialize_google_benchmark(program, options, out);
  const std::vector<PlannedRow> plan = make_plan(operation, options);
  check_threads(subject, plan);
  out.create();
  if (!options.perf_counters.empty())
    if (const std::string why = why_uncounted(options.perf_counters); !why.empty())
      throw std::invalid_argument(why);
  add_context(options);
  std::fputs(skipped_rows(operation, plan).c_str(), stderr);
  Stage stage;
  std::vector<std::unique_ptr<TimedRow>> rows;
  std::map<std::string, RowLabel> labels;
  for (const PlannedRow& planned : plan) {
    if (!planned.skipped.empty()) continue;
    rows.push_back(std::make_unique<TimedRow>(operation, planned, options,
                                              repeat_command(program, operation, planned, options)));
    TimedRow* const row = rows.back().get();
    auto* const registered = benchmark::RegisterBenchmark(
        row->name().c_str(), [row, &stage](benchmark::State& state) { row->measure(state, stage); });
    registered->UseRealTime();
    if (options.time_unit.empty()) registered->Unit(row->unit());
    if (row->calls()) registered->Iterations(row->calls());
    // The table computes its statistics itself, so it must see all repetitions.
    if (options.table && (options.report_aggregates_only || options.display_aggregates_only))
      registered->ReportAggregatesOnly(options.report_aggregates_only)->DisplayAggregatesOnly(false);
    labels[row->name()] = {std::string(planned.row->name) + "/" + std::string(name_of(planned.row->isa)),
                           shape_text(operation, planned.problem), planned.problem.threads};
  }
  if (rows.empty())
    return complain(subject, plan.empty() ? "no row is built as asked; see --list" : "every row is skipped",
                    nothing_matched);

  // Where a filter matches nothing, Google Benchmark says so.
  TableReporter table(heading(operation, options), std::move(labels),
                      {.colour = colour_wanted(options.colour),
                       .repetitions = !options.report_aggregates_only && !options.display_aggregates_only,
                       .time_unit_of_run = !options.time_unit.empty(),
                       .counters = names_in(options.perf_counters)});
  if (benchmark::RunSpecifiedBenchmarks(options.table ? &table : nullptr) == 0) return nothing_matched;
  out.publish(std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row->measured(); }));

  const auto count = [&rows](TimedRow::Fault fault) {
    return std::count_if(rows.begin(), rows.end(),
                         [fault](const auto& row) { return row->fault() == fault; });
  };
  const auto of_all = [&rows](auto faulty) {
    return ": " + std::to_string(faulty) + " of " + std::to_string(rows.size()) + " rows";
  };
  const auto wrong = count(TimedRow::Fault::wrong), broken_off = count(TimedRow::Fault::broken_off);
  if (wrong > 0) return complain(subject, "failed verification" + of_all(wrong), failed_verification);
  if (broken_off > 0) return complain(subject, "could not be run" + of_all(broken_off), wrong_use);
  return fine;
}

int perform(const Subject& subject, int argc, char** argv) {
  try {
    settle_openmp(argv);  // first, before a library starts threads of its own
    const Operation* operation = operation_named(subject.operation);
    if (!operation) throw std::logic_error("this program was built without its operation");
    Options options =
        parse_options(subject, *operation, {argv + 1, static_cast<std::size_t>(std::max(argc - 1, 0))});
    switch (options.task) {
      case Options::Task::help:
        std::fputs(help_text(subject, *operation).c_str(), stdout);
        return fine;
      case Options::Task::help_benchmark:
        benchmark::PrintDefaultHelp();
        return fine;
      case Options::Task::list:
        std::fputs(listing(*operation, make_plan(*operation, options)).c_str(), stdout);
        return fine;
      case Options::Task::list_json:
        std::fputs(listing_json(*operation, make_plan(*operation, options)).c_str(), stdout);
        return fine;
      case Options::Task::measure:
        return measure(subject, *operation, options, argv[0]);
    }
    return wrong_use;
  } catch (const std::exception& error) {
    return complain(subject, error.what(), wrong_use);
  }
}

}  // namespace

int run(const Subject& subject, int argc, char** argv) {
  const int code = perform(subject, argc, argv);
  const bool written = std::cout.flush() && std::fflush(stdout) == 0 && !std::ferror(stdout);
  if (code == fine && !written)
    return complain(subject, "cannot write all of it to the standard output; is its disk full?", wrong_use);
  return code;
}

}  // namespace trilbench::bench
