// What a process may use of the machine, from invented /proc and /sys: a limit that is not seen ends in a
// killed program, or in threads that wait for each other; a cache that is not, in kernels planned for
// another.
#include "suite/machine/process.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace trilbench;

/// A folder that stands for "/", with the files of a machine.
class Root {
 public:
  using Files = std::initializer_list<std::pair<const char*, const char*>>;

  explicit Root(Files files) {
    static int number = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("trilbench-root-" + std::to_string(getpid()) + "-" + std::to_string(++number));
    for (const auto& [name, text] : files) {
      std::filesystem::create_directories((path_ / name).parent_path());
      std::ofstream(path_ / name) << text;
    }
  }
  ~Root() { std::filesystem::remove_all(path_); }
  Root(const Root&) = delete;
  Root& operator=(const Root&) = delete;

  GroupLimits limits() const { return group_limits(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

constexpr const char* version2_mount =
    "25 20 0:22 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
constexpr const char* version1_mounts =
    "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:3 - cgroup cgroup rw,cpu,cpuacct\n"
    "33 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:4 - cgroup cgroup rw,memory\n"
    "34 31 0:33 / /sys/fs/cgroup/systemd rw,relatime shared:5 - cgroup cgroup rw,name=systemd\n";

TEST_CASE("a machine without control groups, or without limits, is unlimited") {
  CHECK(std::isinf(Root({}).limits().cores));
  CHECK(std::isinf(Root({}).limits().memory));
  const Root root({{"proc/self/mountinfo", version2_mount},
                   {"proc/self/cgroup", "0::/user.slice\n"},
                   {"sys/fs/cgroup/user.slice/cpu.max", "max 100000\n"},
                   {"sys/fs/cgroup/user.slice/memory.max", "max\n"},
                   {"sys/fs/cgroup/user.slice/memory.high", "max\n"},
                   {"sys/fs/cgroup/user.slice/memory.current", "4096\n"}});
  CHECK(std::isinf(root.limits().cores));
  CHECK(std::isinf(root.limits().memory));
}

TEST_CASE("version 2: the limits of the own group count") {
  const Root root({{"proc/self/mountinfo", version2_mount},
                   {"proc/self/cgroup", "0::/a\n"},
                   {"sys/fs/cgroup/a/cpu.max", "150000 100000\n"},
                   {"sys/fs/cgroup/a/memory.max", "1000000\n"},
                   {"sys/fs/cgroup/a/memory.current", "400000\n"}});
  CHECK(root.limits().cores == 1.5);
  CHECK(root.limits().memory == 600000);
}

TEST_CASE("version 2: every group around the own one counts, and memory.high too") {
  const Root root({{"proc/self/mountinfo", version2_mount},
                   {"proc/self/cgroup", "0::/a/b/c\n"},
                   {"sys/fs/cgroup/a/cpu.max", "200000 100000\n"},
                   {"sys/fs/cgroup/a/memory.high", "900000\n"},
                   {"sys/fs/cgroup/a/memory.max", "max\n"},
                   {"sys/fs/cgroup/a/memory.current", "800000\n"},
                   {"sys/fs/cgroup/a/b/cpu.max", "50000 100000\n"},
                   {"sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n"},
                   {"sys/fs/cgroup/a/b/c/memory.max", "1000000\n"},
                   {"sys/fs/cgroup/a/b/c/memory.current", "4096\n"},
                   {"sys/fs/cgroup/other/cpu.max", "1000 100000\n"},
                   {"sys/fs/cgroup/other/memory.max", "1\n"},
                   {"sys/fs/cgroup/other/memory.current", "1\n"}});
  CHECK(root.limits().cores == 0.5);
  CHECK(root.limits().memory == 100000);
}

TEST_CASE("pages of files can be had again; a group beyond its limit has nothing left") {
  const Root cached(
      {{"proc/self/mountinfo", version2_mount},
       {"proc/self/cgroup", "0::/a\n"},
       {"sys/fs/cgroup/a/memory.max", "1000000\n"},
       {"sys/fs/cgroup/a/memory.current", "900000\n"},
       {"sys/fs/cgroup/a/memory.stat", "anon 200000\ninactive_file 500000\nactive_file 200000\n"}});
  CHECK(cached.limits().memory == 800000);
  const Root beyond({{"proc/self/mountinfo", version2_mount},
                     {"proc/self/cgroup", "0::/a\n"},
                     {"sys/fs/cgroup/a/memory.high", "1000000\n"},
                     {"sys/fs/cgroup/a/memory.current", "1200000\n"}});
  CHECK(beyond.limits().memory == 0);
}

TEST_CASE("version 1: each controller has its own hierarchy, and -1 is no quota") {
  const Root root(
      {{"proc/self/mountinfo", version1_mounts},
       {"proc/self/cgroup", "9:name=systemd:/x\n4:memory:/batch/job\n1:cpu,cpuacct:/batch/job\n0::/\n"},
       {"sys/fs/cgroup/cpu,cpuacct/batch/cpu.cfs_quota_us", "300000\n"},
       {"sys/fs/cgroup/cpu,cpuacct/batch/cpu.cfs_period_us", "100000\n"},
       {"sys/fs/cgroup/cpu,cpuacct/batch/job/cpu.cfs_quota_us", "-1\n"},
       {"sys/fs/cgroup/cpu,cpuacct/batch/job/cpu.cfs_period_us", "100000\n"},
       {"sys/fs/cgroup/memory/batch/memory.limit_in_bytes", "2000000\n"},
       {"sys/fs/cgroup/memory/batch/memory.usage_in_bytes", "500000\n"},
       {"sys/fs/cgroup/memory/batch/memory.stat", "total_inactive_file 100000\ntotal_active_file 0\n"},
       {"sys/fs/cgroup/memory/batch/job/memory.limit_in_bytes", "9223372036854771712\n"},
       {"sys/fs/cgroup/memory/batch/job/memory.usage_in_bytes", "4096\n"}});
  CHECK(root.limits().cores == 3);
  CHECK(root.limits().memory == 1600000);
}

TEST_CASE("version 1: limits of groups that a container does not see stand in its own memory.stat") {
  const Root root({{"proc/self/mountinfo",
                    "33 31 0:32 /batch/job /sys/fs/cgroup/memory ro,relatime - cgroup cgroup rw,memory\n"},
                   {"proc/self/cgroup", "4:memory:/batch/job\n"},
                   {"sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"},
                   {"sys/fs/cgroup/memory/memory.usage_in_bytes", "1000\n"},
                   {"sys/fs/cgroup/memory/memory.stat", "hierarchical_memory_limit 5000\n"}});
  CHECK(root.limits().memory == 4000);
}

TEST_CASE("hybrid: controllers of version 1 beside an empty hierarchy of version 2") {
  const Root root({{"proc/self/mountinfo", (std::string(version1_mounts) +
                                            "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
                                               .c_str()},
                   {"proc/self/cgroup", "4:memory:/job\n1:cpu,cpuacct:/\n0::/job\n"},
                   {"sys/fs/cgroup/unified/job/cgroup.procs", "1\n"},
                   {"sys/fs/cgroup/memory/job/memory.limit_in_bytes", "1000\n"},
                   {"sys/fs/cgroup/memory/job/memory.usage_in_bytes", "100\n"}});
  CHECK(std::isinf(root.limits().cores));
  CHECK(root.limits().memory == 900);
}

// Docker's, with the host's path and only the own group mounted; Kubernetes', in a namespace of their own;
// and such as were entered from outside.
TEST_CASE("a container's own group is what it sees at the mount, whatever path it is told") {
  struct Case {
    const char* mounted;
    const char* told;
  };
  for (const Case& each : {Case{"/docker/12ab", "/docker/12ab"}, Case{"/", "/"}, Case{"/", "/docker/12ab"},
                           Case{"/", "/../.."}, Case{"/../..", "/"}, Case{"/docker/12ab", "/"}}) {
    CAPTURE(each.mounted);
    CAPTURE(each.told);
    const std::string two =
        "25 20 0:22 " + std::string(each.mounted) + " /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
    const Root version2({{"proc/self/mountinfo", two.c_str()},
                         {"proc/self/cgroup", ("0::" + std::string(each.told) + "\n").c_str()},
                         {"sys/fs/cgroup/cpu.max", "200000 100000\n"},
                         {"sys/fs/cgroup/memory.max", "1000000\n"},
                         {"sys/fs/cgroup/memory.current", "400000\n"}});
    CHECK(version2.limits().cores == 2);
    CHECK(version2.limits().memory == 600000);
    const std::string one =
        "33 31 0:32 " + std::string(each.mounted) + " /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n";
    const Root version1({{"proc/self/mountinfo", one.c_str()},
                         {"proc/self/cgroup", ("1:cpu:" + std::string(each.told) + "\n").c_str()},
                         {"sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n"},
                         {"sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}});
    CHECK(version1.limits().cores == 0.5);
  }
}

TEST_CASE("names of groups may hold blanks and colons") {
  const Root root(
      {{"proc/self/mountinfo", "25 20 0:22 /my\\040jobs /sys/fs/my\\040groups rw - cgroup2 cgroup2 rw\n"},
       {"proc/self/cgroup", "0::/my jobs/a:b c\n"},
       {"sys/fs/my groups/a:b c/cpu.max", "100000 100000\n"}});
  CHECK(root.limits().cores == 1);
}

TEST_CASE("damaged files limit nothing") {
  const Root root(
      {{"proc/self/mountinfo", "25 20\n\ncgroup2 - cgroup2\n25 20 0:22 / /sys/fs/cgroup rw - cgroup2\n"},
       {"proc/self/cgroup", "nonsense\n0:\n0::/a\n"},
       {"sys/fs/cgroup/a/cpu.max", "100 0\n"}});
  CHECK(std::isinf(root.limits().cores));
  const Root without_period({{"proc/self/mountinfo", version2_mount},
                             {"proc/self/cgroup", "0::/a\n"},
                             {"sys/fs/cgroup/a/cpu.max", "100000\n"}});
  CHECK(std::isinf(without_period.limits().cores));
}

TEST_CASE("available memory is the least of what the machine, the groups and ulimit leave") {
  CHECK(available_memory() > 1e6);
  CHECK(available_memory() < 1e15);
  const Root roomy({{"proc/meminfo", "MemTotal: 3000 kB\nMemAvailable:   2000 kB\n"}});
  CHECK(available_memory(roomy.path()) == 2000 * 1024);
  const Root tight({{"proc/meminfo", "MemAvailable:   2000 kB\n"},
                    {"proc/self/mountinfo", version2_mount},
                    {"proc/self/cgroup", "0::/a\n"},
                    {"sys/fs/cgroup/a/memory.max", "5000\n"},
                    {"sys/fs/cgroup/a/memory.current", "1000\n"}});
  CHECK(available_memory(tight.path()) == 4000);
}

/// The files of the first CPU's caches, as Linux numbers them.
Root root_with_caches() {
  return Root({{"sys/devices/system/cpu/cpu0/cache/index0/level", "1\n"},
               {"sys/devices/system/cpu/cpu0/cache/index0/type", "Data\n"},
               {"sys/devices/system/cpu/cpu0/cache/index0/size", "48K\n"},
               {"sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_list", "0,16\n"},
               {"sys/devices/system/cpu/cpu0/cache/index1/level", "1\n"},
               {"sys/devices/system/cpu/cpu0/cache/index1/type", "Instruction\n"},
               {"sys/devices/system/cpu/cpu0/cache/index1/size", "32K\n"},
               {"sys/devices/system/cpu/cpu0/cache/index2/level", "2\n"},
               {"sys/devices/system/cpu/cpu0/cache/index2/type", "Unified\n"},
               {"sys/devices/system/cpu/cpu0/cache/index2/size", "2M\n"},
               {"sys/devices/system/cpu/cpu0/cache/index3/level", "3\n"},
               {"sys/devices/system/cpu/cpu0/cache/index3/type", "Unified\n"},
               {"sys/devices/system/cpu/cpu0/cache/index3/size", "32768K\n"},
               {"sys/devices/system/cpu/cpu0/cache/index3/shared_cpu_list", "0-7,16-23\n"}});
}

TEST_CASE("caches: those for data, their sizes and who shares them") {
  const Root root = root_with_caches();
  const std::vector<Cache> found = data_caches(root.path(), 0);
  REQUIRE(found.size() == 3);
  CHECK(found[0].level == 1);
  CHECK(found[0].bytes == 48 << 10);
  CHECK(found[0].shared_by == 2);
  CHECK(found[1].bytes == 2 << 20);
  CHECK(found[1].shared_by == 0);
  CHECK(found[2].bytes == 32 << 20);
  CHECK(found[2].shared_by == 16);
}

TEST_CASE("caches: of the last level a process has the part of the CPUs that it may use, of the others all") {
  const Root root = root_with_caches();
  const Machine part = machine_of(data_caches(root.path(), 0), 4);
  CHECK(part.L1 == 48 << 10);
  CHECK(part.L2 == 2 << 20);
  CHECK(part.last_level == 8 << 20);
  CHECK(part.whole_last_level == 32 << 20);
  CHECK(machine_of(data_caches(root.path(), 0), 64).last_level == 32 << 20);
  CHECK(machine_of(data_caches(root.path(), 0), 0.5).last_level == 1 << 20);  // a quota
}

TEST_CASE("caches: without a third level the second is the last; what is unknown is 0") {
  const Machine small = machine_of({{1, 1000, 1}, {2, 9000, 4}}, 1);
  CHECK(small.L2 == 9000);
  CHECK(small.last_level == 2250);
  CHECK(machine_of({}, 4).L1 == 0);
  CHECK(machine_of({}, 4).last_level == 0);
  CHECK(&this_machine() == &this_machine());
}

}  // namespace
