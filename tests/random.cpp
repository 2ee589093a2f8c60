// The generator against values drawn by PyTorch 2.13 on x86-64: bits, because a benchmark's inputs and the
// notebooks' tables must be the same everywhere, and because libm would give other bits for a third of them.
#include "suite/random.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "notebook_tables.hpp"
#include "suite/isa.hpp"

namespace {

using trilbench::TorchGenerator;
using Bits = std::vector<std::uint32_t>;
using Integers = std::vector<std::int64_t>;

std::vector<std::uint32_t> bits_of(const std::vector<float>& values) {
  Bits bits;
  for (const float value : values) bits.push_back(std::bit_cast<std::uint32_t>(value));
  return bits;
}

Bits randn(TorchGenerator& generator, std::size_t n) {
  std::vector<float> values(n);
  generator.randn(values);
  return bits_of(values);
}

Bits rand(TorchGenerator& generator, std::size_t n) {
  std::vector<float> values(n);
  generator.rand(values);
  return bits_of(values);
}

Integers randint(TorchGenerator& generator, std::int64_t low, std::int64_t high, std::size_t n) {
  Integers values(n);
  generator.randint(low, high, values);
  return values;
}

std::string hexadecimal(const Bits& all) {
  std::string text;
  for (const std::uint32_t bits : all) {
    char word[16];
    std::snprintf(word, sizeof word, "%08x ", bits);
    text += word;
  }
  return text;
}

void check_bits(const Bits& drawn, const Bits& expected) {
  CHECK(hexadecimal(drawn) == hexadecimal(expected));
}

}  // namespace

TEST_CASE("random: this machine's PyTorch would draw the same bits, or it is said that it would not") {
  if (!trilbench::why_unsupported(trilbench::Isa::avx2).empty())
    MESSAGE(
        "PyTorch takes another path on this CPU (no AVX2 with FMA): its own randn differs from these values "
        "in last digits");
}

TEST_CASE("random: the engine is the 32-bit Mersenne Twister, 64 bits are two draws, the first on top") {
  CHECK(TorchGenerator(5489).random32() == 3499211612u);
  TorchGenerator halves(5489);
  const std::uint64_t high = halves.random32();
  const std::uint64_t low = halves.random32();
  CHECK(TorchGenerator(5489).random64() == (high << 32 | low));
}

TEST_CASE("random: a seed beyond 32 bits keeps its low half") {
  TorchGenerator plain(1337);
  TorchGenerator beyond((std::uint64_t{1} << 32) + 1337);
  CHECK(plain.random32() == beyond.random32());
}

TEST_CASE("random: seed 1337, randn(64) twice: whole blocks, and how many draws they take") {
  TorchGenerator generator(1337);
  check_bits(randn(generator, 64), notebooks::first_draw.x);
  TorchGenerator copy = generator;
  CHECK(copy.random32() == 1827142058u);
  check_bits(randn(generator, 64), notebooks::second_draw.x);
}

TEST_CASE("random: seed 1337, randn(16): the shortest long draw, a block of its own") {
  TorchGenerator generator(1337);
  check_bits(randn(generator, 16),
             Bits(notebooks::first_draw.x.begin(), notebooks::first_draw.x.begin() + 16));
}

TEST_CASE("random: seed 7, randn(40): the last 16 are drawn anew, over 8 finished values") {
  TorchGenerator generator(7);
  check_bits(
      randn(generator, 40),
      {0xbf51f456, 0x3eca902b, 0x3f661ede, 0xbfb1b738, 0xbe2b0101, 0x3e91ff2d, 0xbf241e93, 0xbf64c69a,
       0x3f6d31ec, 0xbf091754, 0xbf9471b7, 0xbeeb99b8, 0x3f3562d1, 0x3f81a1f8, 0x3e6bed28, 0x3f8b8a88,
       0xbfca94c1, 0xbea62d99, 0x3ff6933b, 0xbea8f74c, 0x3e4b352e, 0x3f4835ea, 0x3f85017b, 0xbf397989,
       0xbe0aaff8, 0x3f3f4324, 0x3f1c9ff5, 0x3fef1388, 0x4020be1a, 0xbfa09ccd, 0x3f51034b, 0xbf885efe,
       0xbfd189ea, 0x3e217f3b, 0x3eca9e8e, 0xbfaf1218, 0xbdce4dcb, 0x3e72b3f4, 0x3f21f774, 0xbdbbc13d});
  CHECK(generator.random32() == 2873390000u);
}

TEST_CASE("random: seed 0, randn(17): the tail rule with a tail of one") {
  TorchGenerator generator(0);
  check_bits(randn(generator, 17), {0xbf901b85, 0xbfd91446, 0x3f111004, 0x3f4b235d, 0x3f194d8b, 0xbfc70d5b,
                                    0xbeaec6ca, 0x3fed2f4e, 0x3eefaa55, 0xbf15e32b, 0xbe318eeb, 0x3e3be1a4,
                                    0x3fb1d6c0, 0x3fcb0d00, 0x3f72409c, 0xbf57fb33, 0x3f6e8c30});
}

