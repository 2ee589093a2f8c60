#include "peers/peer.hpp"
#include "harness/measured.hpp"

namespace trilbench::bench {

std::span<const Implementation* const> measured_rows() { return peer_rows(); }

bool measures_library() { return true; }

std::string measured_library() { return peer_library(); }

}  // namespace trilbench::bench
