#include "suite/verify/compare.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <random>
#include <set>

namespace trilbench {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

double error_growth(double roundings) {
  const double lost = roundings * unit_roundoff;
  return lost < 1 ? roundings / (1 - lost) : infinity;
}

double error_over_bound(Element y, double reference, double magnitude, double growth, double underflow) {
  const double value = y;
  if (std::isnan(reference)) return std::isnan(value) ? 0 : infinity;
  if (std::isinf(reference)) return value == reference ? 0 : infinity;
  const double error = std::abs(value - reference);
  if (error == 0) return 0;
  const double bound = unit_roundoff * (std::abs(reference) + growth * magnitude) + underflow;
  // Written so that a NaN in y or in the bound fails.
  const double ratio = error / bound;
  return ratio >= 0 ? ratio : infinity;
}

Reference make_reference(const Operation& operation, const Problem& problem, const Element* const* inputs,
                         std::span<const std::int64_t> rows) {
  const auto begin = std::chrono::steady_clock::now();
  const auto elements = rows.size() * static_cast<std::size_t>(operation.columns(problem));
  Reference reference{std::vector<double>(elements), std::vector<double>(elements)};
  operation.reference(problem, inputs, rows, reference.value.data(), reference.magnitude.data());
  reference.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return reference;
}

Worst compare(const Operation& operation, const Variant& variant, const Problem& problem,
              const Reference& reference, const Element* output, std::span<const std::int64_t> rows,
              const Fill* data) {
  if (variant.is_library()) data = nullptr;
  const std::int64_t columns = operation.columns(problem);
  Worst worst;
  if (!rows.empty()) worst.row = rows[0];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double allowed = roundings(operation, variant, problem, rows[i]);
    if (data && data->roundings) allowed = std::min(allowed, data->roundings(problem, rows[i]));
    const double growth = error_growth(allowed);
    const double underflow = operation.underflow(problem, rows[i]);
    const bool exact = data && data->exact && data->exact(problem, rows[i]);
    for (std::int64_t c = 0; c < columns; ++c) {
      const std::size_t at = i * columns + c;
      const double value = reference.value[at];
      const Element got = output[rows[i] * columns + c];
      double ratio = error_over_bound(got, value, reference.magnitude[at], growth, underflow);
      if (exact && bits_of(got) != bits_of(static_cast<Element>(value))) ratio = infinity;
      if (ratio > worst.error_over_bound) worst = {ratio, rows[i], c, got, value};
    }
  }
  return worst;
}

Worst compare(const Operation& operation, const Variant& variant, const Problem& problem,
              const Element* const* inputs, const Element* output, std::span<const std::int64_t> rows,
              const Fill* data) {
  const std::int64_t columns = operation.columns(problem);
  const auto rows_at_once =
      static_cast<std::size_t>(std::max<std::int64_t>(1, most_elements_at_once / columns));
  Worst worst;
  for (std::size_t first = 0; first < rows.size(); first += rows_at_once) {
    const auto chunk = rows.subspan(first, std::min(rows_at_once, rows.size() - first));
    const Worst found = compare(operation, variant, problem,
                                make_reference(operation, problem, inputs, chunk), output, chunk, data);
    if (first == 0 || found.error_over_bound > worst.error_over_bound) worst = found;
  }
  return worst;
}

bool is_right(const Variant& variant, const Worst& worst) {
  return worst.error_over_bound <= (variant.is_library() ? std::numeric_limits<double>::max() : 1);
}

std::string text_of(const Worst& worst, const Fill& fill, const std::string& circumstances) {
  char ratio[40], place[160];
  std::snprintf(ratio, sizeof ratio, "error_over_bound %.3g on ", worst.error_over_bound);
  std::snprintf(place, sizeof place, " at row %lld column %lld: expected %s%.9g, got %.9g",
                static_cast<long long>(worst.row), static_cast<long long>(worst.column),
                fill.exact ? "exactly " : "", worst.expected, double{worst.got});
  return ratio + (fill.name + circumstances) + place;
}

std::vector<std::int64_t> sample_rows(const Operation& operation, const Problem& problem, std::int64_t count,
                                      std::uint32_t seed) {
  const std::int64_t all = operation.rows(problem);
  std::vector<std::int64_t> rows;
  if (count >= all) {
    rows.resize(all);
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
  }
  std::mt19937_64 engine(seed);
  std::set<std::int64_t> drawn{0, all - 1};
  while (std::ssize(drawn) < count)
    drawn.insert(static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(all)));
  return {drawn.begin(), drawn.end()};
}

}  // namespace trilbench
