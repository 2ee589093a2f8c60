#include "harness/environment.hpp"

#include <benchmark/benchmark.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/build_info.hpp"
#include "harness/run.hpp"
#include "harness/text.hpp"
#include "suite/machine/process.hpp"
#include "suite/registry.hpp"

namespace trilbench::bench {
namespace {

using Settings = std::vector<std::pair<const char*, const char*>>;

// A region of two threads costs 0.7 microseconds while the team spins, and some 70 when it has to be woken
// (docs/method.md). Unless the user binds threads, the system places them: two programs that bind theirs by
// the same rule would share the first cores while others are idle.
Settings own_settings() {
  Settings settings{{"OMP_WAIT_POLICY", "active"}, {"OMP_DYNAMIC", "false"}};
  for (const char* const by_runtime : {"GOMP_CPU_AFFINITY", "KMP_AFFINITY"})
    if (std::getenv(by_runtime)) return settings;  // which OMP_PROC_BIND and OMP_PLACES would set aside
  settings.push_back({"OMP_PROC_BIND", std::getenv("OMP_PLACES") ? "close" : "false"});
  settings.push_back({"OMP_PLACES", "cores"});
  return settings;
}

// A library starts threads of its own. They inherit the place of the thread that starts them: bound, all
// would share one core. And a team that spins on after it has sampled the limits takes their cores: OpenBLAS
// on two cores then took three times as long, so here the team soon sleeps (g++'s runtime and clang's ask).
Settings settings_beside_a_library() {
  return {{"OMP_WAIT_POLICY", "active"}, {"GOMP_SPINCOUNT", "10000"}, {"KMP_BLOCKTIME", "1"},
          {"OMP_PROC_BIND", "false"},    {"OMP_PLACES", "cores"},     {"OMP_DYNAMIC", "false"}};
}

Settings set_among(std::initializer_list<const char*> names) {
  Settings set;
  for (const char* const name : names)
    if (const char* const value = std::getenv(name)) set.push_back({name, value});
  return set;
}

constexpr const char* huge_pages = "/sys/kernel/mm/transparent_hugepage/enabled";

std::string first_line(const char* path) {
  std::string line;
  std::ifstream file(path);
  return std::getline(file, line) ? line : "unknown";
}

/// The instruction sets that kernels in lanes are compiled for.
std::vector<Isa> lane_sets() {
  std::vector<Isa> sets;
  for (const Variant& variant : variants())
    if (variant.isa && *variant.isa != Isa::scalar && !isa_text(variant).starts_with("auto-") &&
        std::ranges::find(sets, *variant.isa) == sets.end())
      sets.push_back(*variant.isa);
  std::ranges::sort(sets);
  return sets;
}

std::string supported_isas() {
  std::vector<std::string_view> names;
  for (const Isa isa : lane_sets())
    if (why_unsupported(isa).empty()) names.push_back(name_of(isa));
  return joined(names, " ");
}

std::string quota_text() {
  const double quota = group_limits().cores;
  return std::isfinite(quota) ? formatted("%.4g", quota) : "none";
}

}  // namespace

void settle_openmp(char** argv) {
  bool complete = true;
  for (const auto& [name, value] : measures_library() ? settings_beside_a_library() : own_settings()) {
    complete = complete && std::getenv(name);
    setenv(name, value, 0);
  }
  if (complete || emulated()) return;
  allow_cpus(allowed_cpus());  // not only the one that OpenMP may have bound this thread to already
  execv("/proc/self/exe", argv);
  const std::string why = std::strerror(errno);
  throw std::runtime_error(
      "cannot start again with OMP_WAIT_POLICY, OMP_PROC_BIND, OMP_PLACES and OMP_DYNAMIC set (" + why +
      "); set them yourself");
}

void require_team(int threads) {
  if (threads == 1) {
    omp_pause_resource_all(omp_pause_soft);
    return;
  }
  int size = 1;
#pragma omp parallel num_threads(threads)
#pragma omp single
  size = omp_get_num_threads();
  if (size == threads) return;
  std::string set;
  for (const auto& [name, value] :
       set_among({"OMP_THREAD_LIMIT", "OMP_DYNAMIC", "KMP_ALL_THREADS", "KMP_DEVICE_THREAD_LIMIT"}))
    if (std::string_view(value) != "false")
      set += (set.empty() ? " (" : ", ") + std::string(name) + "=" + value;
  throw std::runtime_error("OpenMP gives a team of " + std::to_string(size) + " where " +
                           std::to_string(threads) + " threads were asked for" +
                           (set.empty() ? "" : set + " is set)") +
                           ": allow it more, or ask for fewer by --threads");
}

std::string why_threads_wait(int threads) {
  if (threads <= group_limits().cores) return "";
  const std::string quota = quota_text();
  return std::to_string(threads) + (threads == 1 ? " thread" : " threads") + " for " + quota +
         (quota == "1" ? " core" : " cores") +
         ", which is this container's quota: they wait for each other, and their times "
         "mean little; raise the quota" +
         (threads == 1 ? "" : ", or ask for fewer by --threads");
}

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(std::min(line.find(':') + 2, line.size()));
  return "";
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
  for (const auto& [key, flags] : variant_flags) add(key, flags);
  add("google_benchmark_version", build.google_benchmark);
  add("xsimd_version", build.xsimd);
  add("isa_supported", supported_isas());
  if (measures_library()) add("library", measured_library());
  add("page_size", std::to_string(sysconf(_SC_PAGESIZE)));
  add("transparent_huge_pages", first_line(huge_pages));
  for (const auto& [name, value] :
       set_among({"OMP_WAIT_POLICY", "OMP_PROC_BIND", "OMP_PLACES", "OMP_DYNAMIC", "GOMP_SPINCOUNT",
                  "KMP_BLOCKTIME", "GOMP_CPU_AFFINITY", "KMP_AFFINITY", "OMP_THREAD_LIMIT"}))
    add(name, value);
  add("cores_allowed", std::to_string(allowed_threads()));
  add("cores_quota", quota_text());
  add("cache_state", options.conditions.cold ? "cold: sets of arrays take turns" : "warm");
  add("alignment", options.conditions.misaligned ? "none: whole floats only" : "64 bytes");
  add("data", options.data->data);
  add("seed", std::to_string(options.seed));
}

std::string machine_json() {
  JsonFields isas;
  for (const Isa isa : lane_sets()) isas.push_back({name_of(isa), json_text(why_unsupported(isa))});
  std::string caches;
  for (const Cache& cache : own_caches())
    caches += (caches.empty() ? "" : ", ") + json_object({{"level", std::to_string(cache.level)},
                                                          {"bytes", std::to_string(cache.bytes)},
                                                          {"shared_by", std::to_string(cache.shared_by)}});
  const Machine& machine = this_machine();
  return json_object({{"cpu", json_text(cpu_name())},
                      {"isa", json_object(isas)},
                      {"caches", "[" + caches + "]"},
                      {"L1", std::to_string(machine.L1)},
                      {"L2", std::to_string(machine.L2)},
                      {"last_level", std::to_string(machine.last_level)},
                      {"whole_last_level", std::to_string(machine.whole_last_level)},
                      {"cores_allowed", std::to_string(allowed_threads())},
                      {"cores_quota", json_number(group_limits().cores)},
                      {"memory_available", json_number(available_memory())},
                      {"page_size", std::to_string(sysconf(_SC_PAGESIZE))},
                      {"transparent_huge_pages", json_text(first_line(huge_pages))},
                      {"emulated", emulated() ? "true" : "false"}}) +
         "\n";
}

}  // namespace trilbench::bench
