// What a product cannot do without: both operands read once, the result written once. The reading:
// kernels/read.hpp.
//
// What is written are the bits read, joined, so that a test sees a float left out on either side. A result
// too large for the caches is written with streaming stores or without, as the rows that use this say.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/copy.hpp"
#include "kernels/parallel.hpp"
#include "kernels/read.hpp"
#include "kernels/shares.hpp"

namespace trilbench::TRILBENCH_ISA {

/// Every lane of `v` over and over.
template <Stores stores>
[[gnu::flatten]] inline void fill_floats(float* to, Lanes v, std::int64_t count) {
  constexpr int vectors = 4;
  std::int64_t i = 0;
  if constexpr (stores == Stores::streaming) {
    i = std::min(floats_to_line(to), count);
    for (std::int64_t k = 0; k < i; k += lanes)
      store_first(to + k, v, static_cast<int>(std::min<std::int64_t>(i - k, lanes)));
  }
  for (; i + vectors * lanes <= count; i += vectors * lanes)
    unroll<vectors>([&](auto n) {
      if constexpr (stores == Stores::streaming) {
        stream(to + i + n * lanes, v);
      } else {
        store(to + i + n * lanes, v);
      }
    });
  for (; i < count; i += lanes)
    store_first(to + i, v, static_cast<int>(std::min<std::int64_t>(count - i, lanes)));
}

/// Reads X and Y and fills `out`, each thread a share of all three. Each float of a share of `out` becomes
/// the exclusive or of some of the bits read; those of neighbouring lanes together are that of all.
template <Stores stores>
void read_and_fill(int threads, const float* X, std::int64_t X_count, const float* Y, std::int64_t Y_count,
                   float* out, std::int64_t out_count) {
  parallel(threads, [&](Team team) {
    team.each_part(threads, [&](int part) {
      Reader reader;
      const Share of_X = share_of_floats(X_count, part, threads);
      reader.read(X + of_X.begin, of_X.size());
      const Share of_Y = share_of_floats(Y_count, part, threads);
      reader.read(Y + of_Y.begin, of_Y.size());
      const Share of_out = share_of_floats(out_count, part, threads);
      fill_floats<stores>(out + of_out.begin, reader.seen(), of_out.size());
    });
    if constexpr (stores == Stores::streaming) stream_fence();
  });
}

}  // namespace trilbench::TRILBENCH_ISA
