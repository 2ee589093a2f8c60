// A batch of products X[M, K] Y[K, N]: how they follow each other in X and in Y.
#pragma once

#include <algorithm>
#include <cstdint>

namespace trilbench::TRILBENCH_ISA {

/// How far apart the matrices of neighbouring products lie: 0 where an operand is broadcast.
struct ProductSteps {
  std::int64_t X, Y;
};

/// Products begin as one; dimensions are added from the innermost on. Those that continue each other in both
/// operands become one, and where one Y meets matrices X that lie side by side, these become one of more
/// rows. So the innermost is as long as it can be, and there are few.
class ProductBatch {
 public:
  static constexpr int most_dimensions = 4;

  /// One of the products, and how far its operands lie from those of the first.
  struct Cursor {
    std::int64_t product = 0;
    ProductSteps offset = {0, 0};
    std::int64_t at[most_dimensions] = {};
  };

  std::int64_t M, K, N;

  ProductBatch(std::int64_t rows, std::int64_t terms, std::int64_t columns) : M(rows), K(terms), N(columns) {}

  void add_dimension(std::int64_t size, ProductSteps steps) {
    if (size == 1) return;
    if (count_ == 1 && steps.Y == 0 && steps.X == M * K) {
      M *= size;
      return;
    }
    count_ *= size;
    if (Dimension& last = dimensions_[used_ - 1];
        steps.X == last.steps.X * last.size && steps.Y == last.steps.Y * last.size) {
      last.size *= size;
    } else if (last.size == 1) {
      last = {size, steps};
    } else {
      dimensions_[used_++] = {size, steps};
    }
  }

  std::int64_t count() const { return count_; }

  /// Of the innermost dimension.
  ProductSteps steps() const { return dimensions_[0].steps; }

  Cursor cursor(std::int64_t product) const {
    Cursor cursor{.product = product};
    for (int i = 0; i < used_; ++i) {
      cursor.at[i] = product % dimensions_[i].size;
      product /= dimensions_[i].size;
      cursor.offset.X += cursor.at[i] * dimensions_[i].steps.X;
      cursor.offset.Y += cursor.at[i] * dimensions_[i].steps.Y;
    }
    return cursor;
  }

  /// Calls body(cursor, count) for the products from `cursor` up to `end`, in order: `count` of them that lie
  /// steps() apart.
  template <class Body>
  void each_run(Cursor cursor, std::int64_t end, const Body& body) const {
    const Dimension inner = dimensions_[0];
    while (cursor.product < end) {
      const std::int64_t count = std::min(inner.size - cursor.at[0], end - cursor.product);
      body(cursor, count);
      cursor.product += count;
      cursor.at[0] += count;
      cursor.offset.X += count * inner.steps.X;
      cursor.offset.Y += count * inner.steps.Y;
      for (int i = 0; i + 1 < used_ && cursor.at[i] == dimensions_[i].size; ++i) {
        cursor.offset.X += dimensions_[i + 1].steps.X - cursor.at[i] * dimensions_[i].steps.X;
        cursor.offset.Y += dimensions_[i + 1].steps.Y - cursor.at[i] * dimensions_[i].steps.Y;
        cursor.at[i] = 0;
        ++cursor.at[i + 1];
      }
    }
  }

 private:
  struct Dimension {
    std::int64_t size;
    ProductSteps steps;
  };
  Dimension dimensions_[most_dimensions] = {{1, {0, 0}}};
  int used_ = 1;
  std::int64_t count_ = 1;
};

}  // namespace trilbench::TRILBENCH_ISA
