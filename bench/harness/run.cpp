#include "harness/run.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "harness/environment.hpp"
#include "harness/explaining.hpp"
#include "harness/measurement.hpp"
#include "harness/options.hpp"
#include "harness/plan.hpp"
#include "harness/table.hpp"
#include "harness/text.hpp"
#include "suite/floating_point_mode.hpp"
#include "suite/registry.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {
namespace {

constexpr const char* nothing_built = "no row is built as asked; see --list";

int complain(const Subject& subject, const std::string& what, int code) {
  std::fflush(stdout);
  std::fprintf(stderr, "%s: %s\n", std::string(subject.operation).c_str(), what.c_str());
  return code;
}

/// As a shell takes it for one word.
std::string shell_word(const std::string& word) {
  if (word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:@+") ==
      std::string::npos)
    return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

/// All but the inputs.
std::string repeat_command(const char* program, const Operation& operation, const Planned& planned,
                           const Options& options) {
  constexpr double any_call = 1e6;  // no limit holds for a row whose calls are counted
  return shell_word(program) + " --only=" + planned.variant->name +
         " --isa=" + std::string(isa_text(*planned.variant)) +
         " --shapes=" + shape_text(operation, planned.problem) +
         " --threads=" + std::to_string(planned.problem.threads) +
         " --max-call=" + formatted("%g", planned.calls ? any_call : options.max_call) +
         " --data=" + options.data->data + (options.conditions.cold ? " --cold" : "") +
         (options.conditions.misaligned ? " --misalign" : "");
}

/// What the table is about, and what is not as usual.
std::vector<std::string> heading(const Operation& operation, const Options& options) {
  return {std::string(operation.name) + ": " + operation.formula,
          "inputs: " + std::string(options.data->data) + " (" + options.data->name + ")" +
              (options.conditions.cold ? "; arrays: cold" : "") +
              (options.conditions.misaligned ? "; arrays: misaligned" : "") +
              (options.google.context.empty() ? "" : "; " + options.google.context)};
}

/// Throws std::runtime_error if rows would get too few threads; warns if these would wait for each other.
void check_threads(const Subject& subject, const std::vector<Planned>& plan) {
  std::set<int> numbers;
  for (const Planned& planned : plan)
    if (planned.skipped.empty()) numbers.insert(planned.problem.threads);
  for (const int threads : numbers) {
    require_team(threads);
    if (const std::string why = why_threads_wait(threads); !why.empty())
      std::fprintf(stderr, "%s: warning: %s\n", std::string(subject.operation).c_str(), why.c_str());
  }
}

/// Makes a benchmark of Google Benchmark's of it.
void register_benchmark(Measurement& measurement, Workbench& bench, const GoogleFlags& flags) {
  auto* const registered = benchmark::RegisterBenchmark(
      measurement.name().c_str(),
      [&measurement, &bench](benchmark::State& state) { measurement.measure(state, bench); });
  registered->UseRealTime();
  if (flags.time_unit.empty()) registered->Unit(measurement.unit());
  if (measurement.planned().calls) registered->Iterations(measurement.planned().calls);
  // The table computes its statistics itself, so it must see all repetitions.
  if (flags.table() && flags.aggregates_only())
    registered->ReportAggregatesOnly(flags.report_aggregates_only)->DisplayAggregatesOnly(false);
}

int measure(const Subject& subject, const Operation& operation, Options& options, char* program) {
  if (!floating_point_mode_is_usual())
    throw std::runtime_error(
        "the floating-point mode is not the usual one, as after loading a library linked with -ffast-math; "
        "its figures would mean nothing");
  GoogleFlags& flags = options.google;
  flags.initialize(program);
  const std::vector<Planned> plan = make_plan(operation, options);
  check_threads(subject, plan);
  std::optional<OutFile> out;
  if (!flags.out.empty()) out.emplace(flags.out);
  require_counted(flags.perf_counters);
  add_context(options);
  std::fputs(skipped_rows(operation, plan).c_str(), stderr);
  Workbench bench;
  std::deque<Measurement> rows;  // which stay where they are
  std::map<std::string, std::array<std::string, 3>> labels;
  for (const Planned& planned : plan) {
    if (!planned.skipped.empty()) continue;
    rows.emplace_back(operation, planned, options, repeat_command(program, operation, planned, options));
    register_benchmark(rows.back(), bench, flags);
    labels[rows.back().name()] = {label_of(*planned.variant), shape_text(operation, planned.problem),
                                  "omp:" + std::to_string(planned.problem.threads)};
  }
  if (rows.empty())
    return complain(subject, plan.empty() ? nothing_built : "every row is skipped", nothing_matched);

  // Where a filter matches nothing, Google Benchmark says so.
  TableReporter table(heading(operation, options), std::move(labels), flags);
  if (benchmark::RunSpecifiedBenchmarks(flags.table() ? &table : nullptr) == 0) return nothing_matched;
  if (out) out->publish(std::ranges::any_of(rows, &Measurement::measured));

  const auto count = [&](Measurement::Fault fault) {
    return std::ranges::count(rows, fault, &Measurement::fault);
  };
  const auto of_all = [&](auto faulty) {
    return ": " + std::to_string(faulty) + " of " + std::to_string(rows.size()) + " rows";
  };
  const auto wrong = count(Measurement::Fault::wrong), broken_off = count(Measurement::Fault::broken_off);
  if (wrong > 0) return complain(subject, "failed verification" + of_all(wrong), failed_verification);
  if (broken_off > 0) return complain(subject, "could not be run" + of_all(broken_off), wrong_use);
  return fine;
}

int print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  return fine;
}

int perform(const Subject& subject, int argc, char** argv) {
  settle_openmp(argv);  // first, before a library starts threads of its own
  const Operation* const operation = operation_named(subject.operation);
  if (!operation) throw std::logic_error("this program was built without its operation");
  Options options =
      parse_options(subject, *operation, {argv + 1, static_cast<std::size_t>(std::max(argc - 1, 0))});
  switch (options.task) {
    case Options::Task::measure:
      return measure(subject, *operation, options, argv[0]);
    case Options::Task::list:
      return print(listing(*operation, make_plan(*operation, options)));
    case Options::Task::list_json:
      return print(listing_json(*operation, make_plan(*operation, options)));
    case Options::Task::explain:
    case Options::Task::explain_json: {
      const std::vector<Explained> rows = explain(*operation, options, this_machine());
      if (rows.empty()) return complain(subject, nothing_built, nothing_matched);
      const bool json = options.task == Options::Task::explain_json;
      return print(json ? explanations_json(*operation, rows)
                        : explanations(*operation, rows, this_machine()));
    }
    case Options::Task::machine:
      return print(machine_json());
    case Options::Task::help:
      return print(help_text(subject, *operation));
    case Options::Task::help_benchmark:
      benchmark::PrintDefaultHelp();
      return fine;
  }
  return wrong_use;
}

}  // namespace

int run(const Subject& subject, int argc, char** argv) {
  int code = wrong_use;
  try {
    code = perform(subject, argc, argv);
  } catch (const std::exception& error) {
    return complain(subject, error.what(), wrong_use);
  }
  const bool written = std::cout.flush() && std::fflush(stdout) == 0 && !std::ferror(stdout);
  if (code == fine && !written)
    return complain(subject, "cannot write all of it to the standard output; is its disk full?", wrong_use);
  return code;
}

}  // namespace trilbench::bench
