// Intel's MKL through libmkl_rt, which loads the rest of itself by the variables below, as its manual advises
// for programs of g++'s OpenMP: that runtime's threads, and as many of them as it is told.
#include "peers/cblas/library.hpp"

#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <cstring>

namespace trilbench::cblas {
namespace {

/// Of MKL's files that are loaded, the one with the kernels that it chose for this CPU: libmkl_avx512.so.3,
/// or libmkl_def.so.3 on those of other makers than Intel. It is loaded by the first call.
int find_kernels(dl_phdr_info* info, std::size_t, void* found) {
  const char* const slash = std::strrchr(info->dlpi_name, '/');
  const std::string file = slash ? slash + 1 : info->dlpi_name;
  if (!file.starts_with("libmkl_")) return 0;
  for (const char* const other : {"rt", "core", "gnu_", "intel_", "tbb_", "sequential", "gf_", "vml_"})
    if (file.starts_with("libmkl_" + std::string(other))) return 0;
  *static_cast<std::string*>(found) = file;
  return 1;
}

std::string complete(const File& file, Library& library) {
  const auto set_num_threads = file.function<void (*)(int)>("MKL_Set_Num_Threads");
  const auto max_threads = file.function<int (*)()>("MKL_Get_Max_Threads");
  const auto version = file.function<void (*)(char*, int)>("MKL_Get_Version_String");
  if (!set_num_threads || !max_threads || !version) return "the library found lacks functions of MKL's own";
  const std::string interface = std::getenv("MKL_INTERFACE_LAYER");
  if (interface.find("ILP64") != interface.npos) return sizes_of_64_bits;
  library.set_num_threads = set_num_threads;
  set_num_threads(2);
  library.most_threads = max_threads() > 1 ? any_threads : 1;
  char text[200] = "";
  version(text, sizeof text - 1);
  library.description = text;
  library.description.erase(library.description.find_last_not_of(' ') + 1);
  const float one = 1;
  float product;
  library.sgemm(101, 111, 111, 1, 1, 1, 1.0f, &one, 1, &one, 1, 0.0f, &product, 1);
  std::string kernels;
  dl_iterate_phdr(find_kernels, &kernels);
  if (!kernels.empty()) library.description += ", kernels of " + kernels;
  return "";
}

}  // namespace

const Kind kind = {
    .name = "MKL",
    .variable = "TRILBENCH_MKL",
    .files = {"libmkl_rt.so.3", "libmkl_rt.so.2", "libmkl_rt.so"},
    .settings = {{"MKL_INTERFACE_LAYER", "LP64"}, {"MKL_THREADING_LAYER", "GNU"}, {"MKL_DYNAMIC", "FALSE"}},
    .complete = complete,
};

}  // namespace trilbench::cblas
