#include "peers/openblas/library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "peers/peer.hpp"
#include "suite/floating_point_mode.hpp"

namespace trilbench::openblas {
namespace {

/// The function of that name, or nullptr. The libraries of PyPI's scipy-openblas32 put a prefix before all
/// names.
template <class Function>
Function function(void* file, const std::string& name) {
  for (const char* prefix : {"", "scipy_"})
    if (void* address = dlsym(file, (prefix + name).c_str())) return reinterpret_cast<Function>(address);
  return nullptr;
}

std::string path_of(void* address) {
  Dl_info info{};
  return dladdr(address, &info) != 0 && info.dli_fname ? info.dli_fname : "unknown";
}

Library load() {
  const char* chosen = std::getenv("TRILBENCH_OPENBLAS");
  if (chosen && !*chosen) chosen = nullptr;
  // Its threads spin for 2^20 cycles after a call, about half a millisecond, instead of 2^26: long enough for
  // the next call, and not so long that they take the cores from what is measured after it.
  setenv("OPENBLAS_THREAD_TIMEOUT", "20", 0);
  std::vector<const char*> names{"libopenblas.so.0", "libopenblas.so", "libscipy_openblas.so"};
  if (chosen) names = {chosen};
  const std::uint64_t mode = floating_point_mode();
  void* file = nullptr;
  std::string error;
  for (const char* name : names) {
    file = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (file) break;
    error = dlerror();
  }
  const bool kept = restore_floating_point_mode(mode, 1);
  Library library;
  if (!file) {
    library.missing = chosen ? "TRILBENCH_OPENBLAS cannot be loaded: " + error
                             : "there is no OpenBLAS; scripts/bench --peers installs it";
    return library;
  }
  library.sgemm = function<Library::Sgemm>(file, "cblas_sgemm");
  library.strmm = function<Library::Strmm>(file, "cblas_strmm");
  library.sgemm_batch = function<Library::SgemmBatch>(file, "cblas_sgemm_batch");
  library.set_num_threads = function<void (*)(int)>(file, "openblas_set_num_threads");
  const auto parallel = function<int (*)()>(file, "openblas_get_parallel");
  const auto config = function<char* (*)()>(file, "openblas_get_config");
  if (!library.sgemm || !library.strmm || !library.set_num_threads || !parallel || !config) {
    library.missing = "the library found lacks cblas_sgemm, cblas_strmm or functions of OpenBLAS's own";
    return library;
  }
  library.threaded = parallel() != 0;
  library.description = std::string(config()) + ", " + path_of(reinterpret_cast<void*>(library.sgemm)) +
                        (kept ? "" : "; loading it changed the floating-point mode, which was put back");
  if (std::strstr(config(), "USE64BITINT"))
    library.missing = "the library found takes sizes of 64 bits; it must take those of 32";
  return library;
}

}  // namespace

const Library& library() {
  static const Library loaded = load();
  return loaded;
}

}  // namespace trilbench::openblas

std::string trilbench::peer_library() {
  const auto& library = openblas::library();
  return library.missing.empty() ? library.description : library.missing;
}
