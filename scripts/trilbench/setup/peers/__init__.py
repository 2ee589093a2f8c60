"""The libraries that scripts/bench --peers measures, each found or installed by a module of its own."""

from trilbench.setup.peers import eigen, openblas, torch
from trilbench.setup.peers.library import Library

_ENSURE = {"openblas": openblas.ensure, "eigen": eigen.ensure, "torch": torch.ensure}  # the folders of src/peers
VARIABLES = {"eigen": eigen.VARIABLE, "torch": torch.VARIABLE}  # of CMake's, which name the libraries' folders


def ensure(install: bool) -> dict[str, Library]:
    """Makes the libraries available as far as this machine allows."""
    return {name: of_library(install) for name, of_library in _ENSURE.items()}
