#include "suite/verify/guarded_call.hpp"

#include <omp.h>
#include <unistd.h>

#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <utility>

namespace trilbench {
namespace {

constexpr int failed_verification = 2;

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
struct sigaction handled_before[std::size(signals)];

// Of the thread that makes the call.
thread_local sigjmp_buf return_point;
thread_local volatile bool calling = false;
thread_local volatile Fault fault_seen;

// Read by whatever thread faults.
std::atomic<bool> call_under_way = false;
std::atomic<bool> ending = false;
std::atomic<const Caller*> caller = nullptr;

void print(const char* text) {
  // Nothing can be done about an error here.
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, std::strlen(text));
}

/// In a signal's handler: with nothing but what is allowed there.
[[noreturn]] void end_program(const Fault& fault) {
  if (ending.exchange(true))
    while (true) pause();  // another thread of the team came first
  const Caller* const known = caller;
  print(known ? known->who() : "a kernel");
  print(": ");
  print(description(fault));
  print(", in a team of threads, which cannot be left: the program ends");
  print(known ? known->advice() : "");
  print("\n");
  _exit(failed_verification);
}

void on_fault(int signal, siginfo_t* information, void*) {
  const Fault fault{signal, information->si_code, information->si_addr};
  const bool in_team = omp_in_parallel() || !calling;
  if (call_under_way && in_team) end_program(fault);
  if (calling) {
    fault_seen.signal = fault.signal;
    fault_seen.code = fault.code;
    fault_seen.address = fault.address;
    siglongjmp(return_point, 1);
  }
  // Not ours: the instruction runs again when this returns, and meets whoever was there before.
  for (std::size_t i = 0; i < std::size(signals); ++i)
    if (signals[i] == signal) sigaction(signal, &handled_before[i], nullptr);
}

int handlers = 0;

void handle_signals() {
  if (handlers++ > 0) return;
  struct sigaction ours = {};
  ours.sa_sigaction = on_fault;
  ours.sa_flags = SA_SIGINFO;
  for (std::size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &ours, &handled_before[i]);
}

void leave_signals() {
  if (--handlers > 0) return;
  for (std::size_t i = 0; i < std::size(signals); ++i) sigaction(signals[i], &handled_before[i], nullptr);
}

/// While it lives, a call is under way.
struct Call {
  Call() {
    handle_signals();
    calling = call_under_way = true;
  }
  ~Call() {
    calling = call_under_way = false;
    leave_signals();
  }
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
};

}  // namespace

bool Fault::forbidden_memory() const {
  return signal == SIGSEGV && (code == SEGV_MAPERR || code == SEGV_ACCERR);
}

const char* description(const Fault& fault) {
  switch (fault.signal) {
    case SIGFPE:
      return fault.code == FPE_INTDIV ? "divides a whole number by zero, or the least one by -1"
                                      : "raises a floating-point exception";
    case SIGILL:
      return "executes an instruction that this CPU does not have, or a trap";
    case SIGTRAP:
      return "executes a trap";
    case SIGBUS:
      return fault.code == BUS_ADRALN
                 ? "loads or stores at an address that is not aligned as the instruction wants it"
                 : "touches memory that is not there";
    default:
      return fault.forbidden_memory() ? "touches memory that it may not"
                                      : "causes a general protection fault, as an aligned load or store does "
                                        "where nothing is aligned";
  }
}

std::optional<Fault> fault_of(void (*function)(void*), void* argument) {
  const Call call;  // which a library's exception ends too
  if (sigsetjmp(return_point, 0) == 0) {
    function(argument);
    return std::nullopt;
  }
  // The signal's handler was left without an end, so the signal is still held back. (sigsetjmp could see to
  // that, at the price of a system call before every call.)
  sigset_t seen;
  sigemptyset(&seen);
  sigaddset(&seen, fault_seen.signal);
  pthread_sigmask(SIG_UNBLOCK, &seen, nullptr);
  return Fault{fault_seen.signal, fault_seen.code, fault_seen.address};
}

Caller::Caller(std::string who, std::string advice)
    : who_(std::move(who)), advice_(std::move(advice)), before_(caller.exchange(this)) {
  if (advice_.empty() && before_) advice_ = before_->advice_;
  handle_signals();
}

Caller::~Caller() {
  leave_signals();
  caller = before_;
}

}  // namespace trilbench
