// The few matrix operations that the notebooks use, written plainly, and tables as the notebooks print them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <initializer_list>
#include <limits>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace notebooks {

struct Matrix {
  std::size_t rows;
  std::size_t columns;
  std::vector<float> values;  // row by row

  Matrix(std::size_t row_count, std::size_t column_count, std::vector<float> all)
      : rows(row_count), columns(column_count), values(std::move(all)) {}
  Matrix(std::size_t row_count, std::size_t column_count, float value)
      : Matrix(row_count, column_count, std::vector<float>(row_count * column_count, value)) {}
  Matrix(std::initializer_list<std::initializer_list<float>> table)
      : Matrix(table.size(), table.begin()->size(), std::vector<float>()) {
    for (const auto& row : table) values.insert(values.end(), row);
  }

  float& operator()(std::size_t r, std::size_t c) { return values[r * columns + c]; }
  float operator()(std::size_t r, std::size_t c) const { return values[r * columns + c]; }
  bool operator==(const Matrix&) const = default;
};

/// torch.ones(n, n)
inline Matrix ones(std::size_t n) { return Matrix(n, n, 1.0f); }

/// torch.eye(n)
inline Matrix identity(std::size_t n) {
  Matrix result(n, n, 0.0f);
  for (std::size_t i = 0; i < n; ++i) result(i, i) = 1.0f;
  return result;
}

/// torch.tril(m)
inline Matrix tril(Matrix m) {
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = r + 1; c < m.columns; ++c) m(r, c) = 0.0f;
  return m;
}

/// torch.sum(m, 1, keepdim=True)
inline Matrix row_sums(const Matrix& m) {
  Matrix sums(m.rows, 1, 0.0f);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) sums(r, 0) += m(r, c);
  return sums;
}

/// m / torch.sum(m, 1, keepdim=True)
inline Matrix rows_averaged(Matrix m) {
  const Matrix sums = row_sums(m);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) m(r, c) /= sums(r, 0);
  return m;
}

/// m.masked_fill(tril == 0, float('-inf'))
inline Matrix future_masked(Matrix m) {
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = r + 1; c < m.columns; ++c) m(r, c) = -std::numeric_limits<float>::infinity();
  return m;
}

/// F.softmax(m, dim=-1)
inline Matrix softmax(Matrix m) {
  for (std::size_t r = 0; r < m.rows; ++r) {
    float largest = m(r, 0);
    for (std::size_t c = 1; c < m.columns; ++c) largest = std::max(largest, m(r, c));
    for (std::size_t c = 0; c < m.columns; ++c) m(r, c) = std::exp(m(r, c) - largest);
  }
  return rows_averaged(std::move(m));
}

/// a @ b
inline Matrix product(const Matrix& a, const Matrix& b) {
  Matrix result(a.rows, b.columns, 0.0f);
  for (std::size_t r = 0; r < a.rows; ++r)
    for (std::size_t k = 0; k < a.columns; ++k)
      for (std::size_t c = 0; c < b.columns; ++c) result(r, c) += a(r, k) * b(k, c);
  return result;
}

/// A number with four decimals, as the notebooks show it.
inline std::string with_four_decimals(float value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", static_cast<double>(value));
  return text;
}

/// A whole number as the notebooks show it, "14."; anything else with all its digits.
inline std::string as_whole_number(float value) {
  char text[64];
  const bool whole = std::isinf(value) || value == std::trunc(value);
  std::snprintf(text, sizeof text, whole ? "%.0f" : "%.9g", static_cast<double>(value));
  return whole && std::isfinite(value) ? std::string(text) + "." : text;
}

/// A table in the form of notebook_tables.hpp: an empty line, then a line a row, columns aligned.
inline std::string table(const Matrix& m, std::string (*number)(float)) {
  std::vector<std::string> words;
  std::size_t width = 0;
  for (const float value : m.values) width = std::max(width, words.emplace_back(number(value)).size());
  std::string text = "\n";
  for (std::size_t i = 0; i < words.size(); ++i) {
    text.append(width - words[i].size(), ' ');
    text += words[i];
    text += (i + 1) % m.columns == 0 ? '\n' : ' ';
  }
  return text;
}

/// So that a failed comparison shows its matrices.
inline std::ostream& operator<<(std::ostream& out, const Matrix& m) {
  return out << table(m, as_whole_number);
}

}  // namespace notebooks
