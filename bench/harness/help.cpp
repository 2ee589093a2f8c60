#include "harness/help.hpp"

#include <string_view>

#include "harness/text.hpp"
#include "suite/shape.hpp"

namespace trilbench::bench {

namespace {

/// A line for each kind of data.
std::string data_lines(const Operation& operation) {
  std::string lines;
  for (const std::string_view name : data_names)
    for (const Fill& fill : operation.fills)
      if (fill.data && fill.data == name)
        lines += "                        " + std::string(name) + std::string(10 - name.size(), ' ') +
                 fill.name + "\n";
  return lines;
}

}  // namespace

std::string help_text(const Subject& subject, const Operation& operation) {
  const std::string name(subject.operation);
  return name + ": " + operation.formula + "\n" +
         "Verifies every way to compute it, then times it.\n"
         "\n"
         "  --shapes=LIST       " +
         axes_text(operation) +
         ", separated by commas, or the name of a set (default quick)\n"
         "                        quick  " +
         joined(subject.quick, ",") +
         "\n"
         "                        full   these and more; --shapes=full --list shows them\n" +
         (subject.odd.empty() ? ""
                              : "                        odd    many small ones that no tile divides\n") +
         "  --threads=LIST      numbers of OpenMP threads (default 1)\n"
         "  --only=LIST         these implementations (default all)\n"
         "  --isa=LIST          these instruction sets (default all)\n"
         "  --data=NAME         the inputs that are timed (default normal)\n" +
         data_lines(operation) +
         "  --seed=N            of the inputs (default 1337)\n"
         "  --max-call=SECONDS  skip a row if one call is predicted to take longer (default 2)\n"
         "  --iterations=FILE   time the rows that the file names, a line each with the number of calls, and "
         "nothing\n"
         "                        beside them: no limits, no full verification (scripts/compare does that "
         "once)\n"
         "  --cold              each call works on arrays that have left the caches: as many sets take turns "
         "as\n"
         "                        fill the last-level cache twice\n"
         "  --misalign          no array begins on the boundary of a vector\n"
         "  --list[=json]       list the rows, what they cost and why some are skipped; run nothing\n"
         "  --help[=benchmark]  this text, or Google Benchmark's flags, which work here too:\n"
         "                      --benchmark_filter=REGEX, --benchmark_out=FILE, --benchmark_repetitions=N, "
         "...\n"
         "                      or variables: BENCHMARK_FILTER=REGEX\n"
         "\n"
         "A value may follow its flag after '=' or as the next argument.\n"
         "Exit codes: 0 fine, 1 wrong use or not enough memory, 2 a row failed verification, 5 nothing "
         "matched.\n"
         "\n"
         "Unless they are set, OMP_WAIT_POLICY=active, OMP_DYNAMIC=false, OMP_PROC_BIND=false, "
         "OMP_PLACES=cores: "
         "the\n"
         "system places the threads, so that two programs do not share a core while another is idle. "
         "OMP_PROC_BIND=close\n"
         "binds them to the first cores, one each; taskset chooses which.\n";
}

}  // namespace trilbench::bench
