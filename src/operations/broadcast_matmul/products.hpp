// Which matrices meet in a product of two tensors, as NumPy's `@` pairs them: the last two dimensions are the
// matrices, the ones before are broadcast, aligned at their ends.
#pragma once

#include <algorithm>
#include <cstdint>

#include "suite/problem.hpp"

namespace trilbench {

/// The products of a problem, in the output's order. Dimensions that continue each other in both operands are
/// one here, and where one Y meets matrices X that lie side by side, these are one of more rows. So there are
/// few dimensions, and the innermost is as long as it can be.
class Products {
 public:
  static constexpr int most_dimensions = max_dimensions - 2;

  /// How far apart matrices lie in X and in Y, in floats: 0 where the tensor is broadcast.
  struct Steps {
    std::int64_t X, Y;
  };

  /// One of the products, and how far its matrices lie from those of the first.
  struct Cursor {
    std::int64_t product = 0;
    Steps offset = {0, 0};
    std::int64_t at[most_dimensions] = {};
  };

  std::int64_t M, K, N;                           // each: X[M, K] Y[K, N]
  std::int64_t X_elements, Y_elements, elements;  // of all of X, of Y and of the output

  explicit Products(const Problem& problem) {
    const std::int64_t* const X = problem.sizes;
    const std::int64_t* const Y = problem.sizes + max_dimensions;
    M = X[most_dimensions];
    K = X[most_dimensions + 1];
    N = Y[most_dimensions + 1];
    X_elements = M * K;
    Y_elements = K * N;
    for (int i = most_dimensions - 1; i >= 0; --i) {
      const std::int64_t of_X = std::max<std::int64_t>(X[i], 1), of_Y = std::max<std::int64_t>(Y[i], 1);
      add_dimension(std::max(of_X, of_Y), {of_X == 1 ? 0 : X_elements, of_Y == 1 ? 0 : Y_elements});
      X_elements *= of_X;
      Y_elements *= of_Y;
    }
    elements = count_ * M * N;
  }

  std::int64_t count() const { return count_; }

  /// Of the innermost dimension.
  Steps steps() const { return dimensions_[0].steps; }

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
      // As an odometer counts: a dimension that has come to its end goes back, and the one outside it on.
      for (int i = 0; i + 1 < used_ && cursor.at[i] == dimensions_[i].size; ++i) {
        cursor.offset.X += dimensions_[i + 1].steps.X - cursor.at[i] * dimensions_[i].steps.X;
        cursor.offset.Y += dimensions_[i + 1].steps.Y - cursor.at[i] * dimensions_[i].steps.Y;
        cursor.at[i] = 0;
        ++cursor.at[i + 1];
      }
    }
  }

  /// Calls multiply(x, y, out) with the matrices of each product.
  template <class Multiply>
  void each(const float* const* inputs, float* out, const Multiply& multiply) const {
    each_run({}, count_, [&](const Cursor& cursor, std::int64_t count) {
      const float* x = inputs[0] + cursor.offset.X;
      const float* y = inputs[1] + cursor.offset.Y;
      for (std::int64_t i = 0; i < count; ++i, x += steps().X, y += steps().Y, out += M * N)
        multiply(x, y, out);
    });
  }

 private:
  struct Dimension {
    std::int64_t size;
    Steps steps;
  };

  /// The next one outwards.
  void add_dimension(std::int64_t size, Steps steps) {
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

  Dimension dimensions_[most_dimensions] = {{1, {0, 0}}};  // from the innermost on
  int used_ = 1;
  std::int64_t count_ = 1;
};

}  // namespace trilbench
