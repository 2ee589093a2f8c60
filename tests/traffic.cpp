// Compulsory traffic, from both ends: an operation says that it moves what its reference looks at, and the
// probes move what an operation says, each byte once and nothing beside it, or the limits that they stand for
// are none.
#include "suite/traffic.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "operation_tests.hpp"
#include "suite/shape.hpp"
#include "suite/verify/buffers.hpp"

namespace {

using namespace trilbench;

bool is_triangle(const Transfer& transfer) {
  return transfer.movement == Movement::read_triangle || transfer.movement == Movement::copy_triangle;
}
bool reads(const Transfer& transfer) {
  return transfer.movement != Movement::none && transfer.movement != Movement::fill;
}
bool writes(const Transfer& transfer) {
  return transfer.movement == Movement::copy || transfer.movement == Movement::copy_triangle ||
         transfer.movement == Movement::fill;
}

/// Elements of the array, moved or not.
std::int64_t elements_of(const Transfer& transfer) {
  return is_triangle(transfer) ? transfer.count * transfer.count : transfer.count;
}

/// Which elements of an array a transfer reads.
std::vector<bool> elements_read(const Transfer& transfer) {
  std::vector<bool> read(static_cast<std::size_t>(elements_of(transfer)), true);
  for (std::int64_t t = 0; is_triangle(transfer) && t < transfer.count; ++t)
    std::fill_n(read.begin() + t * transfer.count + t + 1, transfer.count - t - 1, false);
  return read;
}

// What operations say

/// The elements of an input that NaN in their place would show of, wherever in the output.
std::vector<bool> elements_that_count(const Operation& operation, const Problem& problem, Buffers& buffers,
                                      int input) {
  const std::int64_t rows = operation.rows(problem);
  const std::vector<std::int64_t> all_rows = sample_rows(operation, problem, rows, 0);
  std::vector<double> value(static_cast<std::size_t>(rows * operation.columns(problem))),
      magnitude(value.size());
  std::vector<bool> count;
  for (std::int64_t at = 0; at < operation.input_elements(problem, input); ++at) {
    float& element = buffers.inputs()[input][at];
    const float before = std::exchange(element, std::numeric_limits<float>::quiet_NaN());
    operation.reference(problem, buffers.inputs(), all_rows, value.data(), magnitude.data());
    count.push_back(std::ranges::any_of(value, [](double y) { return std::isnan(y); }));
    element = before;
  }
  return count;
}

TEST_CASE("an operation's traffic is what its reference reads, each element once, and all of its output") {
  constexpr double most_elements = 2100;  // of which each is tried
  for (const OperationTests& tests : tests_of_operations()) {
    const Operation& operation = *operation_named(tests.operation);
    int looked_at = 0;
    for (const std::string& shape : tests.shapes) {
      const Problem problem = parse_shape(operation, shape);
      if (data_bytes(operation, problem) > most_elements * sizeof(float)) continue;
      ++looked_at;
      CAPTURE(tests.operation);
      CAPTURE(shape);
      Buffers buffers(array_elements(operation, problem), Place::aligned);
      operation.fills[0].fill(problem, 1, buffers.inputs());
      std::set<std::int64_t> inputs_read;
      std::int64_t elements_written = 0, elements_moved = 0;
      const Traffic traffic = operation.traffic(problem);
      for (const Transfer& transfer : traffic.transfers) {
        if (writes(transfer)) elements_written += elements_of(transfer);
        if (!reads(transfer)) continue;
        CAPTURE(transfer.input);
        CHECK(inputs_read.insert(transfer.input).second);
        std::vector<bool> read = elements_read(transfer);
        elements_moved += std::ranges::count(read, true);
        // Behind what counts there may be room: a cache's.
        read.resize(operation.input_elements(problem, static_cast<int>(transfer.input)), false);
        CHECK(elements_that_count(operation, problem, buffers, static_cast<int>(transfer.input)) == read);
      }
      CHECK(static_cast<int>(inputs_read.size()) == operation.inputs);
      CHECK(elements_written == operation.rows(problem) * operation.columns(problem));
      CHECK(bytes_of(traffic) == static_cast<double>(elements_moved + elements_written) * sizeof(float));
    }
    CHECK(looked_at >= 2);
  }
}

// What probes do

std::uint32_t random_bits(std::mt19937& engine) { return static_cast<std::uint32_t>(engine()); }

/// The arrays of a traffic, and guarded calls of a probe on them.
class Probing {
 public:
  Probing(const Variant& probe, const Traffic& traffic, int threads, Place place)
      : kernel_(*Runnable::of(probe)),
        traffic_(traffic),
        problem_(probe_problem(traffic, threads)),
        buffers_(elements(traffic), place) {}

