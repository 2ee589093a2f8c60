// The C interface to BLAS, slow and plain, with the own functions of OpenBLAS, of MKL and of BLIS, so that
// the programs that measure these are tested where there are none: tests/test_peers.py compiles it, and with
// a macro defined it has the fault of that name.
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

[[maybe_unused]] void turn_on_flush_to_zero() {
#if defined(__x86_64__)
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8000);
#elif defined(__aarch64__)
  asm volatile("msr fpcr, %0" : : "r"(1ul << 24));
#endif
}

#ifdef SIZES_OF_64_BITS
constexpr bool sizes_of_64_bits = true;
#else
constexpr bool sizes_of_64_bits = false;
#endif

#ifdef ONE_THREAD
constexpr int most_threads = 1;
#else
constexpr int most_threads = 2;
#endif

void require(bool asked_as_expected) {
  if (!asked_as_expected) std::abort();
}

}  // namespace

#ifdef CHANGES_THE_MODE
// As libraries do that were linked with -ffast-math.
__attribute__((constructor)) void on_load() { turn_on_flush_to_zero(); }
#endif

extern "C" {

#ifndef NONE_OF_THEM
const char* openblas_get_config() {
  return sizes_of_64_bits ? "OpenBLAS stand-in USE64BITINT" : "OpenBLAS stand-in";
}
int openblas_get_parallel() { return most_threads > 1; }
void openblas_set_num_threads(int) {}

int MKL_Get_Max_Threads() { return most_threads; }
void MKL_Get_Version_String(char* text, int length) { std::strncpy(text, "MKL stand-in   ", length); }
void MKL_Set_Num_Threads(int) {}

int bli_arch_query_id() { return 0; }
const char* bli_arch_string(int) { return "nothing"; }
long bli_info_get_blas_int_type_size() { return sizes_of_64_bits ? 64 : 32; }
long bli_info_get_enable_openmp() { return most_threads > 1; }
long bli_info_get_enable_pthreads() { return 0; }
const char* bli_info_get_version_str() { return "stand-in"; }
void bli_thread_set_num_threads(long) {}
#endif

// Row by row from the last, so that the rows above are still x; row-major, left, lower, as it is, any
// diagonal.
void cblas_strmm(int order, int side, int uplo, int transpose, int diagonal, int m, int n, float alpha,
                 const float* a, int lda, float* b, int ldb) {
  require(order == 101 && side == 141 && uplo == 122 && transpose == 111 && diagonal == 131 && alpha == 1);
  std::vector<float> row(n);
  for (int i = m - 1; i >= 0; --i) {
    row.assign(n, 0);
#ifdef UPPER_TRIANGLE
    for (int k = i; k < m; ++k)
#else
    for (int k = 0; k <= i; ++k)
#endif
      for (int j = 0; j < n; ++j) row[j] += a[i * lda + k] * b[k * ldb + j];
    for (int j = 0; j < n; ++j) b[i * ldb + j] = row[j];
  }
}

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                 const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc) {
  require(order == 101 && transpose_a == 111 && (transpose_b == 111 || transpose_b == 112) && beta == 0);
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < n; ++j) {
      float sum = 0;
      for (int l = 0; l < k; ++l)
        sum += a[i * lda + l] * (transpose_b == 111 ? b[l * ldb + j] : b[j * ldb + l]);
      c[i * ldc + j] = alpha * sum;
    }
}

void cblas_sgemv(int order, int transpose_a, int m, int n, float alpha, const float* a, int lda,
                 const float* x, int x_step, float beta, float* y, int y_step) {
  require(order == 101 && (transpose_a == 111 || transpose_a == 112) && x_step == 1 && y_step == 1 &&
          beta == 0);
  const bool transposed = transpose_a == 112;
  for (int i = 0; i < (transposed ? n : m); ++i) {
    float sum = 0;
    for (int l = 0; l < (transposed ? m : n); ++l)
      sum += (transposed ? a[l * lda + i] : a[i * lda + l]) * x[l];
    y[i] = alpha * sum;
  }
}

#ifndef WITHOUT_BATCHES
void cblas_sgemm_batch(int order, const int* transpose_a, const int* transpose_b, const int* m, const int* n,
                       const int* k, const float* alpha, const float** a, const int* lda, const float** b,
                       const int* ldb, const float* beta, float** c, const int* ldc, int groups,
                       const int* group_sizes) {
  require(groups == 1);
  for (int i = 0; i < *group_sizes; ++i)
    cblas_sgemm(order, *transpose_a, *transpose_b, *m, *n, *k, *alpha, a[i], *lda, b[i], *ldb, *beta, c[i],
                *ldc);
}
#endif

}  // extern "C"
