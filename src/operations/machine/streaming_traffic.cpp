// The limit of the memory, with streaming stores: what a Traffic says (suite/traffic.hpp), and nothing else.
#include "operations/machine/transfers.hpp"

namespace trilbench::TRILBENCH_ISA::machine {

extern const Implementation streaming_traffic = {
    .idea = "no method, but a limit: the compulsory bytes moved with streaming stores",
    .role = Role::probe,
    .kernel = kernel_of<Transfers<Stores::streaming>>(),
};

}  // namespace trilbench::TRILBENCH_ISA::machine
