"""What BASE and HEAD may be: a git ref, a source folder, a build folder, or one Google Benchmark program."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trilbench import git
from trilbench.measure.binary import Program, fingerprint
from trilbench.model.comparison import SideRecord
from trilbench.paths import BUILD, ROOT, operations, shown
from trilbench.setup.build import build_source
from trilbench.setup.tools import say
from trilbench.stop import Stop

CACHE = BUILD / "compare"


@dataclass(frozen=True)
class Side:
    """One of the two builds, built."""

    label: str
    what: str
    programs: tuple[Program, ...]
    built_here: bool = False  # from sources, by this command

    @property
    def record(self) -> SideRecord:
        digests = {program.path.name: fingerprint(program.path) for program in self.programs}
        return SideRecord(self.label, self.what, digests)


def is_run(argument: str) -> bool:
    return (Path(argument) / "manifest.json").is_file()


def find(argument: str, preset: str, install: bool) -> Side:
    """The side that the argument names, built first if it is a ref or a source folder. Raises Stop."""
    path = Path(argument)
    if path.is_file() and os.access(path, os.X_OK):
        return Side(argument, f"program {shown(path)}", (_program(path.resolve()),))
    if path.is_file():
        raise Stop(f"'{argument}' is no program: it cannot be executed")
    if (path / "bench").is_dir() and (path / "CMakeCache.txt").is_file():
        return Side(argument, f"build folder {shown(path)}", _programs(path.resolve() / "bench"))
    if (path / "CMakePresets.json").is_file():
        source = path.resolve()
        name = f"{source.name}-{hashlib.sha256(str(source).encode()).hexdigest()[:8]}-{preset}"
        folder = build_source(source, CACHE / name, preset, "bench/all", install)
        return Side(argument, f"source folder {shown(path)}", _programs(folder / "bench"), built_here=True)
    commit = git.asked(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{argument}^{{commit}}")
    if commit:
        subject = git.git(ROOT, "show", "--no-patch", "--format=%s", commit)
        programs = _programs(_built(commit, preset, install) / "bench")
        return Side(argument, f"commit {commit[:12]}: {subject}", programs, built_here=True)
    what = "exists but is none of them" if path.exists() else f"neither exists nor is a ref of this repository{_why()}"
    raise Stop(
        f"'{argument}' {what}: a side is a git ref, a source folder, a build folder, a run folder of scripts/bench or "
        "a Google Benchmark program"
    )


def _why() -> str:
    """Why no ref at all can be read, in brackets; empty if that is not so."""
    try:
        git.git(ROOT, "rev-parse", "--git-dir")
    except Stop as stop:
        return f" ({stop})"
    return ""


def _program(path: Path) -> Program:
    """A single file: ours if it is named for an operation and answers as ours do."""
    return Program(path, path.name if path.name in operations() and path.parent.name == "bench" else "")


def _programs(folder: Path) -> tuple[Program, ...]:
    """The benchmark binaries of the operations; libraries' are left out."""
    known = [Program(folder / name, name) for name in operations()]
    found = tuple(program for program in known if os.access(program.path, os.X_OK))
    if not found:
        raise Stop(
            f"{shown(folder)} holds no benchmark binary of this suite's: build its target bench/all, or name another "
            "project's program itself"
        )
    return found


def _built(commit: str, preset: str, install: bool) -> Path:
    """The commit's build folder; one that was made before is taken again."""
    folder = CACHE / f"{commit[:12]}-{preset}"
    if not (folder / "complete").exists():
        with _worktree(commit) as source:
            build_source(source, folder, preset, "bench/all", install)
        (folder / "complete").touch()
    return folder


@contextlib.contextmanager
def _worktree(commit: str) -> Iterator[Path]:
    """A checkout of the commit, gone afterwards. What a killed process left behind is tidied up first."""
    path = CACHE / f"{commit[:12]}-source"
    _remove(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    say(f"checking out {commit[:12]}")
    try:
        try:
            git.git(ROOT, "worktree", "add", "--detach", "--quiet", str(path), commit)
        except Stop as stop:
            raise Stop(f"cannot check out {commit[:12]}: {stop}") from stop
        yield path
    finally:
        _remove(path)


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    git.asked(ROOT, "worktree", "prune")
