// The tests' entry. Threads that wait must sleep: the checks start very many short parallel regions, with
// more threads than there are cores, and spinning makes them fifty times slower. OpenMP reads its settings
// before main begins, hence the new start; under an emulator that would leave the emulated CPU for the real
// one.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "suite/cores.hpp"
#include "suite/emulation.hpp"

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
