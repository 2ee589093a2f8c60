// Every position's mean over itself and its past, weighted by the softmax of given logits.
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "causal_weighted_mean",
          // From one that fits in registers to one beyond L2.
          .quick = {"4x8x2", "8x256x64", "8x1024x64", "1x4096x384"},
          .full = {"1x8x2", "4x8x2", "8x64x64", "8x256x64", "8x512x64", "8x1024x64", "8x1024x65",
                   "8x1024x100", "8x1024x256", "4x1000x1000", "4x2048x128", "1x4096x64", "1x4096x384",
                   "3x4096x64", "32x256x384", "32x1024x384",
                   // nothing that a tile or a register divides
                   "3x13x7", "9x33x5", "5x65x17", "2x130x65",
                   // few channels: W is most of what is read
                   "1x1024x1", "1x4096x1", "1x8192x8",
                   // x beyond every cache
                   "64x2048x512"},
      },
      argc, argv);
}
