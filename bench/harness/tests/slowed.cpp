// Every way of causal_mean, one of them slower than it is by a known share: scripts/compare --self-test must
// find it. TRILBENCH_SLOWED says which and by how much: tril_gemm/avx2=0.05. Problems whose calls take less
// than ten microseconds are left alone: reading the clock alone would slow them by more.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run.hpp"
#include "suite/isa.hpp"

namespace {

using trilbench::Implementation;
using trilbench::Problem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view operation = "causal_mean";
constexpr std::chrono::microseconds least_call(10);

const Implementation* original;
double share;

// Whether calls of the problem are short is seen at the first of them: problems take turns, calls do not.
bool is_short(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  static Problem seen{};
  static bool found = false;
  if (std::equal(std::begin(problem.sizes), std::end(problem.sizes), seen.sizes)) return found;
  seen = problem;
  found = true;
  for (int call = 0; call < 3 && found; ++call) {
    const Clock::time_point begin = Clock::now();
    original->run(problem, inputs, output, workspace);
    found = Clock::now() - begin < least_call;
  }
  return found;
}

void run_slowed(const Problem& problem, const float* const* inputs, float* output, void* workspace) {
  if (is_short(problem, inputs, output, workspace)) return original->run(problem, inputs, output, workspace);
  const Clock::time_point begin = Clock::now();
  original->run(problem, inputs, output, workspace);
  const Clock::duration own = Clock::now() - begin;
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
    if (row->operation != operation) continue;
    if (std::string(row->name) + "/" + std::string(trilbench::name_of(row->isa)) == way) {
      original = row;
      slowed = *row;
      slowed.run = run_slowed;
      row = &slowed;
    }
    rows.push_back(row);
  }
  return trilbench::bench::run(
      {.operation = operation, .quick = {"8x256x64"}, .full = {"8x256x64"}, .rows = rows}, argc, argv);
}
