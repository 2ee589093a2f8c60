// Numbers as users write them.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace trilbench::bench {

/// The whole text as a number, or nothing.
template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace trilbench::bench
