#include "harness/units.hpp"

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
  char text[48];
  const double number = value / chosen.size;
  std::snprintf(text, sizeof text, number < 99.95 ? "%.3g %s" : "%.0f %s", number, chosen.name);
  return text;
}

constexpr Unit times[] = {{1e-9, "ns"}, {1e-6, "us"}, {1e-3, "ms"}, {1, "s"}};
constexpr Unit sizes[] = {{1, "B"},     {1e3, "kB"},  {1e6, "MB"}, {1e9, "GB"},
                          {1e12, "TB"}, {1e15, "PB"}, {1e18, "EB"}};
constexpr Unit counts[] = {{1, ""},     {1e3, "k"},  {1e6, "M"}, {1e9, "G"},
                           {1e12, "T"}, {1e15, "P"}, {1e18, "E"}};

}  // namespace

std::string seconds_text(double seconds) { return scaled(seconds, times); }

std::string bytes_text(double bytes) { return scaled(bytes, sizes); }

std::string count_text(double count) { return scaled(count, counts); }

}  // namespace trilbench::bench
