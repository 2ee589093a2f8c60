// Every query's mean of the values of its past, weighted by the softmax of its products with the keys.
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "causal_attention",
          .quick = {"1x8x64x64", "1x8x512x64", "1x8x1024x64"},
          .full = {"1x8x64x64", "1x8x128x64", "1x8x256x64", "1x8x512x64", "1x8x1024x64", "1x8x2048x64",
                   "1x8x4096x64", "1x8x8192x64",
                   // other sizes of a head
                   "1x8x1024x32", "1x8x1024x80", "1x8x1024x96", "1x8x1024x128", "1x8x4096x128",
                   // four heads of queries over each of keys
                   "1x8g2x1024x64",
                   // one head, long and short
                   "1x1x32768x64", "1x1x8x16"},
          .odd = {"1x8x1x1",   "1x1x1x7",   "1x3x1x48",   "1x2x2x2",   "1x6x2x17",   "1x8x2x64",
                  "1x1x3x3",   "1x3x3x33",  "1x2x3x65",   "1x6x5x1",   "1x8x5x7",    "1x1x5x48",
                  "1x3x8x2",   "1x2x8x17",  "1x6x8x64",   "1x8x13x3",  "1x1x13x33",  "1x3x13x65",
                  "1x2x17x1",  "1x6x17x7",  "1x8x17x48",  "1x1x31x2",  "1x3x31x17",  "1x2x31x64",
                  "1x6x33x3",  "1x8x33x33", "1x1x33x65",  "1x3x64x1",  "1x2x64x7",   "1x6x64x48",
                  "1x8x65x2",  "1x1x65x17", "1x3x65x64",  "1x2x100x3", "1x6x100x33", "1x8x100x65",
                  "1x1x127x1", "1x3x127x7", "1x2x127x48", "1x6x130x2"},
      },
      argc, argv);
}
