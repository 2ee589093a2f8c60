// What people see of a run: a table of at most 120 columns, a row as soon as it is measured. The numbers are
// those of the JSON. Of repetitions it shows the median of each column and the fastest, which are the same
// whatever version of Google Benchmark is there, and whatever it was told of aggregates.
#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "harness/google.hpp"

namespace trilbench::bench {

class TableReporter : public benchmark::BenchmarkReporter {
 public:
  /// `heading`: lines about what is measured; `labels`: variant, shape and threads of each row, by its name.
  TableReporter(std::vector<std::string> heading, std::map<std::string, std::array<std::string, 3>> labels,
                const GoogleFlags& flags);

  /// Writes the heading and what the machine is, to the error stream, as Google Benchmark does.
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  void print(const std::string& text, const std::string& indent = "  ");
  void print_row(const std::string& label, const std::string& figures);
  void print_figures(const std::string& label, const Run& run);
  void print_failure(const std::string& label, const std::string& message);
  void print_statistics(const std::vector<Run>& runs);
  std::string time_text(const Run& run, double seconds) const;
  std::string coloured(const char* colour, const std::string& text) const;

  std::vector<std::string> heading_;
  std::map<std::string, std::string> labels_;  // in columns
  std::string header_;                         // until it is printed
  std::size_t width_;                          // of a label
  GoogleFlags flags_;
  bool colour_;
  bool core_was_shared_ = false;
};

}  // namespace trilbench::bench