TEST_CASE("random: seed 123, randn(31): the tail rule with a tail of fifteen") {
  TorchGenerator generator(123);
  check_bits(randn(generator, 31),
             {0x3eacbbc9, 0xbe360b3b, 0xbe9b67f8, 0xbf1687f2, 0x3eb27c61, 0x3f290c1b, 0xbe60e8af, 0xbec2228c,
              0x3f446121, 0xbf98a3e8, 0x3f32c731, 0xbfb471cd, 0x3e37af4a, 0x3ff29436, 0x3efdab26, 0xbfcd37f5,
              0xbfa99834, 0x3e36b5f2, 0xc0088f69, 0x3f86b3a9, 0xbec6e741, 0xbf6f314b, 0xbeff8fd1, 0xbeacf935,
              0x3f616b5a, 0x3fc6eeab, 0x3f2069e9, 0xbe33b2eb, 0x3dc94901, 0xbdbf80d3, 0x3e884d4c});
}

TEST_CASE("random: seed 2024, randn(100): six blocks and a tail of four") {
  TorchGenerator generator(2024);
  check_bits(randn(generator, 100),
             {0xbf9cf549, 0xbc189d2f, 0x3fc55ee1, 0xbeee6c3f, 0x3e8f1b06, 0xbe859f32, 0x3f1f7ac6, 0xbf93fb6e,
              0x3defc57d, 0xbff1781e, 0x400ba8e9, 0xbe459508, 0x3f092a7e, 0xbf63cbaa, 0xbe9eaabc, 0x3f462c43,
              0x3dfd36cb, 0xc00b9056, 0x3ebd6ac3, 0x3ed42bf9, 0x3feda8f7, 0x3ffd216d, 0xbedd438d, 0x3faef09b,
              0x3f57dae4, 0xbd2c851a, 0x3fd436d6, 0xbfa77be8, 0x3f7f05de, 0x3f70675c, 0x3fb5169d, 0x3f2263d5,
              0x402e7ff6, 0xbfbcd7e5, 0xbfbd8b6e, 0x3d4c2469, 0x3fa4e790, 0xbf2629d3, 0xbf659db1, 0x3fa1b79f,
              0x3f53c753, 0x3eeb3c23, 0x3ec8d14a, 0xbf89d144, 0xbd6bc784, 0xbd74013a, 0x3e8d8273, 0xbe7604d0,
              0x3f386476, 0xbfb493f4, 0xbee0721d, 0x3eb5cb54, 0x3ebef457, 0xbfa70a75, 0xbf4c5a72, 0x3f85a98e,
              0xbdfb394b, 0x3ecdeff7, 0xbfb6f9d3, 0xbf10c99b, 0x3f3273b7, 0x3e00d50f, 0xbd31d144, 0x3f095d0c,
              0x3ea25535, 0xbfef906c, 0xbdb73137, 0x3f3f9fe7, 0x3f1d1a67, 0xbee23bd4, 0x3dc97d09, 0xbe1b9aae,
              0xbf0bba6a, 0x3f714876, 0x3ea8eda0, 0x3fc36208, 0xbe3ee863, 0x3f6b5939, 0xbea65113, 0x3fb32b5a,
              0xbf9eea92, 0xbe10b1da, 0xbf146f35, 0xbebd2679, 0x3f2ff7d3, 0xbf8aaa84, 0xbf52b87c, 0xbf4b9630,
              0x3f04395a, 0x3f908c1c, 0x3cd20532, 0x3fd810f0, 0xbe2791a9, 0xbf12ad18, 0x3f313c2b, 0xbea16864,
              0xbe560416, 0x3f8e313f, 0xbf7941ab, 0x3f70c9e6});
}

TEST_CASE("random: seed 1337, a hundred thousand normals: the branches that a few values do not reach") {
  TorchGenerator generator(1337);
  const Bits drawn = randn(generator, 100003);
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, a word at a time
  for (const std::uint32_t bits : drawn) hash = (hash ^ bits) * 0x100000001b3;
  CHECK(hash == 0x28cfde033cf73548);
  CHECK(drawn.back() == 0xbf166d82);
}

TEST_CASE("random: normals have the same bits without the instruction for fma") {
  if (!trilbench::why_unsupported(trilbench::Isa::avx2).empty()) return;
  std::vector<float> uniforms(16 * 10000);
  TorchGenerator(1337).rand(uniforms);
  std::vector<float> by_instruction = uniforms;
  trilbench::normals_of_uniforms(by_instruction, true);
  trilbench::normals_of_uniforms(uniforms, false);
  CHECK(bits_of(uniforms) == bits_of(by_instruction));
}

