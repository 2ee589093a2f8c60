// What a row says of itself on a problem: names that other tools read, memory, reasons to be skipped.
#include "suite/row.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "suite/registry.hpp"
#include "suite/shape.hpp"

namespace {

using namespace trilbench;

const Operation& causal_mean() { return *operation_named("causal_mean"); }

constexpr Implementation plain_row{.operation = "causal_mean",
                                   .name = "running_sum",
                                   .isa = Isa::auto_avx2,
                                   .idea = "",
                                   .flops = nullptr,
                                   .run = nullptr};

#if defined(__x86_64__)
constexpr Isa of_another_cpu = Isa::neon;
#else
constexpr Isa of_another_cpu = Isa::sse2;
#endif

TEST_CASE("benchmark names are the contract's") {
  const Problem problem = parse_shape(causal_mean(), "8x1024x64", 2);
  CHECK(benchmark_name(causal_mean(), plain_row, problem) ==
        "causal_mean/running_sum/auto-avx2/f32/B:8/T:1024/C:64/omp:2");
  const Operation& broadcast_matmul = *operation_named("broadcast_matmul");
  CHECK(benchmark_name(broadcast_matmul,
                       {.operation = "broadcast_matmul",
                        .name = "batched_gemm",
                        .isa = Isa::avx512,
                        .idea = "",
                        .flops = nullptr,
                        .run = nullptr},
                       parse_shape(broadcast_matmul, "3x1x2x2@5x2x3")) ==
        "broadcast_matmul/batched_gemm/avx512/f32/X:3x1x2x2/Y:5x2x3/omp:1");
}

TEST_CASE("memory is inputs, output and workspace, without overflow") {
  const Problem small = parse_shape(causal_mean(), "2x3x5");
  Implementation row = plain_row;
  row.isa = Isa::scalar;
  CHECK(workspace_bytes(row, small) == 0);
  CHECK(memory_bytes(causal_mean(), row, small) == 2 * 30 * 4);
  CHECK(memory_bytes(causal_mean(), row, parse_shape(causal_mean(), "4194304x4194304x1")) == 0x1p47);
  row.workspace_bytes = [](const Problem&) { return std::size_t{1000}; };
  CHECK(workspace_bytes(row, small) == 1000);
  CHECK(memory_bytes(causal_mean(), row, small) == 2 * 30 * 4 + 1000);
}

TEST_CASE("a row is skipped for the CPU's reason, then for its own") {
  Implementation row = plain_row;
  row.isa = Isa::scalar;
  const Problem problem = parse_shape(causal_mean(), "1x1x1");
  CHECK(why_skipped(row, problem) == "");
  row.refuses = [](const Problem&) -> const char* { return "because"; };
  CHECK(why_skipped(row, problem) == "because");
  row.isa = of_another_cpu;
  CHECK(why_skipped(row, problem).find("not an instruction set of this kind of CPU") != std::string::npos);
}

TEST_CASE("a row of another CPU is never asked, nor of a problem that it refuses") {
  // Stand for code that this CPU cannot execute.
  Implementation row = plain_row;
  row.isa = Isa::scalar;
  row.flops = [](const Problem&) -> double { throw std::range_error("asked"); };
  row.workspace_bytes = [](const Problem&) -> std::size_t { throw std::range_error("asked"); };
  row.roundings = [](const Problem&, std::int64_t) -> double { throw std::range_error("asked"); };
  const Problem problem = parse_shape(causal_mean(), "2x3x5");
  CHECK_THROWS_AS(figures(causal_mean(), row, problem), std::range_error);
  row.refuses = [](const Problem&) -> const char* { return "because"; };
  CHECK(!figures(causal_mean(), row, problem));
  row.isa = of_another_cpu;
  row.refuses = [](const Problem&) -> const char* { throw std::range_error("asked"); };
  CHECK(!figures(causal_mean(), row, problem));
  CHECK_THROWS_AS(flops(row, problem), std::logic_error);
  CHECK_THROWS_AS(workspace_bytes(row, problem), std::logic_error);
  CHECK_THROWS_AS(memory_bytes(causal_mean(), row, problem), std::logic_error);
}

}  // namespace
