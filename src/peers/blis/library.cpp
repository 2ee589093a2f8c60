#include "peers/cblas/library.hpp"

namespace trilbench::cblas {
namespace {

// BLIS's own functions take and return sizes of 64 bits.
std::string complete(const File& file, Library& library) {
  using Ask = long (*)();
  const auto set_num_threads = file.function<void (*)(long)>("bli_thread_set_num_threads");
  const auto version = file.function<const char* (*)()>("bli_info_get_version_str");
  const auto by_openmp = file.function<Ask>("bli_info_get_enable_openmp");
  const auto by_pthreads = file.function<Ask>("bli_info_get_enable_pthreads");
  const auto bits = file.function<Ask>("bli_info_get_blas_int_type_size");
  const auto chosen = file.function<int (*)()>("bli_arch_query_id");
  const auto name_of = file.function<const char* (*)(int)>("bli_arch_string");
  if (!set_num_threads || !version || !by_openmp || !by_pthreads || !bits || !chosen || !name_of)
    return "the library found lacks functions of BLIS's own";
  library.set_num_threads = set_num_threads;
  library.most_threads = by_openmp() != 0 || by_pthreads() != 0 ? any_threads : 1;
  library.description = std::string("BLIS ") + version() + ", kernels of " + name_of(chosen());
  return bits() == 64 ? sizes_of_64_bits : "";
}

}  // namespace

const Kind kind = {
    .name = "BLIS",
    .variable = "TRILBENCH_BLIS",
    .files = {"libblis.so.4", "libblis.so"},
    .settings = {},
    .complete = complete,
};

}  // namespace trilbench::cblas
