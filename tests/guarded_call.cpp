// Faults of kernels: each ends one call, is told as what it was, and leaves the program as it found it.
#include "suite/verify/guarded_call.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "suite/memory.hpp"
#include "suite/registry.hpp"
#include "suite/shape.hpp"
#include "suite/verify/verify.hpp"

namespace trilbench {
std::span<const Variant> broken_variants();
}

namespace {

using namespace trilbench;

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Faults where a guard page lies.
struct Overrun {
  Memory memory = Memory(64, {.guard = Placement::Guard::after});
  volatile float* forbidden() const { return memory.as<float>() + 16; }
  void operator()() const { *forbidden() = 1; }
};

std::string told(void (*call)()) {
  const auto fault = fault_of(call);
  return fault ? description(*fault) : "";
}

bool handled(int signal) {
  struct sigaction now = {};
  sigaction(signal, nullptr, &now);
  return (now.sa_flags & SA_SIGINFO) != 0 || now.sa_handler != SIG_DFL;
}

TEST_CASE("a fault tells the address that was touched") {
  Overrun overrun;
  const auto fault = fault_of(overrun);
  REQUIRE(fault);
  CHECK(fault->forbidden_memory());
  CHECK(fault->address == const_cast<const float*>(overrun.forbidden()));
  CHECK(description(*fault) == std::string("touches memory that it may not"));
}

#if defined(__x86_64__)

TEST_CASE("what is no touch of forbidden memory is not told as one") {
  CHECK(contains(told([] {
                   alignas(16) static float room[8];
                   asm volatile("movaps %%xmm0, (%0)" : : "r"(room + 1) : "memory");
                 }),
                 "general protection fault, as an aligned load or store does"));
  CHECK(contains(told([] {
                   int dividend = 1;
                   asm volatile("cltd; idivl %1" : "+a"(dividend) : "r"(0) : "edx", "cc");
                 }),
                 "divides a whole number by zero"));
  CHECK(contains(told([] { asm volatile("ud2"); }), "an instruction that this CPU does not have"));
  CHECK(contains(told([] { asm volatile("int3"); }), "a trap"));
}

TEST_CASE("the verifier says what each faulting kernel did") {
  struct Sentence {
    std::string_view kernel, part;
  };
  for (const Sentence& expected :
       {Sentence{"misaligned_store", "fails 'bound': causes a general protection fault"},
        Sentence{"divides_by_no_pieces", "fails 'bound': divides a whole number by zero"},
        Sentence{"illegal_instruction", "fails 'bound': executes an instruction"},
        Sentence{"reads_past_the_end", "fails 'margins': touches memory beyond its buffers"},
        Sentence{"borrows_its_input", "fails 'read_only': writes to an input"}}) {
    INFO(std::string(expected.kernel));
    const Operation& operation = *operation_named("causal_mean");
    std::string message;
    for (const Variant& variant : broken_variants())
      if (variant.operation == std::string_view(operation.name) && variant.name == expected.kernel) {
        const Verdict verdict = verify(operation, variant, parse_shape(operation, "2x5x3"));
        REQUIRE(!verdict.passed());
        message = verdict.failure->message;
      }
    INFO(message);
    CHECK(contains(message, std::string(expected.part)));
  }
}

#elif defined(__aarch64__)

TEST_CASE("what is no touch of forbidden memory is not told as one") {
  CHECK(contains(told([] { asm volatile("udf #0"); }), "an instruction that this CPU does not have"));
}

#endif

TEST_CASE("what handled the signals before a guarded call handles them after it, however it ended") {
  const bool before = handled(SIGFPE);
  Overrun overrun;
  CHECK(fault_of(overrun));
  CHECK(handled(SIGFPE) == before);
  auto throws = [] { throw std::runtime_error("a library's"); };
  CHECK_THROWS_AS(fault_of(throws), std::runtime_error);
  CHECK(handled(SIGFPE) == before);
  CHECK(fault_of(overrun));
  {
    const Caller caller("the variant");  // of many calls
    for (int i = 0; i < 3; ++i) CHECK(fault_of(overrun));
    CHECK(handled(SIGFPE));
  }
  CHECK(handled(SIGFPE) == before);
}

TEST_CASE("a fault in another thread ends the program with 2 and one line that says who and what") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    const Caller outer("another variant");
    const Caller caller("the variant", "; do this");
    Overrun overrun;
    auto in_thread = [&overrun] { std::thread(std::ref(overrun)).join(); };
    static_cast<void>(fault_of(in_thread));
    _exit(0);
  }
  close(ends[1]);
  std::string line;
  char text[256];
  for (ssize_t count; (count = read(ends[0], text, sizeof text)) > 0;)
    line.append(text, static_cast<std::size_t>(count));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 2));
  CHECK(
      line ==
      "the variant: touches memory that it may not, in a team of threads, which cannot be left: the program "
      "ends; do this\n");
}

}  // namespace
