// The limit of the memory, with ordinary stores to prefetched lines: what a Traffic says (suite/traffic.hpp),
// and nothing else.
#include "operations/machine/transfers.hpp"

namespace trilbench::TRILBENCH_ISA::machine {

extern const Implementation prefetched_traffic = {
    .idea = "no method, but a limit: the compulsory bytes moved with ordinary stores to prefetched lines",
    .role = Role::probe,
    .kernel = kernel_of<Transfers<Stores::prefetched>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