  float* input(const Transfer& transfer) const { return buffers_.inputs()[transfer.input]; }

  /// The bits of the output. A tiny machine has every transfer past its caches.
  std::vector<std::uint32_t> output_bits() {
    constexpr Machine tiny{.L1 = 64, .L2 = 64, .last_level = 64};
    buffers_.mark_margins(1.5f);
    buffers_.make_inputs_read_only();
    const Machine& machine = calls_++ % 2 == 0 ? this_machine() : tiny;
    REQUIRE_MESSAGE((buffers_.prepare(kernel_, problem_, machine) && buffers_.run()), buffers_.fault());
    CHECK_MESSAGE(buffers_.margins_intact(), "writes beside a buffer");
    buffers_.make_inputs_writable();
    std::vector<std::uint32_t> bits;
    for (const float y : buffers_.output_copy()) bits.push_back(bits_of(y));
    return bits;
  }

 private:
  /// Of the inputs, then of the output.
  static std::vector<std::int64_t> elements(const Traffic& traffic) {
    std::vector<std::int64_t> elements;
    for (const Transfer& transfer : traffic.transfers)
      if (reads(transfer)) {
        elements.resize(std::max(elements.size(), static_cast<std::size_t>(transfer.input) + 1));
        elements[transfer.input] = elements_of(transfer);
      }
    elements.push_back(elements_of(*std::ranges::find_if(traffic.transfers, writes)));
    return elements;
  }

