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
      },
      argc, argv);
}
