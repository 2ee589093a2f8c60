// Quantities as people read them.
#pragma once

#include <string>

namespace trilbench::bench {

/// "65 ns", "1.2 ms", "3.1 s"
std::string seconds_text(double seconds);

/// "512 B", "16.8 MB"; decimal
std::string bytes_text(double bytes);

/// "2.1 M", "134 G"; decimal
std::string count_text(double count);

}  // namespace trilbench::bench
