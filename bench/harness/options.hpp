// The command line of a benchmark binary.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/arrays.hpp"
#include "harness/google.hpp"
#include "harness/run.hpp"

namespace trilbench::bench {

/// A variant on a problem: a row of the table.
struct Planned {
  const Variant* variant;
  Problem problem;
  /// Of a repetition; 0: Google Benchmark finds out. Two builds that make the same calls can be compared
  /// round by round (scripts/compare); a number that each finds for itself would be part of the difference.
  benchmark::IterationCount calls = 0;
  std::string skipped = {};                    // why; empty if it runs
  std::optional<double> workspace_bytes = {};  // nothing if it cannot run here
  std::optional<double> predicted_seconds =
      {};  // nothing if it cannot run here, faults, or calls are counted
};

struct Options {
  enum class Task { measure, list, list_json, explain, explain_json, machine, help, help_benchmark };
  Task task = Task::measure;

  std::vector<Problem> problems;  // every shape at every number of threads, without repetition
  bool own_shapes = false;        // the user wrote the shapes, rather than naming a set of them
  std::vector<const Variant*> variants;
  std::vector<Planned> counted;  // if not empty: these instead, without limits and full verification
  std::uint32_t seed = 0;
  double max_call = 0;  // seconds
  Conditions conditions;
  const Fill* data = nullptr;  // what is timed: one of the operation's fills
  GoogleFlags google;
};

/// Reads the arguments (without the program's name). Throws std::invalid_argument with one line for the user.
Options parse_options(const Subject& subject, const Operation& operation, std::span<char* const> arguments);

/// The text of --help.
std::string help_text(const Subject& subject, const Operation& operation);

}  // namespace trilbench::bench
