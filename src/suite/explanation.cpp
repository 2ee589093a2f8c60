#include "suite/explanation.hpp"

#include <algorithm>
#include <cmath>
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

/// Behind a 1 without the plural's s of the first word: "1 strip".
void Explanation::add(const char* words) {
  const std::string_view all = words, so_far(text_, size_ > 0 ? size_ - 1 : 0);
  const std::size_t end = std::min(all.find_first_of(" ,:;", 1), all.size());
  const bool one = so_far.ends_with(" 1") || so_far.ends_with("\t1");
  if (!one || end < 2 || all[0] != ' ' || all[end - 1] != 's') return put(all);
  put(all.substr(0, end - 1));
  put(all.substr(end));
}

void Explanation::add(std::int64_t number) { put(std::to_string(number)); }

void Explanation::add(Bytes bytes) {
  constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto count = static_cast<double>(bytes.count);
  std::size_t unit = 0;
  for (; count >= 1024 && unit + 1 < std::size(units); ++unit) count /= 1024;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %s", count < 10 && count != std::floor(count) ? 1 : 0, count,
                units[unit]);
  put(text);
}

}  // namespace trilbench
