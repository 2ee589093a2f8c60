#include "peers/eigen/library.hpp"

#include <string>

#include "peers/peer.hpp"

std::string trilbench::peer_library() {
  const auto number = [](int part) { return std::to_string(part); };
  return "Eigen " + number(EIGEN_WORLD_VERSION) + "." + number(EIGEN_MAJOR_VERSION) + "." +
         number(EIGEN_MINOR_VERSION) +
         ", compiled with -O3 -march=native: " + Eigen::SimdInstructionSetsInUse();
}
