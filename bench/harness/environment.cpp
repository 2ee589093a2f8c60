#include "harness/environment.hpp"

#include <benchmark/benchmark.h>
#include <omp.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/build_info.hpp"
#include "harness/measured.hpp"
#include "harness/text.hpp"
#include "suite/emulation.hpp"
#include "suite/isa.hpp"

namespace trilbench::bench {
namespace {

using Setting = std::pair<const char*, const char*>;

// A region of two threads costs 0.7 microseconds while the team spins, and some 70 when it has to be woken
// (docs/method.md).
constexpr Setting own_settings[] = {
    {"OMP_WAIT_POLICY", "active"},
    {"OMP_PROC_BIND", "close"},
    {"OMP_PLACES", "cores"},
    {"OMP_DYNAMIC", "false"},
};

// A library starts threads of its own. They inherit the place of the thread that starts them: bound, all
// would share one core. And a team that spins on after it has sampled the limits takes their cores: OpenBLAS
// on two cores then took three times as long, so here the team soon sleeps (g++'s runtime and clang's ask).
constexpr Setting settings_beside_a_library[] = {
    {"OMP_WAIT_POLICY", "active"}, {"GOMP_SPINCOUNT", "10000"}, {"KMP_BLOCKTIME", "1"},
    {"OMP_PROC_BIND", "false"},    {"OMP_PLACES", "cores"},     {"OMP_DYNAMIC", "false"},
};

std::span<const Setting> openmp_settings() {
  if (measures_library()) return settings_beside_a_library;
  return own_settings;
}

std::string first_line(const char* path) {
  std::string line;
  std::ifstream file(path);
  return std::getline(file, line) ? line : "unknown";
}

std::string supported_isas() {
  std::vector<std::string_view> names;
  for (const Isa isa : {Isa::sse2, Isa::avx2, Isa::avx512, Isa::neon})
    if (why_unsupported(isa).empty()) names.push_back(name_of(isa));
  return joined(names, " ");
}

}  // namespace

void settle_openmp(char** argv) {
  bool complete = true;
  for (const auto& [name, value] : openmp_settings()) {
    complete = complete && std::getenv(name);
    setenv(name, value, 0);
  }
  if (complete || emulated()) return;
  execv("/proc/self/exe", argv);
  throw std::runtime_error(
      std::string("cannot start again with OMP_WAIT_POLICY, OMP_PROC_BIND, OMP_PLACES and "
                  "OMP_DYNAMIC set (") +
      std::strerror(errno) + "); set them yourself");
}

int hardware_threads() { return omp_get_num_procs(); }

int team_size(int threads) {
  int size = 1;
  if (threads > 1) {
#pragma omp parallel num_threads(threads)
#pragma omp single
    size = omp_get_num_threads();
  }
  return size;
}

void add_context(const Options& options) {
  const BuildInfo build;
  const auto add = [](const std::string& key, const std::string& value) {
    benchmark::AddCustomContext(key, value.empty() ? "unknown" : value);
  };
  add("trilbench_build_type", build.type);
  add("note",
      "library_build_type tells how Google Benchmark itself was built (Debian's says debug in every run); "
      "what is measured was built as trilbench_build_type says");
  add("compiler", build.compiler);
  for (const auto& [key, flags] : row_flags) add(key, flags);
  add("google_benchmark_version", build.google_benchmark);
  add("xsimd_version", build.xsimd);
  add("isa_supported", supported_isas());
  if (measures_library()) add("library", measured_library());
  add("page_size", std::to_string(sysconf(_SC_PAGESIZE)));
  add("transparent_huge_pages", first_line("/sys/kernel/mm/transparent_hugepage/enabled"));
  for (const auto& [name, value] : openmp_settings()) add(name, std::getenv(name));
  add("cache_state", options.conditions.cold ? "cold: sets of arrays take turns" : "warm");
  add("alignment", options.conditions.misaligned ? "none: whole floats only" : "64 bytes");
  add("data", options.data->data);
  add("seed", std::to_string(options.seed));
}

}  // namespace trilbench::bench
