// Memory for inputs, outputs and workspaces: mapped pages, placed where measurement or check want them.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>

#include "suite/element.hpp"

namespace trilbench {

struct Placement {
  enum class Guard {
    none,
    before,  // the first byte follows an unreadable page
    after,   // the last byte precedes an unreadable page
  };
  Guard guard = Guard::none;
  std::size_t offset = 0;   // bytes after a 4096-byte page boundary (Guard::none only)
  bool huge_pages = false;  // ask for 2 MiB pages (Guard::none, from 2 MiB)
};

/// Zeroed memory, of its own pages. Throws std::runtime_error, naming the size, if it is not to be had.
class Memory {
 public:
  Memory() = default;
  explicit Memory(std::size_t bytes, Placement placement = {});

  template <class T>
  T* as() const {
    return reinterpret_cast<T*>(begin_);
  }
  std::size_t size() const { return size_; }
  bool holds(const void* address) const;

  void make_read_only();
  void make_writable();

  /// Fills the unused elements of the pages with `mark`; `margins_intact` says whether it still stands.
  void mark_margins(Element mark);
  bool margins_intact() const;

 private:
  struct Unmap {
    std::size_t size;
    void operator()(std::byte* map) const;
  };

  std::array<std::span<Element>, 2> margins() const;

  std::unique_ptr<std::byte, Unmap> map_;  // the whole mapping, guard pages included
  std::span<std::byte> pages_;             // the readable part
  std::byte* begin_ = nullptr;
  std::size_t size_ = 0;
  Element mark_ = 0;  // what the margins were last filled with
};

}  // namespace trilbench
