// Calls of kernels that may fault: a fault ends the call and is told, and the program goes on.
#pragma once

#include <optional>
#include <string>

namespace trilbench {

/// What a signal said of an instruction that could not be executed.
struct Fault {
  int signal;
  int code;             // what kind of it: siginfo_t's
  const void* address;  // that was touched, if the memory there is what forbade it

  /// Whether `address` was touched and may not be.
  bool forbidden_memory() const;
};

/// What the call did, in a few words: "divides a whole number by zero, ...".
const char* description(const Fault& fault);

/// Calls `function(argument)`. Returns its fault, if there was one. What the call had begun stays as it was,
/// so it must hold no locks and own no objects. A team of threads cannot be left behind: a fault in one of
/// them ends the program with exit code 2, and a line that says who and what. One call at a time.
std::optional<Fault> fault_of(void (*function)(void*), void* argument);

/// The same for any callable.
template <class Function>
std::optional<Fault> fault_of(Function& function) {
  return fault_of([](void* self) { (*static_cast<Function*>(self))(); }, &function);
}

/// While it lives, the line that ends the program says whose call it was, and what its reader may do: nothing
/// else than the caller before it advised, if there is one. And calls find their handlers of signals in
/// place, and need not put them there: ten system calls each.
class Caller {
 public:
  explicit Caller(std::string who, std::string advice = "");
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  const char* who() const { return who_.c_str(); }
  const char* advice() const { return advice_.c_str(); }

 private:
  std::string who_, advice_;
  const Caller* before_;
};

}  // namespace trilbench
