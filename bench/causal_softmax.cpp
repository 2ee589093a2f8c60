// Every row's softmax over its past: P = softmax(mask(W)).
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "causal_softmax",
          // From one that fits in registers to one beyond L2.
          .quick = {"8", "256", "1024", "4096"},
          .full = {"8", "17", "64", "100", "256", "257", "512", "1000", "1024", "2048", "4096", "4097",
                   "8192"},
      },
      argc, argv);
}
