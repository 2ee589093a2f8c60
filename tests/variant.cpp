// What can be asked of a variant on any CPU, and that its code can be reached on a CPU that has its set
// alone.
#include "suite/variant.hpp"

#include <doctest/doctest.h>

#include <concepts>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "suite/registry.hpp"
#include "suite/shape.hpp"

namespace {

using namespace trilbench;

// A kernel's functions are nobody's but Runnable's, which comes from Runnable::of alone.

template <class T>
concept shows_functions = requires(T kernel) {
  kernel.workspace_bytes_;
}
|| requires(T kernel) { kernel.prepare_; }
|| requires(T kernel) { kernel.run_; }
|| requires(T kernel) { kernel.refuses_; };

struct OpenKernel {  // what a Kernel would be without its `private`
  Kernel::Run run_;
};

static_assert(shows_functions<OpenKernel>);
static_assert(!shows_functions<Kernel>);
static_assert(!std::invocable<Kernel, void*, const float* const*, float*>);
static_assert(!std::is_default_constructible_v<Runnable> && !std::is_constructible_v<Runnable, Kernel>);

const Operation& causal_mean() { return *operation_named("causal_mean"); }

// Stands for code that this CPU cannot execute.

[[noreturn]] void reached() { throw std::range_error("reached"); }

constexpr Kernel unreachable{
    [](const Problem&, const Machine&) -> std::size_t { reached(); },
    [](const Problem&, const Machine&, void*) { reached(); },
    [](void*, const float* const*, float*) { reached(); },
    [](const Problem&) -> const char* { reached(); },
};

constexpr Implementation in_blocks{.idea = "sums in blocks",
                                   .flops = {.per_term = 2, .per_output = 3},
                                   .sum_block = 4,
                                   .kernel = unreachable};

#if defined(__x86_64__)
constexpr Isa of_another_cpu = Isa::neon;
#else
constexpr Isa of_another_cpu = Isa::sse2;
#endif

TEST_CASE("benchmark names are the contract's") {
  const Problem problem = parse_shape(causal_mean(), "8x1024x64", 2);
  CHECK(benchmark_name(causal_mean(), {"causal_mean", "running_sum", Isa::auto_avx2, &in_blocks}, problem) ==
        "causal_mean/running_sum/auto-avx2/f32/B:8/T:1024/C:64/omp:2");
  CHECK(benchmark_name(causal_mean(), {"causal_mean", "torch_cumsum", std::nullopt, &in_blocks}, problem) ==
        "causal_mean/torch_cumsum/peer/f32/B:8/T:1024/C:64/omp:2");
  const Operation& broadcast_matmul = *operation_named("broadcast_matmul");
  CHECK(benchmark_name(broadcast_matmul, {"broadcast_matmul", "batched_gemm", Isa::avx512, &in_blocks},
                       parse_shape(broadcast_matmul, "3x1x2x2@5x2x3")) ==
        "broadcast_matmul/batched_gemm/avx512/f32/X:3x1x2x2/Y:5x2x3/omp:1");
}

TEST_CASE("a variant of another CPU is described, gives no kernel, and is skipped for that") {
  const Variant variant{"causal_mean", "in_blocks", of_another_cpu, &in_blocks};
  const Problem problem = parse_shape(causal_mean(), "2x3x5");
  CHECK(!Runnable::of(variant));
  CHECK(isa_text(variant) == name_of(of_another_cpu));
  CHECK(flops(causal_mean(), variant, problem) == 2 * (2 * (1 + 2 + 3) * 5) + 3 * 30);
  CHECK(growth(causal_mean(), variant, problem) > 0);
  CHECK(why_skipped(causal_mean(), variant, problem).find("not an instruction set of this kind of CPU") !=
        std::string::npos);
}

TEST_CASE("every variant that was compiled in is described on this CPU, whichever it is") {
  for (const Variant& variant : variants()) {
    const Operation& operation = *operation_named(variant.operation);
    const Problem problem = parse_shape(operation, operation.example);
    INFO(benchmark_name(operation, variant, problem));
    CHECK(Runnable::of(variant).has_value() == why_unsupported(*variant.isa).empty());
    CHECK(std::string(variant.implementation->idea) != "");
    CHECK(flops(operation, variant, problem) >= 0);
    CHECK(growth(operation, variant, problem) >= 0);
    static_cast<void>(why_skipped(operation, variant, problem));
  }
}

TEST_CASE("a variant is skipped for the CPU's reason, then for its own, the operation's and the kernel's") {
  constexpr Kernel because{
      [](const Problem&, const Machine&) { return std::size_t{0}; },
      [](const Problem&, const Machine&, void*) {}, [](void*, const float* const*, float*) {},
      [](const Problem& problem) { return problem.sizes[1] == 7 ? "because" : nullptr; }};
  Implementation implementation{.idea = "", .kernel = because};
  const Variant variant{"causal_mean", "picky", Isa::scalar, &implementation};
  const auto reason = [&](const char* shape, int threads = 1) {
    return why_skipped(causal_mean(), variant, parse_shape(causal_mean(), shape, threads));
  };
  CHECK(reason("1x1x1") == "");
  CHECK(reason("1x7x1") == "because");
  CHECK(reason("1x16777217x1") == "T > 2^24: a float32 cannot count the terms");
  CHECK(reason("1x1x1", 2) == "");
  implementation.one_thread = true;
  CHECK(reason("1x7x1", 2) == "runs on one thread");
}

TEST_CASE("sums in blocks see fewer roundings, and no claim makes them more") {
  const Problem problem = parse_shape(causal_mean(), "1x1000x1");
  const auto roundings_with = [&](std::int64_t block) {
    const Implementation implementation{.idea = "", .sum_block = block, .kernel = unreachable};
    return roundings(causal_mean(), {"causal_mean", "in_blocks", Isa::scalar, &implementation}, problem, 999);
  };
  CHECK(roundings_with(0) == 1000 + 2);
  CHECK(roundings_with(16) == 16 + 63 + 1 + 2);
  CHECK(roundings_with(1) == 1000 + 2);
}

}  // namespace
