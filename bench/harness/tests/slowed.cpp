// Every way of causal_mean, one of them slower than it is by a known share: scripts/compare --self-test must
// find it. TRILBENCH_SLOWED says which and by how much: tril_gemm/avx2=0.05. Calls of less than ten
// microseconds are left alone: reading the clock alone would slow them by more.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "harness/run.hpp"
#include "suite/isa.hpp"

namespace {

using trilbench::Implementation;
using trilbench::Problem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds least_call(10);

const Implementation* original;
double share;

void run_slowed(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  const Clock::time_point begin = Clock::now();
  original->run(problem, inputs, output, workspace);
  const Clock::duration own = Clock::now() - begin;
  if (own < least_call) return;
  const Clock::time_point end =
      begin + own + std::chrono::duration_cast<Clock::duration>(share * std::chrono::duration<double>(own));
  while (Clock::now() < end) continue;
}

}  // namespace

int main(int argc, char** argv) {
  const char* const variable = std::getenv("TRILBENCH_SLOWED");
  const std::string wanted = variable ? variable : "";
  const std::size_t equals = std::min(wanted.find('='), wanted.size());
  const std::string way = wanted.substr(0, equals);
  share = std::atof(wanted.c_str() + std::min(equals + 1, wanted.size()));
  std::vector<const Implementation*> rows;
  Implementation slowed{};
  for (const Implementation* row : trilbench::bench::measured_rows()) {
    if (std::string(row->name) + "/" + std::string(trilbench::name_of(row->isa)) == way) {
      original = row;
      slowed = *row;
      slowed.run = run_slowed;
      row = &slowed;
    }
    rows.push_back(row);
  }
  return trilbench::bench::run(
      {.operation = "causal_mean", .quick = {"8x256x64"}, .full = {"8x256x64"}, .rows = rows}, argc, argv);
}
