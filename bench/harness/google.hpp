// Google Benchmark's flags, variables, counters and result file: what it does not understand or cannot do, it
// leaves without effect and ends well; here that is an error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trilbench::bench {

/// Its flags, and what they mean for the harness and its table.
struct GoogleFlags {
  std::vector<std::string> flags;  // as it is to see them, but for the result file
  std::string out;                 // the file for the result; empty: none
  std::string format = "console";
  std::string colour = "auto";
  std::string context;  // the user's
  std::string min_time = "0.5";
  std::string time_unit;      // empty: whichever fits
  std::string perf_counters;  // "CYCLES,INSTRUCTIONS"
  bool dry_run = false;
  bool report_aggregates_only = false;
  bool display_aggregates_only = false;

  bool table() const { return format == "console"; }  // on the screen
  bool aggregates_only() const { return report_aggregates_only || display_aggregates_only; }
  /// How long it times a benchmark before it takes the result; 0 where it is told a number of calls.
  double repetition_seconds() const;

  /// Those that variables set: BENCHMARK_FILTER=x is --benchmark_filter=x. This, and what follows, throws
  /// std::invalid_argument with one line for the user.
  void take_variables();

  /// "--benchmark_flag" or "--benchmark_flag=value".
  void take(std::string_view flag, std::optional<std::string_view> value);

  /// Gives them to Google Benchmark, which will write its result to the OutFile's part.
  void initialize(char* program);
};

/// As it reads the value of a flag that is true or false; nothing is true.
bool is_true(std::string_view value);

/// Throws std::invalid_argument if it does not count all of a list such as "CYCLES,INSTRUCTIONS". Runs a
/// benchmark of its own: to be called after `initialize` and before others are registered.
void require_counted(const std::string& counters);

/// A result file that appears under its name only when it is complete. Google Benchmark writes to
/// <name>.part; publish() gives the file its name. A program that is killed between leaves whatever bore the
/// name before.
class OutFile {
 public:
  /// Throws std::runtime_error if the file cannot be written.
  explicit OutFile(const std::string& name);
  ~OutFile();  // removes what was not published
  OutFile(const OutFile&) = delete;
  OutFile& operator=(const OutFile&) = delete;

  /// If anything was written. Throws std::runtime_error if it is not whole or cannot be renamed.
  void publish(bool measured);

 private:
  std::string name_;
  std::string part_;
};

}  // namespace trilbench::bench
