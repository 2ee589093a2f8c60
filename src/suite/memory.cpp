#include "suite/memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>

namespace trilbench {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

std::size_t round_up(std::size_t bytes, std::size_t unit) { return (bytes + unit - 1) / unit * unit; }

void protect(std::span<std::byte> pages, int access) {
  if (mprotect(pages.data(), pages.size(), access) != 0)
    throw std::runtime_error(std::string("cannot change the protection of memory: ") + std::strerror(errno));
}

[[noreturn]] void refuse(std::size_t bytes, const std::string& why = "") {
  throw std::runtime_error("cannot get " + std::to_string(bytes) + " bytes of memory" + why);
}

}  // namespace

Memory::Memory(std::size_t bytes, Placement placement) : size_(bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const bool guarded = placement.guard != Placement::Guard::none;
  const bool huge = placement.huge_pages && !guarded && bytes >= huge_page;
  const std::size_t offset = guarded ? 0 : placement.offset;
  if (bytes > std::numeric_limits<std::size_t>::max() / 2) refuse(bytes);
  const std::size_t size = round_up(std::max<std::size_t>(bytes + offset, 1), huge ? huge_page : page);
  const std::size_t map_size = size + (guarded ? 2 * page : 0) + (huge ? huge_page : 0);
  void* const map = mmap(nullptr, map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (map == MAP_FAILED) refuse(bytes, std::string(": ") + std::strerror(errno));
  map_ = {static_cast<std::byte*>(map), Unmap{map_size}};
  const auto address = reinterpret_cast<std::uintptr_t>(map);
  pages_ = {map_.get() + (guarded ? page : huge ? round_up(address, huge_page) - address : 0), size};
  if (huge) madvise(pages_.data(), size, MADV_HUGEPAGE);  // a wish: if it is not granted, small pages serve
  if (guarded) {
    protect({map_.get(), page}, PROT_NONE);
    protect({pages_.data() + size, page}, PROT_NONE);
  }
  const bool at_end = placement.guard == Placement::Guard::after;
  begin_ = pages_.data() + (at_end ? size - round_up(bytes, element_bytes) : offset);
}

void Memory::Unmap::operator()(std::byte* map) const { munmap(map, size); }

bool Memory::holds(const void* address) const {
  const auto* const byte = static_cast<const std::byte*>(address);
  return std::less_equal<>()(begin_, byte) && std::less<>()(byte, begin_ + size_);
}

void Memory::make_read_only() { protect(pages_, PROT_READ); }

void Memory::make_writable() { protect(pages_, PROT_READ | PROT_WRITE); }

void Memory::mark_margins(Element mark) {
  mark_ = mark;
  for (const std::span<Element> margin : margins()) std::ranges::fill(margin, mark);
}

bool Memory::margins_intact() const {
  return std::ranges::all_of(margins(), [this](std::span<const Element> margin) {
    return std::ranges::all_of(margin,
                               [this](Element element) { return bits_of(element) == bits_of(mark_); });
  });
}

/// Before and behind the block, which begins and ends on multiples of an element's size.
std::array<std::span<Element>, 2> Memory::margins() const {
  auto* const begin = reinterpret_cast<Element*>(pages_.data());
  auto* const end = reinterpret_cast<Element*>(pages_.data() + pages_.size());
  auto* const block = as<Element>();
  return {std::span(begin, block), std::span(block + round_up(size_, element_bytes) / element_bytes, end)};
}

}  // namespace trilbench
