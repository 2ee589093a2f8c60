"""PyTorch's C++ library, out of the Python package's wheel: Python itself is not needed to use it."""

import shutil
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from trilbench.paths import DEPENDENCIES, ROOT, shown
from trilbench.setup.lock import alone
from trilbench.setup.peers.library import NOT_INSTALLED, Library, chosen_by_user, in_folder
from trilbench.setup.tools import say, succeeds

VARIABLE, LIBRARY = "TRILBENCH_TORCH", "lib/libtorch_cpu.so"
UNPACKED = DEPENDENCIES / "torch"
LOG = DEPENDENCIES / "torch.log"

# The builds without CUDA are not on PyPI itself, though mirrors may have them.
INDEXES: tuple[tuple[str, ...], ...] = ((), ("--index-url=https://download.pytorch.org/whl/cpu",))


def ensure(install: bool) -> Library:
    """Installs it if it is missing."""
    if chosen := chosen_by_user(VARIABLE, LIBRARY):
        return chosen
    if not (UNPACKED / "torch" / LIBRARY).is_file():
        if not install:
            return Library(missing=NOT_INSTALLED)
        with alone():  # another process may have unpacked it meanwhile
            if not (UNPACKED / "torch" / LIBRARY).is_file() and not any(_unpack_from(index) for index in INDEXES):
                return Library(missing=f"its wheel is not to be had; {shown(LOG)} says why")
    return in_folder(VARIABLE, UNPACKED / "torch")


def _unpack_from(index: Sequence[str]) -> bool:
    """Fetches the wheel and unpacks what C++ needs of it. The folder appears complete or not at all."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        (wheel,) = tomllib.load(file)["dependency-groups"]["peers-unpacked"]
    part = UNPACKED.with_name(f"{UNPACKED.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        say(f"unpacking {wheel}, 190 MB to fetch, into {shown(UNPACKED)} (once)")
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *index]
        if not succeeds([*fetch, "--dest", part, wheel], LOG):
            return False
        (archive,) = part.glob("*.whl")
        unpack(archive, part / "root")
        shutil.rmtree(UNPACKED, ignore_errors=True)
        (part / "root").rename(UNPACKED)
        return True
    except (OSError, zipfile.BadZipFile) as error:  # a full disk, a download that broke off
        with LOG.open("a", encoding="utf-8") as log:
            log.write(f"unpacking {wheel}: {error}\n")
        return False
    finally:
        shutil.rmtree(part, ignore_errors=True)


def unpack(wheel: Path, folder: Path) -> None:
    """The headers and libraries of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        wanted = ("torch/include/", "torch/lib/", "torch.libs/")
        archive.extractall(folder, [name for name in archive.namelist() if name.startswith(wanted)])
