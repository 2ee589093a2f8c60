// The memory that checks and measurements stand on, and the calls that may fault: a guard page that guards
// nothing would let every overrun pass.
#include "suite/memory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "suite/verify/guarded_call.hpp"

namespace {

using namespace trilbench;
using Guard = Placement::Guard;

std::uintptr_t address(const Memory& memory) { return reinterpret_cast<std::uintptr_t>(memory.as<char>()); }

bool can_write(volatile float* place) {
  auto write = [place] { *place = 1; };
  return !fault_of(write);
}

bool can_read(const volatile float* place) {
  auto read = [place] { static_cast<void>(*place); };
  return !fault_of(read);
}

TEST_CASE("memory is zeroed, writable and placed at its offset from a page") {
  for (const std::size_t bytes : {0, 1, 4, 4095, 4096, 4097, 3000000})
    for (const std::size_t offset : {0, 4, 64, 2048, 5000}) {
      const Memory memory(bytes, {.offset = offset});
      CHECK(memory.size() == bytes);
      CHECK(address(memory) % 4096 == offset % 4096);
      char* begin = memory.as<char>();
      CHECK(std::all_of(begin, begin + bytes, [](char byte) { return byte == 0; }));
      std::fill_n(begin, bytes, 'x');
    }
}

TEST_CASE("huge pages are asked for from 2 MiB, at their alignment") {
  const Memory memory(std::size_t{5} << 20, {.offset = 64, .huge_pages = true});
  CHECK(address(memory) % (std::size_t{2} << 20) == 64);
  memory.as<char>()[memory.size() - 1] = 1;
  const Memory small(4096, {.huge_pages = true});
  small.as<char>()[4095] = 1;
}

TEST_CASE("a guard after or before a block stops the first element beyond it") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{7}, std::size_t{1024}, std::size_t{1025}}) {
    const Memory after(count * sizeof(float), {.guard = Guard::after});
    float* end = after.as<float>() + count;
    CHECK(can_write(end - 1));
    CHECK(!can_write(end));
    CHECK(!can_read(end));
    CHECK(can_write(after.as<float>()));

    const Memory before(count * sizeof(float), {.guard = Guard::before});
    CHECK(can_write(before.as<float>()));
    CHECK(!can_write(before.as<float>() - 1));
    CHECK(!can_read(before.as<float>() - 1));
    CHECK(can_write(before.as<float>() + count - 1));
  }
}

TEST_CASE("read-only memory can be read, and written again later") {
  Memory memory(100);
  CHECK(can_write(memory.as<float>()));
  memory.make_read_only();
  CHECK(!can_write(memory.as<float>()));
  CHECK(can_read(memory.as<float>()));
  memory.make_writable();
  CHECK(can_write(memory.as<float>()));
}

TEST_CASE("margins notice any change beside a block and none inside it") {
  for (const Guard guard : {Guard::none, Guard::after, Guard::before})
    for (const float mark : {0.0f, NAN}) {
      Memory memory(100 * sizeof(float),
                    {.guard = guard, .offset = guard == Guard::none ? std::size_t{64} : 0});
      memory.mark_margins(mark);
      CHECK(memory.margins_intact());
      std::fill_n(memory.as<float>(), 100, 5.0f);
      CHECK(memory.margins_intact());
      for (const std::ptrdiff_t beside : {-16, -1, 100, 101}) {
        float* stray = memory.as<float>() + beside;
        if (!can_read(stray)) continue;  // behind the guard
        const float before = *stray;
        reinterpret_cast<unsigned char*>(stray)[1] ^= 1;
        CHECK(!memory.margins_intact());
        *stray = before;
        CHECK(memory.margins_intact());
      }
    }
}

TEST_CASE("memory that is not to be had is refused by its size") {
  for (const std::size_t bytes : {std::size_t{1} << 62, ~std::size_t{0}, ~std::size_t{0} / 2}) {
    std::string message;
    try {
      const Memory memory(bytes);
    } catch (const std::runtime_error& error) {
      message = error.what();
    }
    INFO(message);
    CHECK(message.find("cannot get " + std::to_string(bytes) + " bytes of memory") != std::string::npos);
  }
}

TEST_CASE("memory moves with its contents") {
  Memory first(400);
  first.as<float>()[99] = 7;
  Memory second = std::move(first);
  CHECK(second.as<float>()[99] == 7);
  Memory third;
  third = std::move(second);
  CHECK(third.as<float>()[99] == 7);
  CHECK(third.size() == 400);
}

TEST_CASE("a guarded call tells whether it came through, again and again") {
  const Memory memory(64, {.guard = Guard::after});
  volatile float* const forbidden = memory.as<float>() + 16;
  volatile int calls = 0;
  auto fine = [&calls] { calls = calls + 1; };
  auto faulty = [&calls, forbidden] {
    calls = calls + 1;
    *forbidden = 1;
    calls = calls + 1000;  // never
  };
  for (int i = 0; i < 3; ++i) {
    CHECK(!fault_of(fine));
    CHECK(fault_of(faulty));
  }
  CHECK(calls == 6);
}

}  // namespace
