// Lists as people read them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trilbench::bench {

/// The names in a row, with `between` between them.
inline std::string joined(const std::vector<std::string_view>& names, std::string_view between) {
  std::string text;
  for (const std::string_view& name : names) {
    if (&name != &names.front()) text += between;
    text += name;
  }
  return text;
}

}  // namespace trilbench::bench
