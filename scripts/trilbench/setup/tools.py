"""Running other programs: output to a log, its last lines on failure; one setup at a time; how long it takes."""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Self

from trilbench.paths import DEPENDENCIES, shown
from trilbench.results.units import countdown
from trilbench.stop import Stop

_EVERY = 10.0  # seconds between lines of progress where there is no terminal


def say(line: str) -> None:
    """One line of progress. On stderr: stdout is for results."""
    print(line, file=sys.stderr, flush=True)


def succeeds(command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> bool:
    """Runs the command with its output appended to the log and says whether it exited with 0."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as output:
        output.write("$ " + " ".join(map(str, command)) + "\n")
        output.flush()
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                env={**os.environ, **(env or {})},
            )
        except OSError as error:
            output.write(f"{error}\n")
            return False
    return done.returncode == 0


def run(what: str, command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> None:
    """Runs the command; if it fails, shows the end of the log and stops."""
    if not succeeds(command, log, env):
        raise failed(what, log)


def failed(what: str, log: Path, lines: int = 25) -> Stop:
    """Shows the log from the first error on (ninja goes on after one), or its end, and makes the error that names
    it."""
    text = log.read_text(encoding="utf-8", errors="replace").splitlines()
    first = next((i for i, line in enumerate(text) if line.startswith(("FAILED:", "CMake Error"))), len(text) - lines)
    for line in text[max(first, 0) :][:lines]:
        say(f"  | {line}")
    return Stop(f"{what} failed; the whole log is {shown(log)}")


@contextmanager
def alone(path: Path | None = None) -> Iterator[None]:
    """Holds the lock that is the file, by default the project's setup lock; waits for whoever has it."""
    path = path or DEPENDENCIES / "lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w")
    except OSError as error:
        raise Stop(f"cannot write to {path.parent}: {error.strerror}") from error
    with file:
        if not lock(file):
            say("waiting for another of these scripts to finish installing and building")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def lock(file: IO[str]) -> bool:
    """Locks the file, for this process and those that it hands the file to; False if another has it. The kernel frees
    it when they die. Where the file system has no locks, nobody is kept out, which is said once."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        _without_locks(f"{shown(Path(file.name))} cannot be locked ({error.strerror})")
    return True


@functools.cache
def _without_locks(why: str) -> None:
    say(f"{why}: start no other of these scripts meanwhile")


class Progress:
    """How much is done and how long the rest takes: one line with a bar, rewritten, on a terminal; elsewhere a line now
    and then. A context manager."""

    def __init__(self, what: str = "") -> None:
        self._what = what
        self._start = self._told = time.monotonic()
        self._open = False  # is the cursor in the line?

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self, number: int, total: int, what: str, left: float) -> None:
        """The part `number` (from 0) of `total` starts; all that is left will take about `left` seconds."""
        self._show(f"{number + 1} of {total}: {what}, about {countdown(left)} left", number / total, due=True)

    def step(self, done: int, total: int, left: float | None = None) -> None:
        """`left` seconds remain; where nobody knows, as many as what is done suggests."""
        now = time.monotonic()
        if left is None:
            left = (now - self._start) / max(done, 1) * (total - done)
        rest = f", about {countdown(left)} left" if left else ""
        due = now - self._told >= _EVERY or done == total
        self._show(f"{self._what}: {done} of {total}{rest}", done / max(total, 1), due)

    def _show(self, line: str, share: float, due: bool) -> None:
        if sys.stderr.isatty():
            text = f"{'─' * round(20 * share):<20} {line}"[: shutil.get_terminal_size().columns - 1]
            print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)
            self._open = True
        elif due:
            self._told = time.monotonic()
            say(line)

    def end(self) -> None:
        """Takes the line away: what is printed next begins where it stood."""
        if self._open:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._open = False