TEST_CASE("random: seed 1337, randn(15): the longest short draw, made in pairs in double") {
  TorchGenerator generator(1337);
  check_bits(randn(generator, 15),
             {0xc001a9db, 0xc004314c, 0xbf9a4954, 0xbf698785, 0xbfa00745, 0x3f4da0ba, 0xbe541879, 0x3d5ee300,
              0x3e0d2676, 0xbec71fd5, 0x3f036940, 0x3ea9f179, 0x3f214943, 0x3f14da69, 0xbce6b789});
}

TEST_CASE("random: seed 7, randn(3): a short draw that leaves half a pair") {
  TorchGenerator generator(7);
  check_bits(randn(generator, 3), {0xbe165174, 0x3f49408e, 0x3f7262e7});
}

TEST_CASE("random: seed 42, randn(8): a short draw") {
  TorchGenerator generator(42);
  check_bits(randn(generator, 8), {0x3eac62ae, 0x3e03e69d, 0x3e7016e7, 0x3e6bdc6c, 0xbf8fb9c2, 0xbe3eccd8,
                                   0x400d532c, 0xbf2353c6});
}

TEST_CASE(
    "random: seed 137, 5 words skipped, randn(8), a word, randn(16), a word: draws that start in "
    "mid-stream") {
  TorchGenerator generator(137);
  for (int i = 0; i < 5; ++i) generator.random32();
  check_bits(randn(generator, 8), {0x3f4b75d0, 0x3fb7ed61, 0xbe6ab871, 0x3ef37d07, 0xbf222932, 0xbf144626,
                                   0xbdbd9597, 0xbf5dacea});
  CHECK(generator.random32() == 2186503452u);
  check_bits(randn(generator, 16), {0xbfa40484, 0xc0295e8c, 0xbd868b1e, 0x3e5f5123, 0xbeee43e2, 0xbea983db,
                                    0x40231b6a, 0x3dd58304, 0x3f5897c8, 0x3f723d1a, 0xbe952f4d, 0x3eafafcb,
                                    0xbf8f3098, 0xbe3b7252, 0xc0142e23, 0x3ecada91});
  CHECK(generator.random32() == 2756748748u);
}

TEST_CASE(
    "random: seed 5, every kind in turn: half a pair waits through a long draw and goes to the next short "
    "one") {
  TorchGenerator generator(5);
  check_bits(randn(generator, 3), {0xbef93b54, 0xbf1a940d, 0xbf0edf65});
  check_bits(randn(generator, 20),
             {0x3e84398f, 0xbff110d6, 0x3fa3da0f, 0x3f90b276, 0x3f44c4e5, 0x3f6c607b, 0xbf0eee41,
              0x3f47958e, 0xbe85f965, 0xbf3b7dd3, 0x3fd95997, 0xbe377730, 0xbe17a8bd, 0x3ebe2f51,
              0x3e68b498, 0xbd8493e0, 0xbe17716b, 0x3f658e67, 0x3f0c5293, 0xbfd1cea4});
  check_bits(randn(generator, 2), {0x3f2ae2df, 0x3f66c557});
  check_bits(rand(generator, 4), {0x3f5b3b00, 0x3ebf8fa0, 0x3f67f384, 0x3eea18dc});
  CHECK(randint(generator, 0, 10, 5) == Integers{6, 9, 9, 1, 7});
}

TEST_CASE("random: randint(0, 10) of seeds 42 and 1337: the remainder of one word each") {
  TorchGenerator seed_42(42);
  CHECK(randint(seed_42, 0, 10, 6) == Integers{2, 7, 6, 4, 6, 5});
  TorchGenerator seed_1337(1337);
  CHECK(randint(seed_1337, 0, 10, 6) == Integers{5, 7, 2, 0, 5, 3});
}

TEST_CASE("random: randint of wide ranges: two words each from 2^28 on, and no overflow at the widest") {
  const auto seed_3 = [](std::int64_t low, std::int64_t high) {
    TorchGenerator generator(3);
    return randint(generator, low, high, 3);
  };
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();
  CHECK(seed_3(0, (1 << 28) - 1) == Integers{218175346, 35325593, 88681732});
  CHECK(seed_3(0, 1 << 28) == Integers{35325592, 117892739, 252666824});
  CHECK(seed_3(-5, std::int64_t{1} << 40) == Integers{455524090144, 1072995006626, 790770681884});
  CHECK(seed_3(lowest, highest) == Integers{937055941807507096, 3839649608876091011, -3857126681373350968});
}

TEST_CASE("random: randint of an empty range is refused, not a division by zero") {
  TorchGenerator generator(1);
  CHECK_THROWS_AS(randint(generator, 3, 3, 1), std::invalid_argument);
  CHECK_THROWS_WITH(randint(generator, 3, 2, 1), "randint: no whole number in [3, 2)");
}
