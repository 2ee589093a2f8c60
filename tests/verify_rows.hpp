// Every way that was compiled in, and the same kernels with odd tunings, through every check. Each operation
// has a file ways_of_<operation>.cpp, or shares one with its like, with problems chosen to find its seams:
// the ends of vectors, tiles, blocks and threads' shares.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suite/verify/verify.hpp"

/// Verifies every way to compute the operation, each in a subcase, on the problems that do not take it more
/// than `most_flops` a call. Rows that this CPU cannot run are named.
void verify_rows(const std::string& test_case, std::string_view operation,
                 const std::vector<trilbench::Problem>& problems, double most_flops,
                 trilbench::CheckSet checks = trilbench::CheckSet::all());
