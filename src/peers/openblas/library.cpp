#include <cstdlib>
#include <cstring>

#include "peers/cblas/library.hpp"

namespace trilbench::cblas {
namespace {

std::string complete(const File& file, Library& library) {
  library.set_num_threads = file.function<void (*)(int)>("openblas_set_num_threads");
  const auto parallel = file.function<int (*)()>("openblas_get_parallel");
  const auto config = file.function<const char* (*)()>("openblas_get_config");
  if (!library.set_num_threads || !parallel || !config)
    return "the library found lacks functions of OpenBLAS's own";
  // It takes no more than it was built for, and does not say so.
  const char* const most = std::strstr(config(), "MAX_THREADS=");
  if (parallel() != 0)
    library.most_threads = most ? std::atoi(most + std::strlen("MAX_THREADS=")) : any_threads;
  library.description = config();
  return std::strstr(config(), "USE64BITINT") ? sizes_of_64_bits : "";
}

}  // namespace

// Its threads spin for 2^20 cycles after a call, about half a millisecond, instead of 2^26: long enough for
// the next call, and not so long that they take the cores from what is measured after it.
const Kind kind = {
    .name = "OpenBLAS",
    .variable = "TRILBENCH_OPENBLAS",
    .files = {"libopenblas.so.0", "libopenblas.so", "libscipy_openblas.so"},
    .settings = {{"OPENBLAS_THREAD_TIMEOUT", "20"}},
    .complete = complete,
};

}  // namespace trilbench::cblas
