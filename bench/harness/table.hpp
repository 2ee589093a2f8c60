// What people see of a run: a table of at most 120 columns, a row as soon as it is measured. The numbers are
// those of the JSON. Of repetitions it shows the median of each column and the fastest, which are the same
// whatever version of Google Benchmark is there, and whatever it was told of aggregates.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>
#include <vector>

#include "harness/google.hpp"

namespace trilbench::bench {

/// The name of a row in columns: "prefix_mean/avx2", "8x1024x64", 1.
struct RowLabel {
  std::string variant;
  std::string shape;
  int threads;
};

class TableReporter : public benchmark::BenchmarkReporter {
 public:
  /// `heading` are lines about what is measured; `labels` the rows' by their names. The flags must outlive
  /// this.
  TableReporter(std::vector<std::string> heading, std::map<std::string, RowLabel> labels,
                const GoogleFlags& flags);

  /// Writes the heading and what the machine is, to the error stream, as Google Benchmark does.
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  std::string label_text(const RowLabel& label) const;
  void print_header();
  void print_label(const std::string& label, const std::string& figures);
  std::string figures(const Run& run);
  std::string time_text(const Run& run, double seconds) const;
  void print_failure(const std::string& label, const std::string& message);
  void print_statistics(const std::vector<Run>& runs);
  void print_further_counters(const Run& run);
  std::string coloured(const char* colour, const std::string& text) const;

  std::vector<std::string> heading_;
  std::map<std::string, RowLabel> labels_;
  const GoogleFlags& flags_;
  bool colour_;
  int variant_width_ = 7;
  int shape_width_ = 5;
  bool header_printed_ = false;
  bool core_was_shared_ = false;
};

}  // namespace trilbench::bench
