#include "suite/verify/compare.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <random>

#include "suite/verify/error_bound.hpp"

namespace trilbench {
namespace {

// References are made for this many elements at a time: 64 MiB of doubles.
constexpr std::int64_t chunk_elements = std::int64_t{1} << 22;

}  // namespace

double roundings_allowed(const Operation& operation, const Implementation& row, const Problem& problem,
                         std::int64_t output_row, const Fill* data) {
  double least = operation.roundings(problem, output_row);
  if (row.roundings) least = std::min(least, row.roundings(problem, output_row));
  if (data && data->roundings) least = std::min(least, data->roundings(problem, output_row));
  return least;
}

Worst compare(const Operation& operation, const Implementation& row, const Problem& problem,
              const float* const* inputs, const float* output, std::span<const std::int64_t> rows,
              const Fill* data) {
  const std::int64_t columns = operation.columns(problem);
  const auto rows_at_once = static_cast<std::size_t>(std::max<std::int64_t>(1, chunk_elements / columns));
  std::vector<double> value, magnitude;
  Worst worst;
  if (!rows.empty()) worst.row = rows[0];
  for (std::size_t first = 0; first < rows.size(); first += rows_at_once) {
    const auto chunk = rows.subspan(first, std::min(rows_at_once, rows.size() - first));
    value.resize(chunk.size() * columns);
    magnitude.resize(chunk.size() * columns);
    operation.reference(problem, inputs, chunk, value.data(), magnitude.data());
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      const double growth = error_growth(roundings_allowed(operation, row, problem, chunk[i], data));
      const double underflow = operation.underflow(problem, chunk[i]);
      const bool bits = data && data->exact && data->exact(problem, chunk[i]);
      for (std::int64_t c = 0; c < columns; ++c) {
        const std::size_t at = i * columns + c;
        const float got = output[chunk[i] * columns + c];
        double ratio = error_over_bound(got, value[at], magnitude[at], growth, underflow);
        if (bits &&
            std::bit_cast<std::uint32_t>(got) != std::bit_cast<std::uint32_t>(static_cast<float>(value[at])))
          ratio = std::numeric_limits<double>::infinity();
        if (ratio > worst.error_over_bound) worst = {ratio, chunk[i], c, got, value[at]};
      }
    }
  }
  return worst;
}

std::vector<std::int64_t> sample_rows(const Operation& operation, const Problem& problem, std::int64_t count,
                                      std::uint32_t seed) {
  const std::int64_t all = operation.rows(problem);
  std::vector<std::int64_t> rows;
  if (count >= all) {
    rows.resize(all);
    for (std::int64_t r = 0; r < all; ++r) rows[r] = r;
    return rows;
  }
  std::mt19937_64 engine(seed);
  rows = {0, all - 1};
  while (static_cast<std::int64_t>(rows.size()) < count)
    rows.push_back(static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(all)));
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

}  // namespace trilbench
