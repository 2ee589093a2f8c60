// Products so small that several fill a register of out: stacks of 2x2 matrices.
//
// Idea: for each term the register takes its factors from some floats of X and some of Y by two permutations,
// which stay in registers themselves.
//
// Cost: for as many products as fill a register 2 K permutations, K fused multiply-adds and a store.
// Roundings: those of a tile (tile.hpp), in the same order.
// On Zen 4, 64x2x2@64x2x2: 38 ns, in tiles 156 (docs/lab/batched_gemm.md).
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "kernels/quotients.hpp"
#include "simd/lanes.hpp"

namespace trilbench::TRILBENCH_ISA {

class TinyProducts {
 public:
  /// Of products X[M, K] Y[K, N], those of X and of Y so many floats apart.
  TinyProducts(std::int64_t M, std::int64_t K, std::int64_t N, std::int64_t X_step, std::int64_t Y_step)
      : K_(K), size_(M * N), operands_{{X_step, M * K}, {Y_step, K * N}} {
    if (K > most_terms || 2 * size_ > lanes || lanes % size_ != 0) return;
    const std::int64_t together = lanes / size_;
    std::int64_t reach = 0;  // floats that a register of out needs of X or Y
    for (const int i : {0, 1}) {
      Operand& operand = operands_[i];
      reach = std::max(reach, (together - 1) * operand.step + operand.size);
      operand.next = together * operand.step;
      for (std::int64_t k = 0; k < K; ++k)
        for (int lane = 0; lane < lanes; ++lane) {
          const std::int64_t row = lane % size_ / N, column = lane % N;
          const std::int64_t place = lane / size_ * operand.step + (i == 0 ? row * K + k : k * N + column);
          lane_of_[k][i][lane] = static_cast<std::int32_t>(place);
        }
    }
    sources_ = static_cast<int>(quotient_above(reach, lanes));
  }

  /// Whether the products are such.
  bool taken() const { return 0 < sources_ && sources_ <= most_permuted; }

  /// Multiplies `count` of them.
  template <int most = most_permuted>
  void run(const float* X, const float* Y, float* out, std::int64_t count) const {
    if constexpr (most > 0)
      with_constant<most>(sources_, [&](auto sources) {
        with_constant<most_terms>(K_, [&](auto terms) { multiply<sources, terms>(X, Y, out, count); });
      });
  }

 private:
  static constexpr int most_terms = 4;

  struct Operand {
    std::int64_t step, size;
    std::int64_t next = 0;  // floats from those of a register of out to those of the next
  };

  template <int sources, int K>
  [[gnu::flatten]] void multiply(const float* X, const float* Y, float* out, std::int64_t count) const {
    Permutation lane_of[K][2];
    unroll<K>([&](auto k) { unroll<2>([&](auto i) { lane_of[k][i] = load_permutation(lane_of_[k][i]); }); });
    const float* from[2] = {X, Y};
    std::int64_t left[2], of_out = count * size_;  // floats
    unroll<2>([&](auto i) { left[i] = (count - 1) * operands_[i].step + operands_[i].size; });
    const auto product = [&](auto whole) {
      Lanes source[2][sources];
      unroll<2>([&](auto i) {
        unroll<sources>([&](auto s) {
          constexpr int begin = s * lanes;
          const auto there = static_cast<int>(std::clamp<std::int64_t>(left[i] - begin, 0, lanes));
          source[i][s] = whole ? load(from[i] + begin) : load_first(from[i] + begin, there);
        });
        from[i] += operands_[i].next;
        left[i] -= operands_[i].next;
      });
      Lanes sum(0.0f);
      unroll<K>([&](auto k) {
        sum = fma(permuted(source[0], lane_of[k][0]), permuted(source[1], lane_of[k][1]), sum);
      });
      return sum;
    };
    constexpr int reach = sources * lanes;
    for (; of_out >= lanes && left[0] >= reach && left[1] >= reach; of_out -= lanes, out += lanes)
      store(out, product(std::true_type()));
    for (; of_out > 0; of_out -= lanes, out += lanes)
      store_first(out, product(std::false_type()), static_cast<int>(std::min<std::int64_t>(of_out, lanes)));
  }

  std::int64_t K_, size_;  // of a product in out
  Operand operands_[2];    // X and Y
  int sources_ = 0;        // registers among whose lanes the factors are
  std::int32_t lane_of_[most_terms][2][lanes];
};

}  // namespace trilbench::TRILBENCH_ISA
