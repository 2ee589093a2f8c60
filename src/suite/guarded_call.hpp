// Calls that may touch memory they must not: a fault ends the call, not the program.
#pragma once

namespace trilbench {

/// Calls `function(argument)` and returns true, or false if it met a page that it may not read or write. What
/// the call had begun stays as it was, so it must hold no locks and own no objects. Only faults of the
/// calling thread outside parallel regions are caught; any other ends the program as usual. One call at a
/// time.
bool call_guarded(void (*function)(void*), void* argument);

/// The same for any callable.
template <class Function>
bool call_guarded(Function& function) {
  return call_guarded([](void* self) { (*static_cast<Function*>(self))(); }, &function);
}

}  // namespace trilbench
