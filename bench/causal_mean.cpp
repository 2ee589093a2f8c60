// Every position's mean over itself and its past: y[b, t] = mean(x[b, 0..t]).
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "causal_mean",
          // From one that fits in registers to one beyond L2.
          .quick = {"4x8x2", "8x256x64", "8x1024x64", "4x2048x128", "1x4096x384"},
          .full = {"4x8x2", "8x256x64", "8x512x64", "8x1024x64", "8x1024x65", "8x1024x100", "8x1024x256",
                   "4x1000x1000", "4x2048x128", "1x4096x64", "1x4096x384", "3x4096x64", "32x256x384",
                   "32x1024x384",
                   // few channels: the lanes must come from elsewhere
                   "1x1048576x1", "1x524288x2", "1x349525x3", "1x131072x8", "64x16384x1", "64x8192x2",
                   "64x5461x3", "64x2048x8",
                   // beyond every cache
                   "1x131072x256", "64x2048x512"},
      },
      argc, argv);
}
