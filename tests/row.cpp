// What a row says of itself on a problem: names that other tools read, memory, reasons to be skipped.
#include "suite/row.hpp"

#include <doctest/doctest.h>

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
  CHECK(workspace_bytes(row, small) == 0);
  CHECK(memory_bytes(causal_mean(), row, small) == 2 * 30 * 4);
  CHECK(memory_bytes(causal_mean(), row, parse_shape(causal_mean(), "1073741824x1073741824x1")) == 0x1p63);
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
#if defined(__x86_64__)
  row.isa = Isa::neon;
#else
  row.isa = Isa::sse2;
#endif
  CHECK(why_skipped(row, problem).find("not an instruction set of this kind of CPU") != std::string::npos);
}

}  // namespace
