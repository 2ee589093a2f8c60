// A team of OpenMP threads. One thread never enters a parallel region: even an empty one of one
// thread costs a fifth of a microsecond (docs/method.md).
#pragma once

#include <omp.h>

namespace trilbench::TRILBENCH_ISA {

/// The thread that runs a body, among `size`. The team can be smaller than what was asked for, so work is cut
/// into parts by the number asked for, and each thread takes every size-th part: the result does not depend
/// on the team.
struct Team {
  int thread;
  int size;

  void barrier() const {
    if (size == 1) return;
#pragma omp barrier
  }

  template <class Work>
  void each_part(int parts, const Work& work) const {
    for (int part = thread; part < parts; part += size) work(part);
  }
};

/// Calls body(Team) on every thread of a team of at most `threads`, and returns when all are done.
template <class Body>
void parallel(int threads, const Body& body) {
  if (threads == 1) return body(Team{0, 1});
#pragma omp parallel num_threads(threads)
  body(Team{omp_get_thread_num(), omp_get_num_threads()});
}

}  // namespace trilbench::TRILBENCH_ISA
