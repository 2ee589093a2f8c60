#include "suite/explanation.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string>

namespace trilbench {

// The line's end stands behind whatever was last added.
void Explanation::put(std::string_view words) {
  if (size_ > 0) --size_;
  const std::size_t room = std::size(text_) - 1 - size_;
  size_ += words.copy(text_ + size_, std::min(words.size(), room));
  text_[size_++] = '\n';
}

void Explanation::begin(const char* topic) { put((size_ > 0 ? "\n" : "") + std::string(topic) + "\t"); }

void Explanation::add(const char* words) { put(words); }

void Explanation::add(std::int64_t number) { put(std::to_string(number)); }

void Explanation::add(Bytes bytes) {
  constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto count = static_cast<double>(bytes.count);
  std::size_t unit = 0;
  for (; count >= 1024 && unit + 1 < std::size(units); ++unit) count /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s", count < 10 && count != static_cast<std::int64_t>(count) ? 1 : 0,
                count, units[unit]);
  put(text);
}

}  // namespace trilbench
