#include "harness/perf_counters.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "harness/build_info.hpp"

namespace trilbench::bench {
namespace {

/// Keeps the names of the counters that it is told of.
class CounterNames : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      for (const auto& [name, counter] : run.counters) names += name + ",";
  }

  std::string names = ",";
};

/// Takes what is written to std::clog, where Google Benchmark complains, for as long as it lives.
class Complaints {
 public:
  Complaints() : own_(std::clog.rdbuf(text_.rdbuf())) {}
  ~Complaints() { std::clog.rdbuf(own_); }
  Complaints(const Complaints&) = delete;
  Complaints& operator=(const Complaints&) = delete;

  /// In one line: " (Unknown counter name: CYCLE)".
  std::string text() const {
    std::string line = text_.str();
    while (line.ends_with('\n') || line.ends_with('.')) line.pop_back();
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line.empty() ? "" : " (" + line + ")";
  }

 private:
  std::ostringstream text_;
  std::streambuf* own_;
};

std::string what_the_kernel_allows() {
  std::string level;
  std::ifstream file("/proc/sys/kernel/perf_event_paranoid");
  return std::getline(file, level) ? ", or the kernel forbids it (perf_event_paranoid is " + level + ")" : "";
}

}  // namespace

std::string why_uncounted(const std::string& counters) {
  CounterNames counted;
  const Complaints complaints;
  const auto nothing = [](benchmark::State& state) {
    for (auto _ : state) benchmark::ClobberMemory();
  };
  benchmark::RegisterBenchmark("counters", nothing)->Iterations(1)->Repetitions(1);
  benchmark::RunSpecifiedBenchmarks(&counted, ".");
  benchmark::ClearRegisteredBenchmarks();
  std::istringstream list(counters);
  for (std::string counter; std::getline(list, counter, ',');)
    if (counted.names.find("," + counter + ",") == std::string::npos)
      return "--benchmark_perf_counters: '" + counter + "' is not counted" + complaints.text() +
             ": Google Benchmark " + BuildInfo().google_benchmark +
             " was built without libpfm, as Debian's is, or this CPU has no such counter" +
             what_the_kernel_allows() + "; leave the flag out, or use perf stat";
  return "";
}

}  // namespace trilbench::bench
