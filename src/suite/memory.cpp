#include "suite/memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace trilbench {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

void protect(std::byte* pages, std::size_t size, int access) {
  if (mprotect(pages, size, access) != 0)
    throw std::runtime_error(std::string("cannot change the protection of memory: ") + std::strerror(errno));
}

// The margin holds whole elements only: buffers of them start and end on multiples of their size.
template <class Visit>
void for_margin_words(std::byte* pages, std::size_t pages_size, std::byte* begin, std::size_t size,
                      Visit visit) {
  for (std::byte* word = pages; word + element_bytes <= begin; word += element_bytes) visit(word);
  for (std::byte* word = begin + round_up(size, element_bytes); word + element_bytes <= pages + pages_size;
       word += element_bytes)
    visit(word);
}

}  // namespace

Memory::Memory(std::size_t bytes, Placement placement) : size_(bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const bool guarded = placement.guard != Placement::Guard::none;
  const bool huge = placement.huge_pages && !guarded && bytes >= huge_page;
  const std::size_t unit = huge ? huge_page : page;
  const std::size_t offset = guarded ? 0 : placement.offset;
  if (bytes > std::numeric_limits<std::size_t>::max() / 2)
    throw std::runtime_error("cannot get " + std::to_string(bytes) + " bytes of memory");
  pages_size_ = round_up(std::max<std::size_t>(bytes + offset, 1), unit);
  map_size_ = pages_size_ + (guarded ? 2 * page : 0) + (huge ? huge_page : 0);
  void* map = mmap(nullptr, map_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED)
    throw std::runtime_error("cannot get " + std::to_string(bytes) +
                             " bytes of memory: " + std::strerror(errno));
  map_ = static_cast<std::byte*>(map);
  pages_ = map_;
  if (huge) {
    pages_ +=
        round_up(reinterpret_cast<std::uintptr_t>(map_), huge_page) - reinterpret_cast<std::uintptr_t>(map_);
    madvise(pages_, pages_size_, MADV_HUGEPAGE);  // a wish: where it is not granted, small pages serve
  }
  if (guarded) {
    pages_ += page;
    protect(map_, page, PROT_NONE);
    protect(pages_ + pages_size_, page, PROT_NONE);
  }
  begin_ = pages_ + offset;
  if (placement.guard == Placement::Guard::after)
    begin_ = pages_ + pages_size_ - round_up(bytes, element_bytes);
}

Memory::~Memory() {
  if (map_) munmap(map_, map_size_);
}

Memory::Memory(Memory&& other) noexcept { *this = std::move(other); }

Memory& Memory::operator=(Memory&& other) noexcept {
  std::swap(map_, other.map_);
  std::swap(map_size_, other.map_size_);
  std::swap(pages_, other.pages_);
  std::swap(pages_size_, other.pages_size_);
  std::swap(begin_, other.begin_);
  std::swap(size_, other.size_);
  std::swap(mark_, other.mark_);
  return *this;
}

bool Memory::holds(const void* address) const {
  const auto* const byte = static_cast<const std::byte*>(address);
  return std::less_equal<>()(begin_, byte) && std::less<>()(byte, begin_ + size_);
}

void Memory::make_read_only() { protect(pages_, pages_size_, PROT_READ); }

void Memory::make_writable() { protect(pages_, pages_size_, PROT_READ | PROT_WRITE); }

void Memory::mark_margins(Element mark) {
  mark_ = mark;
  for_margin_words(pages_, pages_size_, begin_, size_,
                   [mark](std::byte* word) { std::memcpy(word, &mark, sizeof mark); });
}

bool Memory::margins_intact() const {
  bool intact = true;
  for_margin_words(pages_, pages_size_, begin_, size_, [this, &intact](const std::byte* word) {
    intact = intact && std::memcmp(word, &mark_, sizeof mark_) == 0;
  });
  return intact;
}

}  // namespace trilbench
