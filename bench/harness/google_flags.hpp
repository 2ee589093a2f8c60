// Google Benchmark's flags: which this version has, what they take, and the variables that set them too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trilbench::bench {

/// Its variables that are set, as the flags that they stand for: BENCHMARK_FILTER=x is --benchmark_filter=x.
/// It reads them itself, but what it does not understand there it leaves without effect.
std::vector<std::string> flags_from_variables();

/// Why it would not do what "--benchmark_flag=value" asks for, in one line; empty if it would, or does not
/// know the flag at all.
std::string why_not_taken(std::string_view flag, std::string_view value);

/// " (BENCHMARK_FILTER is set)" if the variable of the flag holds the value, for the end of a message.
std::string from_variable(std::string_view flag, std::string_view value);

/// As it reads the value of a flag that is true or false; nothing is true.
bool is_true(std::string_view value);

/// The form of --benchmark_min_time that this version wants: from 1.8 on "0.1s", before "0.1".
std::string min_time_as_wanted(std::string_view value);

}  // namespace trilbench::bench
