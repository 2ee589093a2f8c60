#include <Eigen/Core>
#include <string>

#include "peers/eigen/variants.hpp"
#include "peers/peer.hpp"

namespace trilbench {

#define SET(set)                       \
  namespace set::eigen {               \
  extern const EigenVariants compiled; \
  }
#include "lane_sets.inc"
#undef SET

namespace {

struct Compiled {
  Isa isa;
  const EigenVariants* eigen;
};

// From the least to the most able.
constexpr Compiled sets[] = {
#define SET(set) {Isa::set, &set::eigen::compiled},
#include "lane_sets.inc"
#undef SET
};

/// Of the sets that this CPU has, the most able: no code of another is reached.
const Compiled& chosen() {
  const Compiled* best = sets;
  for (const Compiled& it : sets)
    if (why_unsupported(it.isa).empty()) best = &it;
  return *best;
}

}  // namespace

std::span<const Variant> peer_variants() { return chosen().eigen->variants; }

std::string peer_library() {
  const auto number = [](int part) { return std::to_string(part); };
  return "Eigen " + number(EIGEN_WORLD_VERSION) + "." + number(EIGEN_MAJOR_VERSION) + "." +
         number(EIGEN_MINOR_VERSION) + ", compiled with -O3 for " + std::string(name_of(chosen().isa)) +
         ": " + chosen().eigen->instruction_sets();
}

}  // namespace trilbench
