// Answers as a benchmark binary of the suite does when scripts/compare --instructions calls it. Its kernel,
// of one benchmark, is a loop of STEPS steps.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace trilbench::bench {

struct Measurement {
  void timed_calls(void (*run)(int), long calls);
};

[[gnu::noinline]] void Measurement::timed_calls(void (*run)(int), long calls) {
  std::puts("the loop begins");
  for (long call = 0; call < calls; ++call) run(STEPS);
}

}  // namespace trilbench::bench

static void kernel(int steps) {
  for (volatile int step = 0; step < steps; step = step + 1) continue;
}

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!std::strcmp(argv[i], "--help")) return std::puts("--iterations=FILE"), 0;
    if (!std::strcmp(argv[i], "--list=json")) return std::puts(R"({"rows": [)" ROW "]}"), 0;
    if (std::strncmp(argv[i], "--iterations=", 13)) continue;
    std::ifstream file(argv[i] + 13);
    std::string name;
    long calls = 0;
    file >> name >> calls;
    if (STEPS == 13) return 2;
    for (long call = 0; call <= calls / 10; ++call) kernel(STEPS);
    trilbench::bench::Measurement().timed_calls(&kernel, calls);
  }
}
