// kernels/memory/read.hpp reading a triangle W[T, T] by as many parts as the problem has threads: what it
// saw, a register for each of them.
#include "kernels/memory/read.hpp"
#include "kernels/parallel.hpp"
#include "suite/implementation.hpp"

namespace trilbench::TRILBENCH_ISA::reading {
namespace {

void run(const Problem& problem, const float* const* inputs, float* seen, void*) {
  const std::int64_t T = problem.sizes[0];
  for (int part = 0; part < problem.threads; ++part) {
    const Range rows = part_of_triangles(1, T, 1, part, problem.threads);
    Reader reader;
    reader.read_triangle(inputs[0], T, rows.begin, rows.end);
    store(seen + part * lanes, reader.seen());
  }
}

}  // namespace

extern const Implementation triangle = {
    .idea = "reads a lower triangle, for the tests",
    .kernel = kernel_of_functions<run>(),
};

}  // namespace trilbench::TRILBENCH_ISA::reading
