// The text of --help.
#pragma once

#include <string>

#include "harness/run.hpp"
#include "suite/operation.hpp"

namespace trilbench::bench {

std::string help_text(const Subject& subject, const Operation& operation);

}  // namespace trilbench::bench
