// NumPy's `@`: products of matrices, the dimensions before broadcast.
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "broadcast_matmul",
          // From a notebook's to one beyond L2.
          .quick = {"3x1x2x2@5x2x3", "64x4x4@64x4x4", "64x64x64@64x64", "64x64@64x64x64", "512x512@512x512"},
          .full = {"3x1x2x2@5x2x3", "6x4x2@3x1x2x2", "8x8@4x8x2",
                   // tiny ones: several products fit a register, or a row of one fills a part of it
                   "64x2x2@64x2x2", "64x3x3@64x3x3", "64x4x4@64x4x4", "64x5x5@64x5x5", "64x8x8@64x8x8",
                   "64x12x12@64x12x12", "64x16x16@64x16x16", "64x4x4@4x4", "4x4@64x4x4",
                   // broadcast on neither side, on the right, on the left
                   "64x64x64@64x64x64", "64x64x64@64x64", "64x64@64x64x64", "8x1x64x64@8x64x64",
                   // nothing that a tile or a register divides
                   "7x13x11@11x9", "33x29x31@33x31x37", "65x100x80@80x50",
                   // one product
                   "128x128@128x128", "512x512@512x512", "1024x1024@1024x1024", "2048x1000@1000x777",
                   // one row, one column
                   "1x1024@1024x1024", "1024x1024@1024x1",
                   // memory beyond every cache
                   "4096x64x64@4096x64x64"},
      },
      argc, argv);
}
