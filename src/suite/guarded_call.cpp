#include "suite/guarded_call.hpp"

#include <omp.h>

#include <csetjmp>
#include <csignal>

namespace trilbench {
namespace {

thread_local sigjmp_buf return_point;
thread_local volatile bool in_guarded_call = false;

// What handled the signals before us.
struct sigaction before_segv;
struct sigaction before_bus;

void on_fault(int signal) {
  // Out of a parallel region there is no jump: its team would wait for ever.
  if (in_guarded_call && !omp_in_parallel()) siglongjmp(return_point, 1);
  // Not ours: the instruction runs again when this returns, and meets whoever was there before.
  sigaction(signal, signal == SIGSEGV ? &before_segv : &before_bus, nullptr);
}

}  // namespace

bool call_guarded(void (*function)(void*), void* argument) {
  struct sigaction ours = {};
  ours.sa_handler = on_fault;
  sigaction(SIGSEGV, &ours, &before_segv);
  sigaction(SIGBUS, &ours, &before_bus);
  const bool whole = sigsetjmp(return_point, 1) == 0;
  if (whole) {
    in_guarded_call = true;
    function(argument);
  }
  in_guarded_call = false;
  sigaction(SIGSEGV, &before_segv, nullptr);
  sigaction(SIGBUS, &before_bus, nullptr);
  return whole;
}

}  // namespace trilbench
