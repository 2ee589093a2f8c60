#include "peers/cblas/library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <limits>

#include "peers/peer.hpp"
#include "suite/floating_point_mode.hpp"

namespace trilbench::cblas {
namespace {

std::string path_of(void* address) {
  Dl_info info{};
  return dladdr(address, &info) != 0 && info.dli_fname ? info.dli_fname : "unknown";
}

/// Fills in what there is of the library in the file; why it is of no use, if it is of none.
std::string find_routines(const File& file, Library& library) {
  library.sgemm = file.function<Library::Sgemm>("cblas_sgemm");
  library.sgemv = file.function<Library::Sgemv>("cblas_sgemv");
  library.strmm = file.function<Library::Strmm>("cblas_strmm");
  library.sgemm_batch = file.function<Library::SgemmBatch>("cblas_sgemm_batch");
  if (!library.sgemm || !library.sgemv || !library.strmm)
    return "the library found lacks cblas_sgemm, cblas_sgemv or cblas_strmm";
  return kind.complete(file, library);
}

Library load() {
  for (const auto& [name, value] : kind.settings) setenv(name, value, 0);
  const char* chosen = std::getenv(kind.variable);
  if (chosen && !*chosen) chosen = nullptr;
  const std::uint64_t mode = floating_point_mode();
  void* handle = nullptr;
  std::string error;
  for (const char* name : chosen ? std::vector{chosen} : kind.files) {
    handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle) break;
    error = dlerror();
  }
  Library library;
  if (handle)
    library.missing = find_routines(File(handle), library);
  else if (chosen)
    library.missing = std::string(kind.variable) + " cannot be loaded: " + error;
  else
    library.missing =
        std::string("there is no ") + kind.name + "; scripts/bench --peers installs it where it can";
  const bool kept = restore_floating_point_mode(mode, 1);
  if (!library.missing.empty()) return library;
  if (!kind.settings.empty()) library.description += ',';
  for (const auto& [name, value] : kind.settings)
    library.description += ' ' + std::string(name) + '=' + std::getenv(name);
  library.description += ", " + path_of(reinterpret_cast<void*>(library.sgemm)) +
                         (kept ? "" : "; loading it changed the floating-point mode, which was put back");
  return library;
}

}  // namespace

void* File::address_of(const std::string& name) const { return dlsym(handle_, name.c_str()); }

const Library& library() {
  static const Library loaded = load();
  return loaded;
}

const char* refuses(const Problem& problem, std::int64_t longest_side) {
  if (!library().missing.empty()) return library().missing.c_str();
  if (longest_side > std::numeric_limits<int>::max()) return "this BLAS counts with 32 bits";
  if (problem.threads <= library().most_threads) return nullptr;
  return library().most_threads == 1 ? "this library has one thread only"
                                     : "this library was built for fewer threads";
}

}  // namespace trilbench::cblas

std::string trilbench::peer_library() {
  const auto& library = cblas::library();
  return library.missing.empty() ? library.description : library.missing;
}
