"""The libraries that scripts/bench --peers measures: the one that the user names by a variable, else the system's, else
one that is installed in the project."""

import os
import re
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from trilbench.paths import DEPENDENCIES, ENVIRONMENT, ROOT, shown
from trilbench.setup import debian, environment
from trilbench.setup.tools import alone, say, succeeds
from trilbench.stop import Stop

# The variables of CMake's that name a library's folder, for the user too, and a file that must lie in it.
VARIABLES = {"eigen": "TRILBENCH_EIGEN", "torch": "TRILBENCH_TORCH"}
_FILES = {"eigen": "Eigen/Core", "torch": "lib/libtorch_cpu.so"}
EIGEN_FOLDERS = [Path("/usr/local/include/eigen3"), Path("/usr/include/eigen3")]
SYSTEM = Path("/")
EIGEN, TORCH = DEPENDENCIES / "eigen", DEPENDENCIES / "torch"  # where they are unpacked
_TORCH_LOG = DEPENDENCIES / "torch.log"


class _Loaded(NamedTuple):
    """A library that its programs load when they run."""

    variable: str  # by which they are told its file
    requirement: str = ""  # PyPI's name of it, if it is in requirements/peers.txt
    wheel: str = ""  # where that lies in the environment
    package: str = ""  # Debian's
    unpacked: str = ""  # where its library lies, on the system too


_LOADED = {
    "openblas": _Loaded(
        "TRILBENCH_OPENBLAS",
        "scipy-openblas32",
        "lib/python3*/site-packages/scipy_openblas32/lib/libscipy_openblas.so",
        "libopenblas0-pthread",
        "usr/lib/*/openblas-pthread/libopenblas.so.0",
    ),
    "mkl": _Loaded("TRILBENCH_MKL", "mkl", "lib/libmkl_rt.so.*"),
    "ggml": _Loaded("TRILBENCH_GGML", "libggml-python", "lib/python3*/site-packages/libggml/lib64/libggml-cpu.so"),
    "onnxruntime": _Loaded(
        "TRILBENCH_ONNXRUNTIME",
        "onnxruntime",
        "lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so.*",
    ),
    "blis": _Loaded("TRILBENCH_BLIS", package="libblis4-openmp", unpacked="usr/lib/*/blis-openmp/libblis.so.4"),
}


@dataclass(frozen=True)
class Library:
    """A library as this machine has it."""

    environment: Mapping[str, str] = field(default_factory=dict)  # variables that its programs run under
    settings: tuple[str, ...] = ()  # flags by which CMake finds it
    missing: str = ""  # why there is none


def ensure(install: bool) -> dict[str, Library]:
    """Makes the libraries, named as the folders of src/peers, available as far as this machine allows."""
    if install:
        _install_wheels()
    folders = [*EIGEN_FOLDERS, EIGEN / "usr/include/eigen3"]
    return {
        **{name: _loaded(name, library, install) for name, library in _LOADED.items()},
        "eigen": _in_folder("eigen", folders, _unpack_eigen if install else None),
        "torch": _in_folder("torch", [TORCH / "torch"], _unpack_torch if install else None),
    }


def _in_folder(name: str, folders: list[Path], unpack: Callable[[], str] | None) -> Library:
    """A library that CMake finds in one of the folders, which `unpack` fills where it can, or says why not."""
    variable, file = VARIABLES[name], _FILES[name]
    if chosen := os.environ.get(variable):
        if not (Path(chosen) / file).is_file():
            return Library(missing=f"there is no {file} in {chosen}, which {variable} names")
        return Library(settings=(f"-D{variable}={Path(chosen).resolve()}",))
    for attempt in (None, unpack):
        reason = attempt() if attempt else "it is not installed; scripts/bench --peers without --no-install does that"
        if found := next((folder for folder in folders if (folder / file).is_file()), None):
            return Library(settings=(f"-D{variable}={found}",))
    return Library(missing=reason)


def _unpack_eigen() -> str:
    with alone():
        if debian.available():
            say(f"unpacking Debian's libeigen3-dev into {shown(EIGEN)} (once)")
            debian.unpack(EIGEN.name, ["libeigen3-dev"])
    return f"Debian's libeigen3-dev is not to be had; where Eigen lies, {VARIABLES['eigen']} can say"


