// What a library makes ready for a problem, and keeps from call to call.
#pragma once

#include <optional>

#include "suite/problem.hpp"

namespace trilbench {

/// The one session of a routine, made for the last problem that it was asked for, out of what is said of it.
template <class Session, auto described>
Session& session_for(const Problem& problem) {
  static std::optional<Problem> of;
  static std::optional<Session> session;
  if (of != problem) {
    of.reset();  // there is none if making the next fails
    session.emplace(described(problem), problem.threads);
    of = problem;
  }
  return *session;
}

}  // namespace trilbench
