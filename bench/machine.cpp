// What the machine can do at most: copies through each level of its memory, and arithmetic in registers.
#include "harness/run.hpp"

int main(int argc, char** argv) {
  return trilbench::bench::run(
      {
          .operation = "machine",
          // x and y together: 32 KiB, 1 MiB, 16 MiB, 512 MiB.
          .quick = {"4096", "131072", "2097152", "67108864"},
          // From 8 KiB to 512 MiB, two octaves apart, and the quick ones.
          .full = {"1024", "4096", "16384", "65536", "131072", "262144", "1048576", "2097152", "4194304",
                   "16777216", "67108864"},
      },
      argc, argv);
}
