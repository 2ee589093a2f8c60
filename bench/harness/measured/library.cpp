#include "harness/run.hpp"
#include "peers/peer.hpp"

namespace trilbench::bench {

std::span<const Variant> measured_variants() { return peer_variants(); }
bool measures_library() { return true; }
std::string measured_library() { return peer_library(); }

}  // namespace trilbench::bench