def _unpack_torch() -> str:
    """Out of the Python package's wheel: Python itself is not needed to use it."""
    with alone():  # another process may have unpacked it meanwhile
        if not (TORCH / "torch" / _FILES["torch"]).is_file():
            _fetch_torch()
    return (
        f"its wheel is not to be had; {shown(_TORCH_LOG)} says why. PyTorch keeps its builds without CUDA in an index "
        "of its own, which PIP_EXTRA_INDEX_URL can name"
    )


def _fetch_torch() -> None:
    """Fetches the wheel and unpacks what C++ needs of it. The folder appears complete or not at all."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        (wheel,) = tomllib.load(file)["dependency-groups"]["peers-unpacked"]
    part = TORCH.with_name(f"{TORCH.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        say(f"unpacking {wheel}, 190 MB to fetch, into {shown(TORCH)} (once)")
        fetch = [*environment.pip(), "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        if not succeeds([*fetch, "--dest", part, wheel], _TORCH_LOG):
            return
        (archive,) = part.glob("*.whl")
        with zipfile.ZipFile(archive) as content:
            wanted = ("torch/include/", "torch/lib/", "torch.libs/")
            content.extractall(part / "root", [name for name in content.namelist() if name.startswith(wanted)])
        shutil.rmtree(TORCH, ignore_errors=True)
        (part / "root").rename(TORCH)
    except (OSError, zipfile.BadZipFile) as error:  # a full disk, a download that broke off
        with _TORCH_LOG.open("a", encoding="utf-8") as log:
            log.write(f"unpacking {wheel}: {error}\n")
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _install_wheels() -> None:
    """Those of requirements/peers.txt, unless all are there, or the user has named others. Where one is not to be had,
    each by itself."""
    if not _wheels_missing():
        return
    try:
        environment.ensure(("peers",), True)
    except Stop as stop:
        say(f"{stop}; trying each library by itself")
        for library in _wheels_missing().values():
            _install_wheel(library)
        if left_out := ", ".join(_wheels_missing()):
            say(f"left out, since their wheels are not to be had: {left_out}; {shown(environment.LOG)} says why")


def _wheels_missing() -> dict[str, _Loaded]:
    return {
        name: library
        for name, library in _LOADED.items()
        if library.wheel and not os.environ.get(library.variable) and not any(ENVIRONMENT.glob(library.wheel))
    }


def _install_wheel(library: _Loaded) -> None:
    """One wheel of requirements/peers.txt, by its hashes there, if it can be had. Of what it depends on, its programs
    need nothing."""
    every = (environment.REQUIREMENTS / "peers.txt").read_text(encoding="utf-8")
    wanted = re.search(rf"^{library.requirement}==(.*\\\n)*.*$", every, re.MULTILINE)
    if not wanted:
        return
    with alone(), tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(wanted[0] + "\n")
        file.flush()
        options = ["--quiet", "--no-compile", "--no-deps", "--require-hashes", f"--requirement={file.name}"]
        with suppress(Stop):  # there is no pip
            succeeds([*environment.pip(), "install", *options], environment.LOG)


def _loaded(name: str, library: _Loaded, install: bool) -> Library:
    """A library that its programs load when they run: PyPI's wheel, else Debian's package. Nothing is said of where it
    lies if the user has said that, or if it is not to be had: then they look for the system's, and tell if there is
    none."""
    if os.environ.get(library.variable):
        return Library()
    found = find_loaded(name, library)
    if not found and install and library.package and debian.available():
        say(f"unpacking Debian's {library.package} into {shown(DEPENDENCIES / name)}")
        with alone():
            debian.unpack(name, [library.package])
        found = find_loaded(name, library)
    return Library(environment=found)


def find_loaded(name: str, library: _Loaded) -> Mapping[str, str]:
    """PyPI's library before Debian's, which is older; of Debian's the system's before ours. The system's must be named:
    what its plain name stands for is the administrator's choice, and may be another build."""
    for file in sorted(ENVIRONMENT.glob(library.wheel)) if library.wheel else []:
        return {library.variable: str(file)}
    for file in sorted(SYSTEM.glob(library.unpacked)) if library.package else []:
        return {library.variable: str(file)}
    for file in sorted((DEPENDENCIES / name).glob(library.unpacked)) if library.package else []:
        return {library.variable: str(file), "LD_LIBRARY_PATH": str(file.parents[1])}
    return {}
