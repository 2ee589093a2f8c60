#include <Eigen/Core>
#include <string>

#include "peers/best_set.hpp"
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

constexpr ForSet<EigenVariants> sets[] = {
#define SET(set) {Isa::set, &set::eigen::compiled},
#include "lane_sets.inc"
#undef SET
};

const ForSet<EigenVariants>& chosen() { return best_set<EigenVariants>(sets); }

}  // namespace

std::span<const Variant> peer_variants() { return chosen().compiled->variants; }

std::string peer_library() {
  const auto number = [](int part) { return std::to_string(part); };
  return "Eigen " + number(EIGEN_WORLD_VERSION) + "." + number(EIGEN_MAJOR_VERSION) + "." +
         number(EIGEN_MINOR_VERSION) + ", compiled with -O3 for " + std::string(name_of(chosen().isa)) +
         ": " + chosen().compiled->instruction_sets();
}

}  // namespace trilbench
