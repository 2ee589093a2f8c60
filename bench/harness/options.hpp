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

  std::string out;  // the file for the result; empty: none
  /// How long Google Benchmark times a row before it takes the result; 0 where it is told a number of calls.
  double repetition_seconds = 0.5;
  std::vector<std::string> for_google_benchmark;  // its flags, but for the file
  bool for_people = true;                         // the result goes to the screen alone
};

/// Reads the arguments (without the program's name). Throws std::invalid_argument with one line for the user.
Options parse_options(const Subject& subject, const Operation& operation, std::span<char* const> arguments);

}  // namespace trilbench::bench
