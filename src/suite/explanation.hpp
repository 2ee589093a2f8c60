// What a plan says of itself: what it chose, and why. Plain data and a buffer, which cross the boundary of an
// instruction set; the text is put together at the baseline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "suite/machine.hpp"

namespace trilbench {

class Explanation {
 public:
  /// A number of bytes among the parts of a line.
  struct Bytes {
    std::int64_t count;
  };
  static constexpr Bytes bytes(std::int64_t count) { return {count}; }

  /// Of a plan for this machine.
  explicit Explanation(const Machine& of) : machine(of) {}

  /// Adds a line: what it is about, in a word, and its text in parts: words, whole numbers and Bytes.
  template <class... Parts>
  void operator()(const char* topic, const Parts&... parts) {
    begin(topic);
    (add(parts), ...);
  }

  /// All lines, each a topic, a tab, the text, and a line's end. What the buffer does not hold is missing.
  std::string_view text() const { return {text_, size_}; }

  const Machine& machine;

 private:
  void begin(const char* topic);
  void add(const char* words);
  void add(std::int64_t number);
  void add(Bytes bytes);  // "512 B", "48 KiB", "1.5 MiB"
  void put(std::string_view words);

  std::size_t size_ = 0;
  char text_[4096];
};

}  // namespace trilbench
