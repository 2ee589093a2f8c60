// One new query a head against a cache of T keys and values, as generation does it.
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "attention_decode",
          .quick = {"1x8x1024x64", "1x8g2x4096x128"},
          .full = {"1x8x1024x64", "8x8x1024x64", "1x8x4096x64", "8x8x4096x64", "1x8x1024x128", "1x8x4096x128",
                   "4x8x4096x128", "1x8g2x1024x64", "8x8g2x1024x64", "8x8g2x4096x64", "1x8g2x4096x128",
                   "8x8g2x4096x128",
                   // one cache, short and long; no size that a register or a tile divides
                   "1x1x64x64", "1x1x131072x64", "3x6g2x1000x80"},
      },
      argc, argv);
}
