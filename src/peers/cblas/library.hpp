// A library with the C interface to BLAS, loaded when it is first asked for: the suite builds without it, and
// the user chooses which file.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "suite/problem.hpp"

namespace trilbench::cblas {

inline constexpr int any_threads = std::numeric_limits<int>::max();

/// The routines that are measured; their arguments are those of cblas.h.
struct Library {
  using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
                         const float* a, int lda, const float* b, int ldb, float beta, float* c, int ldc);
  using Sgemv = void (*)(int order, int transpose_a, int m, int n, float alpha, const float* a, int lda,
                         const float* x, int x_step, float beta, float* y, int y_step);
  using Strmm = void (*)(int order, int side, int uplo, int transpose, int diagonal, int m, int n,
                         float alpha, const float* a, int lda, float* b, int ldb);
  /// Groups of products of equal sizes: an entry of an array for each group, a matrix for each product.
  using SgemmBatch = void (*)(int order, const int* transpose_a, const int* transpose_b, const int* m,
                              const int* n, const int* k, const float* alpha, const float** a, const int* lda,
                              const float** b, const int* ldb, const float* beta, float** c, const int* ldc,
                              int groups, const int* group_sizes);

  Sgemm sgemm = nullptr;
  Sgemv sgemv = nullptr;
  Strmm strmm = nullptr;
  SgemmBatch sgemm_batch = nullptr;  // older versions have none
  std::function<void(int)> set_num_threads;
  int most_threads = 1;     // that it can use
  std::string description;  // version, settings, file
  std::string missing;      // why there is no library; empty if there is
};

inline constexpr const char* sizes_of_64_bits =
    "the library found takes sizes of 64 bits; it must take those of 32";

/// A library's file, to look for functions in.
class File {
 public:
  explicit File(void* handle) : handle_(handle) {}

  /// The function of that name, or nullptr. The libraries of PyPI's scipy-openblas32 put a prefix before all
  /// names.
  template <class Function>
  Function function(const std::string& name) const {
    for (const char* prefix : {"", "scipy_"})
      if (void* address = address_of(prefix + name)) return reinterpret_cast<Function>(address);
    return nullptr;
  }

 private:
  void* address_of(const std::string& name) const;
  void* handle_;
};

/// What one of these libraries has of its own.
struct Kind {
  const char* name;                // as people call it
  const char* variable;            // by which the user chooses a file
  std::vector<const char*> files;  // the first of them that is there, if the user chooses none
  std::vector<std::pair<const char*, const char*>> settings;  // variables that it reads, unless the user's
  /// Looks for what is not in cblas.h: how the library is told its threads, whether it can use them, and how
  /// it describes itself. Returns why it is of no use, empty if it is of use.
  std::string (*complete)(const File&, Library&);
};

/// The one that this program measures. In src/peers/<library>/library.cpp.
extern const Kind kind;

/// The file that the user chose, else the system's.
const Library& library();

/// Why the library does not take a problem whose matrices have no longer side than this, or nullptr.
const char* refuses(const Problem& problem, std::int64_t longest_side);

// Values of cblas.h's enumerations.
inline constexpr int row_major = 101, no_transpose = 111, transpose = 112, lower = 122, non_unit = 131,
                     left = 141;

}  // namespace trilbench::cblas
