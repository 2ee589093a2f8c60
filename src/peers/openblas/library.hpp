// OpenBLAS, loaded when it is first asked for: the suite builds without it, and the user chooses which one.
#pragma once

#include <string>

namespace trilbench::openblas {

/// The routines of the C interface to BLAS that are measured; their arguments are those of cblas.h.
struct Library {
  using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                         const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);
  using Strmm = void (*)(int order, int side, int uplo, int transpose, int diagonal, int m, int n,
                         float alpha, const float* a, int lda, float* b, int ldb);
  /// Groups of products of equal sizes: an entry of an array for each group, a matrix for each product.
  using SgemmBatch = void (*)(int order, const int* transpose_a, const int* transpose_b, const int* m,
                              const int* n, const int* k, const float* alpha, const float** a, const int* lda,
                              const float** b, const int* ldb, const float* beta, float** c, const int* ldc,
                              int groups, const int* group_sizes);

  Sgemm sgemm = nullptr;
  Strmm strmm = nullptr;
  SgemmBatch sgemm_batch = nullptr;  // older versions have none
  void (*set_num_threads)(int) = nullptr;
  bool threaded = false;    // whether it was built to use more than one thread
  std::string description;  // version, settings, file
  std::string missing;      // why there is no library; empty if there is
};

/// The file that the environment variable TRILBENCH_OPENBLAS names, else the system's library.
const Library& library();

}  // namespace trilbench::openblas
