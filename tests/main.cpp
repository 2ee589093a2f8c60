// The tests' entry. Threads that wait must sleep: the checks start very many short parallel regions, with
// more threads than there are cores, and spinning makes them fifty times slower. OpenMP reads its settings
// before main begins, hence the new start; under an emulator that would leave the emulated CPU for the real
// one.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "suite/machine/process.hpp"

#if defined(__has_feature)
#  if __has_feature(thread_sanitizer)
// The OpenMP runtime is compiled without the sanitizer; it tells of its own synchronisation through
// libarcher.
extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_options() { return "ignore_noninstrumented_modules=1"; }
#  endif
#endif

int main(int argc, char** argv) {
  if (!std::getenv("OMP_WAIT_POLICY") && !trilbench::emulated()) {
    trilbench::allow_cpus(trilbench::allowed_cpus());  // OpenMP may have bound this thread to one of them
    setenv("OMP_WAIT_POLICY", "passive", 1);
    execv("/proc/self/exe", argv);
    std::perror("cannot start again with OMP_WAIT_POLICY=passive");
    return 1;
  }
  return doctest::Context(argc, argv).run();
}
