"""Running other programs: output to a log, the log's last lines on failure."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from trilbench.paths import shown
from trilbench.stop import Stop


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
