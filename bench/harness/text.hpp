// Numbers, quantities, lists and columns as people read and write them.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "suite/shape.hpp"
#include "suite/variant.hpp"

namespace trilbench::bench {

/// The whole text as a number, or nothing.
template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

/// As printf writes the number.
std::string formatted(const char* format, double value);

std::string seconds_text(double seconds);  // "65 ns", "1.2 ms", "3.1 s"
std::string bytes_text(double bytes);      // "512 B", "16.8 MB"; decimal
std::string count_text(double count);      // "2.1 M", "134 G"; decimal; "inf"

std::string joined(const std::vector<std::string_view>& parts, std::string_view between);

/// With blanks behind it, or before it, up to the width.
std::string left(std::string text, std::size_t width);
std::string right(const std::string& text, std::size_t width);

/// In lines of at most `width` characters, broken at blanks if possible; `indent` begins all but the first.
std::string wrapped(const std::string& text, std::size_t width, const std::string& indent);

// JSON, which has no infinity: null.
std::string json_text(std::string_view text);
std::string json_number(std::optional<double> value);

/// Names, and values as JSON.
using JsonFields = std::vector<std::pair<std::string_view, std::string>>;
std::string json_object(const JsonFields& fields);

/// "prefix_mean/avx2": what a variant is called within its operation.
std::string label_of(const Variant& variant);

}  // namespace trilbench::bench
