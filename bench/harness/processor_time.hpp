// The time that processors spend on a row, to be held against the time that passes: where it is less, the row
// shared its cores with another program.
#pragma once

namespace trilbench::bench {

/// Seconds that the threads of a row have run until now: those of OpenMP's team of so many, which spin while
/// they wait; of a library, which starts threads of its own, all threads of the process.
double processor_seconds(int threads);

}  // namespace trilbench::bench
