// An output against its float64 reference, element by element: |y - y*| <= u |y*| + g u M + h is the one
// measure of right and wrong, derived in docs/numerics.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "suite/element.hpp"
#include "suite/operation.hpp"
#include "suite/variant.hpp"

namespace trilbench {

/// g: how n roundings, each at most u, can add up: n / (1 - n u). Infinity once n u reaches 1.
double error_growth(double roundings);

/// |y - y*| over its bound. 0/0 is 0. A NaN or infinity where y* is not the same gives infinity, and the
/// other way round; what y* has, y must have.
double error_over_bound(Element y, double reference, double magnitude, double growth, double underflow);

/// The element that fits its bound worst.
struct Worst {
  double error_over_bound = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;
  Element got = 0;
  double expected = 0;
};

/// References are made for this many elements at a time: 64 MiB of doubles.
inline constexpr std::int64_t most_elements_at_once = std::int64_t{1} << 22;

/// Rows of the reference, each of as many columns as the output has.
struct Reference {
  std::vector<double> value, magnitude;
  double seconds = 0;  // that making it took
};

Reference make_reference(const Operation& operation, const Problem& problem, const Element* const* inputs,
                         std::span<const std::int64_t> rows);

/// Compares the given output rows with the float64 reference. `data` names the fill that the inputs came
/// from, which may promise fewer roundings, or the rounded reference's bits (a difference there counts as an
/// infinite error). The bound is the least that operation, implementation and data promise; libraries have
/// promised nothing, and owe what the operation asks.
Worst compare(const Operation& operation, const Variant& variant, const Problem& problem,
              const Element* const* inputs, const Element* output, std::span<const std::int64_t> rows,
              const Fill* data = nullptr);

/// The same, with the reference of those rows.
Worst compare(const Operation& operation, const Variant& variant, const Problem& problem,
              const Reference& reference, const Element* output, std::span<const std::int64_t> rows,
              const Fill* data = nullptr);

/// Whether that is right. A library may be less accurate, and is shown to be, if its numbers are numbers.
bool is_right(const Variant& variant, const Worst& worst);

/// "error_over_bound inf on <fill><circumstances> at row 3 column 0: expected 0.5, got nan"
std::string text_of(const Worst& worst, const Fill& fill, const std::string& circumstances = "");

/// At most `count` output rows, ascending: all, or the first, the last and others chosen by `seed`.
std::vector<std::int64_t> sample_rows(const Operation& operation, const Problem& problem, std::int64_t count,
                                      std::uint32_t seed);

}  // namespace trilbench
