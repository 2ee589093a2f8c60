// Every position's sum over itself and its past, with given weights: y[b] = tril(W) x[b].
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "tril_matmul",
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
          .odd =
              {
                  "1x3x1",    "6x3x2",   "2x3x7",    "7x3x17",   "3x3x65",   "8x5x1",    "4x5x2",
                  "9x5x7",    "5x5x17",  "1x5x65",   "6x8x1",    "2x8x2",    "7x8x7",    "3x8x17",
                  "8x8x65",   "4x13x1",  "9x13x2",   "5x13x7",   "1x13x17",  "6x13x65",  "2x17x1",
                  "7x17x2",   "3x17x7",  "8x17x17",  "4x17x65",  "9x31x1",   "5x31x2",   "1x31x7",
                  "6x31x17",  "2x31x65", "7x33x1",   "3x33x2",   "8x33x7",   "4x33x17",  "9x33x65",
                  "5x64x1",   "1x64x2",  "6x64x7",   "2x64x17",  "7x64x65",  "3x65x1",   "8x65x2",
                  "4x65x7",   "9x65x17", "5x65x65",  "1x100x1",  "6x100x2",  "2x100x7",  "7x100x17",
                  "3x100x65", "8x127x1", "4x127x2",  "9x127x7",  "5x127x17", "1x127x65", "6x130x1",
                  "2x130x2",  "7x130x7", "3x130x17", "8x130x65",
              },
      },
      argc, argv);
}
