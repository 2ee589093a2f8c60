// kernels/triangle_traffic.hpp reading a triangle W[T, T] by as many parts as the problem has threads: what
// it saw, a register for each of them.
#include "kernels/triangle_traffic.hpp"

#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::reading {
namespace {

double flops(const Problem&) { return 0; }

void run(const Problem& problem, const float* const* inputs, float* seen, void*) {
  const std::int64_t T = problem.sizes[0];
  for (int part = 0; part < problem.threads; ++part) {
    Reader reader;
    read_triangle(reader, inputs[0], T, triangle_share(1, T, 1, part, problem.threads),
                  triangle_share(1, T, 1, part + 1, problem.threads));
    store(seen + part * lanes, reader.seen());
  }
}

}  // namespace

extern const Implementation triangle = {
    .operation = "reading",
    .name = "triangle",
    .isa = Isa::TRILBENCH_ISA,
    .idea = "reads a lower triangle, for the tests",
    .flops = flops,
    .run = run,
};

}  // namespace trilbench::TRILBENCH_ISA::reading
