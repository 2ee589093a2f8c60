#include "harness/text.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>

namespace trilbench::bench {
namespace {

struct Unit {
  double size;
  const char* name;
};

/// In the largest unit that leaves at least 1, or the first.
std::string scaled(double value, std::span<const Unit> units) {
  Unit chosen = units[0];
  for (const Unit& unit : units)
    if (value >= unit.size) chosen = unit;
  const double number = value / chosen.size;
  return formatted(number < 99.95 ? "%.3g " : "%.0f ", number) + chosen.name;
}

constexpr Unit times[] = {{1e-9, "ns"}, {1e-6, "us"}, {1e-3, "ms"}, {1, "s"}};
constexpr Unit decimals[] = {{1, ""},     {1e3, "k"},  {1e6, "M"}, {1e9, "G"},
                             {1e12, "T"}, {1e15, "P"}, {1e18, "E"}};

}  // namespace

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string seconds_text(double seconds) { return scaled(seconds, times); }
std::string bytes_text(double bytes) { return scaled(bytes, decimals) + "B"; }
std::string count_text(double count) { return std::isinf(count) ? "inf" : scaled(count, decimals); }

std::string joined(const std::vector<std::string_view>& parts, std::string_view between) {
  std::string text;
  for (const std::string_view& part : parts) {
    if (&part != &parts.front()) text += between;
    text += part;
  }
  return text;
}

std::string left(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(text.size(), width), ' ') + text;
}

std::string wrapped(const std::string& text, std::size_t width, const std::string& indent) {
  std::string lines, rest = text;
  while (rest.size() > width) {
    std::size_t end = rest.rfind(' ', width);
    const bool blank = end != std::string::npos && end > indent.size();
    if (!blank) end = width;
    lines += rest.substr(0, end) + "\n";
    rest = indent + rest.substr(end + (blank ? 1 : 0));
  }
  return lines + rest;
}

std::string json_text(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json + '"';
}

std::string json_number(std::optional<double> value) {
  return value && std::isfinite(*value) ? formatted("%.17g", *value) : "null";
}

std::string json_object(const JsonFields& fields) {
  std::string object;
  for (const auto& [name, value] : fields)
    object += (object.empty() ? "{" : ", ") + json_text(name) + ": " + value;
  return object + "}";
}

std::string label_of(const Variant& variant) { return variant.name + ("/" + std::string(isa_text(variant))); }

}  // namespace trilbench::bench
