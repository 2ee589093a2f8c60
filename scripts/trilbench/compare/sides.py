"""What BASE and HEAD may be: a git ref, a source folder, a build folder, or one Google Benchmark program."""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trilbench import git
from trilbench.commands import commit_of
from trilbench.paths import BUILD, ROOT, operations, shown
from trilbench.results.run import SideRecord
from trilbench.setup.binary import Program, fingerprint
from trilbench.setup.build import build_source, configured_under, given_now
from trilbench.setup.tools import alone, say
from trilbench.stop import Exit, Stop

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

    def of(self, operations: Sequence[str], may_lack: bool = False) -> "Side":
        """With the programs of these operations alone, if any are named. Raises Stop if there are none, unless the side
        may lack them: what only head lacks is a regression."""
        chosen = tuple(program for program in self.programs if not operations or program.operation in operations)
        if not chosen and not may_lack:
            raise Stop(f"{self.label} has no program of {', '.join(operations)}", Exit.NOTHING_MATCHED)
        return replace(self, programs=chosen)


Builds = Callable[[], Side]  # makes the side, from sources if it must; raises Stop


def find_both(base: str, head: str, preset: str, install: bool) -> tuple[Builds, Builds]:
    """What both sides name, before anything is built. Raises Stop if one can be no side, or they none of the same
    comparison."""
    both = find(base, preset, install), find(head, preset, install)
    strange = [path.is_file() and not _program(path.resolve()).ours for path in (Path(base), Path(head))]
    if strange[0] is not strange[1]:
        raise Stop(f"only one of {base} and {head} is a program of this suite", Exit.NOT_COMPARABLE)
    return both


def find(argument: str, preset: str, install: bool) -> Builds:
    """What the argument names. Raises Stop if it can be no side."""
    path = Path(argument)
    if path.is_file():
        if not os.access(path, os.X_OK):
            raise Stop(f"'{argument}' is no program: it cannot be executed")
        return lambda: Side(argument, f"program {shown(path)}", (_program(path.resolve()),))
    if (path / "bench").is_dir() and (path / "CMakeCache.txt").is_file():
        side = Side(argument, f"build folder {shown(path)}", _programs(path.resolve() / "bench"))
        return lambda: side
    if (path / "CMakePresets.json").is_file():
        return lambda: _of_source(argument, path, preset, install)
    commit = commit_of(argument)
    return lambda: _of_commit(argument, commit, preset, install)


def _of_source(argument: str, path: Path, preset: str, install: bool) -> Side:
    source = path.resolve()
    name = f"{source.name}-{hashlib.sha256(str(source).encode()).hexdigest()[:8]}-{preset}"
    folder = build_source(source, CACHE / name, preset, "bench/all", install)
    return Side(argument, f"source folder {shown(path)}", _programs(folder / "bench"), built_here=True)


def _of_commit(argument: str, commit: str, preset: str, install: bool) -> Side:
    subject = git.git(ROOT, "show", "--no-patch", "--format=%s", commit)
    programs = _programs(_built(commit, preset, install) / "bench")
    return Side(argument, f"commit {commit[:12]}: {subject}", programs, built_here=True)


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
    """The commit's build folder; one that was made before, under the same variables of the user's, is taken again."""
    folder = CACHE / f"{commit[:12]}-{preset}"
    complete = folder / "complete"
    with alone(CACHE / f"{commit[:12]}.lock"):  # and so with its checkout
        if not complete.exists() or configured_under(folder) != given_now():
            complete.unlink(missing_ok=True)
            with _worktree(commit) as source:
                build_source(source, folder, preset, "bench/all", install)
            complete.touch()
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
