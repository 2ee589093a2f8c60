// What plans say of themselves (--explain): something, and another thing where a machine makes them another
// plan.
#include "suite/explanation.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "suite/registry.hpp"
#include "suite/shape.hpp"

namespace {

using namespace trilbench;

bool in_lanes(const Variant& variant) {
  const std::string_view isa = isa_text(variant);
  return isa != "scalar" && !isa.starts_with("auto-");
}

TEST_CASE("explanation: lines of words, numbers and bytes") {
  Explanation say(this_machine());
  CHECK(say.text() == "");
  say("tiles", 6, " rows");
  say("x", Explanation::bytes(512), ", ", Explanation::bytes(48 << 10), ", ", Explanation::bytes(1536 << 10));
  CHECK(say.text() == "tiles\t6 rows\nx\t512 B, 48 KiB, 1.5 MiB\n");
}

TEST_CASE("explanation: of one there is no plural") {
  Explanation say(this_machine());
  say("tiles", 1, " rows x ", 11, " vectors: ", 1, " strips, ", 1, " of ", 1, " blocks");
  CHECK(say.text() == "tiles\t1 row x 11 vectors: 1 strip, 1 of 1 block\n");
}

TEST_CASE("explanation: one that is too long is cut, and ends with a line's end") {
  Explanation say(this_machine());
  const std::string words(1000, 'w');
  for (int i = 0; i < 10; ++i) say("topic", words.c_str());
  CHECK(say.text().size() == 4096);
  CHECK(say.text().ends_with("w\n"));
}

TEST_CASE(
    "explanation: every kernel in lanes that computes an operation says lines with a topic and a text") {
  for (const Variant& variant : variants()) {
    const Operation& operation = *operation_named(variant.operation);
    const auto runnable = Runnable::of(variant);
    if (!runnable) continue;
    for (const int threads : {1, 3}) {
      const Problem problem = parse_shape(operation, operation.example, threads);
      INFO(benchmark_name(operation, variant, problem));
      if (!why_skipped(operation, variant, problem).empty()) continue;
      Explanation say(this_machine());
      const bool explained = runnable->explain(problem, this_machine(), say);
      CHECK(explained == !say.text().empty());
      if (in_lanes(variant) && variant.operation != std::string_view("machine")) CHECK(explained);
      if (!explained) continue;
      std::string_view text = say.text();
      CHECK(text.size() < 4096);
      text.remove_suffix(1);
      for (const std::string_view line : split(text, '\n')) {
        CAPTURE(std::string(line));
        const std::vector<std::string_view> parts = split(line, '\t');
        REQUIRE(parts.size() == 2);
        CHECK(!parts[0].empty());
        CHECK(!parts[1].empty());
      }
    }
  }
}

/// Checks that the implementation, in every set of lanes that this CPU has, says the one and not the other.
void check_says(const char* operation_name, std::string_view name, const char* shape, int threads,
                const Machine& machine, const char* words, const char* not_these) {
  const Operation& operation = *operation_named(operation_name);
  const Problem problem = parse_shape(operation, shape, threads);
  int checked = 0;
  for (const Variant& variant : variants()) {
    if (variant.operation != std::string_view(operation_name) || variant.name != name) continue;
    const auto runnable = Runnable::of(variant);
    if (!runnable) continue;
    Explanation say(machine);
    runnable->explain(problem, machine, say);
    const std::string text(say.text());
    INFO(benchmark_name(operation, variant, problem) << "\n" << text);
    CHECK(text.find(words) != text.npos);
    CHECK(text.find(not_these) == text.npos);
    ++checked;
  }
  CHECK(checked > 0);
}

/// What a variant's plan says on a machine.
struct Said {
  Machine machine;
  const char* words;
};

/// Checks that each machine makes it say its own words and not the other's.
void check_said(const char* operation, std::string_view name, const char* shape, const Said& one,
                const Said& other, int threads = 1) {
  check_says(operation, name, shape, threads, one.machine, one.words, other.words);
  check_says(operation, name, shape, threads, other.machine, other.words, one.words);
}

constexpr std::int64_t KiB = 1024, MiB = 1024 * KiB;
constexpr Machine ordinary{.L1 = 32 * KiB, .L2 = 1 * MiB, .last_level = 32 * MiB};
constexpr Machine far{.L1 = 32 * KiB, .L2 = 1 * MiB, .last_level = 200 * MiB};
constexpr Machine small_L2{.L1 = 32 * KiB, .L2 = 16 * KiB, .last_level = 32 * MiB};

/// Whether the sets of lanes that this CPU has do.
bool has_streaming_stores() { return !isa_named("neon") || !why_unsupported(Isa::neon).empty(); }

TEST_CASE("explanation: stores of running means go by the last level") {
  check_said("causal_mean", "prefix_mean", "8x64x64", {ordinary, "plain:"}, {far, "to prefetched lines:"});
  if (has_streaming_stores())
    check_said("causal_mean", "prefix_mean", "8x1024x64", {ordinary, "plain:"},
               {far, "to spare a far last level:"});
}

TEST_CASE("explanation: what many threads have in their own L2 is not past the caches") {
  if (!has_streaming_stores()) return;
  const auto says = [](int threads, const char* words, const char* not_these) {
    check_says("causal_mean", "prefix_mean", "32x1024x384", threads, ordinary, words, not_these);
  };
  says(1, "streaming", "plain");
  says(128, "plain", "streaming");
}

TEST_CASE("explanation: a process with a part of a far last level finds it as far") {
  constexpr Machine part_of_far{
      .L1 = 32 * KiB, .L2 = 1 * MiB, .last_level = 32 * MiB, .whole_last_level = 200 * MiB};
  check_said("causal_mean", "prefix_mean", "8x64x64", {ordinary, "plain:"},
             {part_of_far, "to prefetched lines:"});
}

TEST_CASE("explanation: Y is not packed for threads that have few rows of X each") {
  const auto says = [](int threads, const char* words, const char* not_these) {
    check_says("broadcast_matmul", "batched_gemm", "128x128@128x128", threads, ordinary, words, not_these);
  };
  says(1, "packed strip by strip", "where it lies");
  says(64, "where it lies", "packed");
}

TEST_CASE("explanation: a sequence is cut along time by L2") {
  check_said("causal_mean", "prefix_mean", "1x16384x64", {ordinary, "chunks\t2048 rows"},
             {small_L2, "chunks\t128 rows"}, 3);
}

TEST_CASE("explanation: wide matrices are copied where half an L2 is too small for them") {
  const Said lie{ordinary, "where they lie"}, copied{small_L2, "columns of x copied"};
  check_said("tril_matmul", "tril_gemm", "1x64x512", lie, copied);
  check_said("causal_mean", "tril_gemm", "1x64x512", lie, copied);
  check_said("causal_mean", "masked_softmax", "1x64x512", lie, copied);
  check_said("causal_weighted_mean", "softmax_gemm", "1x64x512", lie, copied);
  check_said("causal_attention", "materialised", "1x1x64x512", lie, copied);
}

TEST_CASE("explanation: what L2 does not keep of out is asked for") {
  constexpr Machine enough_for_one{.L1 = 32 * KiB, .L2 = 64 * KiB, .last_level = 32 * MiB};
  const auto says = [](const Machine& machine, const char* words, const char* not_these) {
    check_says("tril_matmul", "tril_gemm", "4x64x64", 1, machine, words, not_these);
  };
  says(enough_for_one, "asked for a tile ahead", "columns of x copied");
  says(ordinary, "where they lie", "asked for");
}

TEST_CASE("explanation: rows of Y come by the hardware's prefetcher from a far last level") {
  check_said("broadcast_matmul", "batched_gemm", "8x1024@1024x512", {ordinary, "on their way meanwhile"},
             {far, "as they follow from a far"});
}

TEST_CASE("explanation: weights are made in panels while all of x stays in L2") {
  check_said("causal_weighted_mean", "fused", "4x64x32", {ordinary, "in panels of"},
             {small_L2, "the whole triangle first"});
}

TEST_CASE("explanation: Y is packed past L1, and streamed past L2") {
  constexpr Machine small_L1{.L1 = 4 * KiB, .L2 = 1 * MiB, .last_level = 32 * MiB};
  check_said("broadcast_matmul", "batched_gemm", "64x64@64x64", {ordinary, "where it lies"},
             {small_L1, "packed strip by strip"});
  check_said("broadcast_matmul", "batched_gemm", "8x1024@1024x64", {ordinary, "where it lies"},
             {small_L2, "of its rows at a time"});
}

TEST_CASE("explanation: a triangle of weights past the caches is streamed, where a set has such stores") {
  constexpr Machine tiny{.L1 = 64, .L2 = 64, .last_level = 64};
  if (!has_streaming_stores()) return;
  check_said("causal_softmax", "overlapped", "1024", {ordinary, "to prefetched lines:"},
             {tiny, "streaming:"});
  check_said("causal_softmax", "overlapped", "1024", {tiny, "streaming:"},
             {far, "streaming, to spare a far last level:"});
}

TEST_CASE("explanation: tiles of a cache of keys go by L1") {
  constexpr Machine small_L1{.L1 = 2 * KiB, .L2 = 1 * MiB, .last_level = 32 * MiB};
  check_said("attention_decode", "split_keys", "1x1x4096x64", {ordinary, "4096 keys"},
             {small_L1, "256 keys"});
}

TEST_CASE("explanation: what threads make of a batch of triangles is said of their pieces") {
  const auto says = [](const char* shape, int threads, const char* words, const char* not_these) {
    check_says("tril_matmul", "tril_gemm", shape, threads, ordinary, words, not_these);
  };
  says("2x1024x1", 2, "dot products", "side by side");
  says("2x64x2", 2, "copied apart", "side by side");
  says("2x64x2", 2, "copied apart", "tiles\t");
  says("1x64x2", 3, "where they lie", "apart");
  says("8x64x64", 2, "up to 4 of 8", "8 of 8");
  says("3x64x64", 2, "where they lie", "share");
  says("1x3000x80", 1, "whole strips of tiles", "exceed");
}

TEST_CASE("explanation: narrow x needs whole matrices for its product, copied or not") {
  check_says("causal_weighted_mean", "fused", "4x64x3", 1, ordinary, "takes whole matrices", "x is copied");
}

TEST_CASE("explanation: values are prefetched where a head exceeds L2 and the last level is far") {
  constexpr Machine small_and_far{.L1 = 32 * KiB, .L2 = 16 * KiB, .last_level = 200 * MiB};
  check_said("causal_attention", "flash", "1x1x512x64", {small_L2, "keys alone"},
             {small_and_far, "keys and values"});
}

TEST_CASE("explanation: a copy says whether it prefetches") {
  check_said("machine", "copy", "16384", {{.L1 = 256 * KiB}, "plain"}, {ordinary, "to prefetched lines"});
}

TEST_CASE("explanation: running means say their panels, and who has what") {
  const auto says = [](const char* shape, int threads, const char* words, const char* not_these) {
    check_says("causal_mean", "prefix_mean", shape, threads, ordinary, words, not_these);
  };
  says("1x16x2064", 1, " of a row, of up to ", "at a time");
  says("2x8x64", 3, "a sequence at most each", "of its own");
  // Cut, each of the eight would give two of sixteen threads work, and wait for the one before.
  says("8x256x64", 16, "a sequence at most each", "pieces in time");
  says("1x16384x64", 3, "pieces in time of every sequence", "sequences each");
  says("4x16384x64", 3, "sequences each, then pieces in time", "every sequence");
}

TEST_CASE("explanation: pieces of caches of keys, and what their tiles go by") {
  const auto says = [](const char* shape, const char* words, const char* not_these) {
    check_says("attention_decode", "split_keys", shape, 2, ordinary, words, not_these);
  };
  says("1x3x4096x64", "every thread has as much", "too few");
  says("1x3x4096x64", "all of a cache", "L2");
  says("1x1x1x64", "too few for more", "as much");
}

}  // namespace
