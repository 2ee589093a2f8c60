// The limit of the memory, with ordinary stores: what a Traffic says (suite/traffic.hpp), and nothing else.
#include "operations/machine/transfers.hpp"

namespace trilbench::TRILBENCH_ISA::machine {

extern const Implementation traffic = {
    .idea = "no method, but a limit: the compulsory bytes moved with ordinary stores",
    .role = Role::probe,
    .kernel = kernel_of<Transfers<Stores::ordinary>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
