// The command line of a benchmark binary.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "harness/arrays.hpp"
#include "harness/iterations.hpp"
#include "harness/run.hpp"

namespace trilbench::bench {

struct Options {
  enum class Task { measure, list, list_json, help, help_benchmark };
  Task task = Task::measure;

  std::vector<Problem> problems;  // every shape at every number of threads, without repetition
  bool own_shapes = false;        // the user wrote the shapes, rather than naming a set of them
  std::vector<const Implementation*> rows;
  std::vector<CountedRow> counted;  // if not empty: these instead, without limits and full verification
  std::uint32_t seed = 1337;
  double max_call = 2;  // seconds
  Conditions conditions;
  const Fill* data = nullptr;  // what is timed: one of the operation's fills

  std::string out;  // the file for the result; empty: none
  /// How long Google Benchmark times a row before it takes the result; 0 where it is told a number of calls.
  double repetition_seconds = 0.5;
  std::vector<std::string> for_google_benchmark;  // its flags, but for the file

  // What these say, the table of the screen does itself.
  bool table = true;  // rather than JSON or CSV
  std::string colour = "auto";
  std::string context;        // the user's
  std::string time_unit;      // empty: whichever fits
  std::string perf_counters;  // "CYCLES,INSTRUCTIONS"
  bool report_aggregates_only = false;
  bool display_aggregates_only = false;
};

/// Reads the arguments (without the program's name). Throws std::invalid_argument with one line for the user.
Options parse_options(const Subject& subject, const Operation& operation, std::span<char* const> arguments);

}  // namespace trilbench::bench
