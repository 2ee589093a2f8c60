#include "suite/guarded_call.hpp"

#include <csetjmp>
#include <csignal>

namespace trilbench {
namespace {

thread_local sigjmp_buf return_point;
thread_local volatile bool in_guarded_call = false;

void on_fault(int signal) {
  if (in_guarded_call) siglongjmp(return_point, 1);
  // Not ours: the instruction runs again when the handler returns, and now ends the program.
  std::signal(signal, SIG_DFL);
}

}  // namespace

bool call_guarded(void (*function)(void*), void* argument) {
  struct sigaction ours = {};
  struct sigaction before_segv = {};
  struct sigaction before_bus = {};
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
