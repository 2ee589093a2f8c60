// What a product of a lower triangle with a batch of matrices cannot do without: W's lower triangle read
// once, x read once, y written once. The reading: kernels/read.hpp. The writing: kernels/copy.hpp.
//
// Cost: 2 T (T + 1) bytes of W and 8 an element of x; past the caches 12 with ordinary stores.
//
// Measured on a Sapphire Rapids VM, one thread, one column, where W is all there is: a product by dot
// products, which reads sixteen rows side by side, takes 1.06 of this limit's rate at T = 8192, 0.9 to 1.03
// at 256 to 4096. Calling for what lies two rows ahead, as the copy of a triangle does, made reading 3 to 25
// % slower.
#pragma once

#include <cstdint>

#include "kernels/copy.hpp"
#include "kernels/parallel.hpp"
#include "kernels/read.hpp"
#include "kernels/shares.hpp"

namespace trilbench::TRILBENCH_ISA {

/// Rows [first, end) of W[rows, rows], each up to the diagonal.
inline void read_triangle(Reader& reader, const float* W, std::int64_t rows, std::int64_t first,
                          std::int64_t end) {
  for (std::int64_t t = first; t < end; ++t) reader.read(W + t * rows, t + 1);
}

/// Reads tril(W) and copies `count` floats of x to y, each thread a share of both.
template <Stores stores>
void move_triangle_and_copy(int threads, const float* W, std::int64_t rows, float* y, const float* x,
                            std::int64_t count) {
  parallel(threads, [&](Team team) {
    team.each_part(threads, [&](int part) {
      Reader reader;
      read_triangle(reader, W, rows, triangle_share(1, rows, 1, part, threads),
                    triangle_share(1, rows, 1, part + 1, threads));
      keep(reader.seen());
      const Share share = share_of_floats(count, part, threads);
      constexpr auto copy = stores == Stores::streaming ? stream_copy : store_copy;
      copy(y + share.begin, x + share.begin, share.size());
    });
    if constexpr (stores == Stores::streaming) stream_fence();
  });
}

}  // namespace trilbench::TRILBENCH_ISA