  Runnable kernel_;
  Traffic traffic_;
  Problem problem_;
  Buffers buffers_;
  int calls_ = 0;
};

/// Any bits, those of NaN included, in all inputs: a probe has no business with what they mean.
void check_copy(const Variant& probe, const Traffic& traffic, int threads, Place place) {
  Probing probing(probe, traffic, threads, place);
  std::mt19937 engine(static_cast<std::uint32_t>(traffic.transfers[0].count));
  std::vector<std::uint32_t> expected;
  for (const Transfer& transfer : traffic.transfers) {
    if (!reads(transfer)) continue;
    const std::vector<bool> read = elements_read(transfer);
    for (std::size_t at = 0; at < read.size(); ++at) {
      const std::uint32_t bits = random_bits(engine);
      probing.input(transfer)[at] = std::bit_cast<float>(bits);
      if (writes(transfer)) expected.push_back(read[at] ? bits : 0);
    }
  }
  for (int machines = 0; machines < 2; ++machines)
    CHECK_MESSAGE(probing.output_bits() == expected, "leaves something uncopied, or not cleared");
}

/// What is read and not copied, the probe joins in an exclusive or, and fills the output with it. Zeros are
/// read, but for some elements of one bit each, which must come out; and one that must not be read has a bit
/// too, which must not.
void check_reads(const Variant& probe, const Traffic& traffic, int threads, Place place) {
  constexpr std::uint32_t forbidden = 1u << 31;
  constexpr int marks = 22;  // the bits that the NaN in an unwritten output does not have
  Probing probing(probe, traffic, threads, place);
  std::mt19937 engine(static_cast<std::uint32_t>(traffic.transfers[0].count));
  std::vector<float*> elements, unread;
  for (const Transfer& transfer : traffic.transfers) {
    if (!reads(transfer)) continue;
    const std::vector<bool> read = elements_read(transfer);
    for (std::size_t at = 0; at < read.size(); ++at)
      (read[at] ? elements : unread).push_back(probing.input(transfer) + at);
  }
  constexpr std::size_t most_tried = 20 * marks;
  std::ranges::shuffle(elements, engine);
  for (std::size_t first = 0; first < std::min(elements.size(), most_tried); first += marks) {
    std::uint32_t expected = 0;
    const std::size_t end = std::min(elements.size(), first + marks);
    for (std::size_t i = first; i < end; ++i) {
      const std::uint32_t bit = 1u << (i - first);
      *elements[i] = std::bit_cast<float>(bit);
      expected |= bit;
    }
    float* const not_to_be_read = unread.empty() ? nullptr : unread[engine() % unread.size()];
    if (not_to_be_read) *not_to_be_read = std::bit_cast<float>(forbidden);
    std::uint32_t seen = 0;
    for (const std::uint32_t y : probing.output_bits()) seen |= y;
    CHECK_MESSAGE((seen & ~expected) == 0, "leaves an element unwritten, or reads what it should not");
    CHECK_MESSAGE((expected & ~seen) == 0, "leaves an element unread, or reads it twice");
    for (std::size_t i = first; i < end; ++i) *elements[i] = 0;
    if (not_to_be_read) *not_to_be_read = 0;
  }
}

template <class Body>
void for_each_probe(const Body& body) {
  for (const Variant& variant : variants()) {
    if (variant.implementation->role != Role::probe) continue;
    const std::string name = std::string(variant.name) + "/" + std::string(isa_text(variant));
    DOCTEST_SUBCASE(name.c_str()) {
      if (!Runnable::of(variant)) {
        MESSAGE("not verified on this CPU: " << name << ": " << why_unsupported(*variant.isa));
        return;
      }
      body(variant);
    }
  }
}

constexpr Place every_place[] = {Place::aligned, Place::shifted, Place::ends_page, Place::starts_page};

TEST_CASE("traffic probes copy every byte of every size, wherever the buffers lie, and write nothing else") {
  for_each_probe([](const Variant& probe) {
    for (const Place place : every_place)
      for (std::int64_t count = 1; count <= 300; ++count) {
        CAPTURE(count);
        check_copy(probe, {{{Movement::copy, 0, count}}}, 1, place);
        if (count % 7 == 0)
          check_copy(probe, {{{Movement::read_triangle, 0, count / 7}, {Movement::copy, 1, count}}}, 1,
                     place);
      }
  });
}

TEST_CASE("traffic probes copy every byte by several threads") {
  for_each_probe([](const Variant& probe) {
    for (const int threads : {2, 3, 17})
      for (const std::int64_t count : {1, 15, 16, 17, 31, 33, 47, 48, 49, 100, 255, 1023, 4099, 100003})
        for (const Place place : {Place::shifted, Place::ends_page, Place::starts_page}) {
          CAPTURE(count);
          CAPTURE(threads);
          check_copy(probe, {{{Movement::copy, 0, count}}}, threads, place);
        }
  });
}

TEST_CASE("traffic probes copy triangles and clear the rest, by one and by several threads") {
  for_each_probe([](const Variant& probe) {
    for (const Place place : every_place)
      for (const int threads : {1, 2, 3, 17})
        for (std::int64_t T = 1; T <= 300; T += 1 + T / 40 + T / 100 * 30) {
          CAPTURE(T);
          CAPTURE(threads);
          check_copy(probe, {{{Movement::copy_triangle, 0, T}}}, threads, place);
        }
  });
}

TEST_CASE(
    "traffic probes read every element once, and nothing above a diagonal, by one and several threads") {
  for_each_probe([](const Variant& probe) {
    for (const Place place : every_place)
      for (const int threads : {1, 2, 3}) {
        CAPTURE(threads);
        const std::int64_t outputs = 64 * threads + 5;  // so that every thread writes all its lanes
        for (const std::int64_t count : {1, 2, 7, 16, 31, 67, 130, 1003}) {
          CAPTURE(count);
          const Transfer fill{Movement::fill, 0, outputs + count % 3};
          check_reads(probe, {{{Movement::read, 0, count}, fill}}, threads, place);
          check_reads(probe, {{{Movement::read, 0, count}, {Movement::read, 1, count / 2 + 1}, fill}},
                      threads, place);
        }
        for (std::int64_t T = 1; T <= 150; T += 1 + T / 4) {
          CAPTURE(T);
          check_reads(probe, {{{Movement::read_triangle, 0, T}, {Movement::fill, 0, outputs + T % 3}}},
                      threads, place);
        }
      }
  });
}

TEST_CASE("every lane set has traffic probes with ordinary and with streaming stores") {
  std::set<std::string> lane_sets;
  std::set<std::pair<std::string, std::string>> probes;
  for (const Variant& variant : variants()) {
    const std::string isa(isa_text(variant));
    if (isa != "scalar" && !isa.starts_with("auto-")) lane_sets.insert(isa);
    if (variant.implementation->role == Role::probe) probes.emplace(variant.name, isa);
  }
  CHECK(probes.size() == 2 * lane_sets.size());
  for (const std::string& isa : lane_sets)
    for (const char* name : {"traffic", "streaming_traffic"}) CHECK(probes.count({name, isa}) == 1);
}

}  // namespace
