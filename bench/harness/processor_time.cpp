#include "harness/processor_time.hpp"

#include <ctime>

#include "harness/measured.hpp"

namespace trilbench::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

double processor_seconds(int threads) {
  if (measures_library()) return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  if (threads == 1) return seconds_of(CLOCK_THREAD_CPUTIME_ID);
  double sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
  sum += seconds_of(CLOCK_THREAD_CPUTIME_ID);
  return sum;
}

}  // namespace trilbench::bench
