"""Debian and Ubuntu packages without root: fetched by apt-get, unpacked into a folder of the project's.

Nothing outside the folder is written, and root and users get the same. Packages that are installed on the system are
not fetched again.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from trilbench.paths import DEPENDENCIES
from trilbench.setup.tools import succeeds


def available() -> bool:
    """Whether this system has apt-get and dpkg-deb."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb"))


def unpack(name: str, packages: Sequence[str], architecture: str = "") -> Path | None:
    """Unpacks the packages, and what they need that the system lacks, into .deps/<name>; returns it, or None if they
    cannot be had. The folder appears complete or not at all; the log is .deps/<name>.log. Of another architecture than
    the system's, such as arm64, they come with everything that they need."""
    folder = DEPENDENCIES / name
    part = DEPENDENCIES / f"{name}.part"
    log = DEPENDENCIES / f"{name}.log"
    root = part / "root"
    shutil.rmtree(part, ignore_errors=True)
    for needed in (root, part / "archives" / "partial", part / "lists" / "partial"):
        needed.mkdir(parents=True)
    try:
        if not _download(packages, architecture, part, log):
            return None
        archives = sorted((part / "archives").glob("*.deb"))
        if not all(succeeds(["dpkg-deb", "-x", archive, root], log) for archive in archives):
            return None
        for file in root.rglob("*.cmake"):
            relocate(file, root / "usr")
        shutil.rmtree(folder, ignore_errors=True)
        root.rename(folder)
        return folder
    finally:
        shutil.rmtree(part, ignore_errors=True)


def relocate(file: Path, prefix: Path) -> None:
    """Makes a CMake package file find its prefix from where it lies, where it names /usr (as doctest's does)."""
    text = file.read_text(encoding="utf-8", errors="surrogateescape")
    up = "/".join([".."] * len(file.parent.relative_to(prefix).parts))
    own = f'get_filename_component(_IMPORT_PREFIX "${{CMAKE_CURRENT_LIST_DIR}}/{up}" ABSOLUTE)'
    moved = text.replace('set(_IMPORT_PREFIX "/usr")', own)
    if moved != text:
        file.write_text(moved, encoding="utf-8", errors="surrogateescape")


def _download(packages: Sequence[str], architecture: str, part: Path, log: Path) -> bool:
    env = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    common = [
        *("apt-get", "-q"),
        "-oDebug::NoLocking=true",  # the system's locks belong to root, and nothing of the system's is changed
        "-oAPT::Sandbox::User=root",  # as root: the user _apt may not read the checkout
        f"-oDir::Cache={part}",
        f"-oDir::Cache::archives={part / 'archives'}",
        "-oAcquire::Retries=1",
        "-oAcquire::http::Timeout=20",  # a machine may reach GitHub and no Debian mirror
        *("-oDir::Cache::pkgcache=", "-oDir::Cache::srcpkgcache="),
    ]
    fetch = ["install", "--yes", "--download-only", "--no-install-recommends", *packages]
    # The system's package lists may be missing (container images) or out of date: then with fresh ones of our own.
    own_lists = [*common, f"-oDir::State::lists={part / 'lists'}"]
    if architecture:
        # apt is told that it serves a machine of that architecture on which nothing is installed.
        nothing = part / "status"
        nothing.touch()
        own_lists += [f"-oDir::State::status={nothing}"]
        own_lists += [f"-oAPT::Architecture={architecture}", f"-oAPT::Architectures={architecture}"]
    elif succeeds([*common, *fetch], log, env):
        return True
    return succeeds([*own_lists, "update"], log, env) and succeeds([*own_lists, *fetch], log, env)
