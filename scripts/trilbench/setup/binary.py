"""Calls of a benchmark binary: what it would run, and one cell."""

import contextlib
import hashlib
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from trilbench.machine.facts import Told
from trilbench.paths import shown
from trilbench.results import documents
from trilbench.results.listing import Cell, ListedRow, read_listing
from trilbench.results.run import Status
from trilbench.setup.tools import lock
from trilbench.setup.variables import environment
from trilbench.stop import Exit, Stop

_PATIENCE = 120.0  # seconds for a program to say what it has
ANY_CALL = 1e6  # seconds: no row is too long to be listed
_STATUS = {Exit.FINE: Status.DONE, Exit.WRONG_RESULT: Status.WRONG, Exit.NOTHING_MATCHED: Status.NOTHING}


@dataclass(frozen=True)
class Program:
    """A benchmark binary: our own variants of an operation, a library's, or one of another project's."""

    path: Path
    operation: str  # empty: another project's
    peer: str = ""  # the library; empty: our own
    environment: Mapping[str, str] = field(default_factory=dict)  # variables that it needs and no other may see
    launcher: tuple[str, ...] = ()  # what starts it where it is another machine's

    @property
    def ours(self) -> bool:
        """Whether it takes the suite's own flags."""
        return bool(self.operation)

    @property
    def command(self) -> list[str]:
        """What starts it, for people too: the variables are part of it."""
        variables = [f"{name}={value}" for name, value in self.environment.items()]
        return [*(["env", *variables] if variables else []), *self.launcher, str(self.path)]

    def accepts(self, flags: Sequence[str]) -> list[str]:
        """The user's flags without those that choose among our own variants, if it has none of them."""
        return [flag for flag in flags if not (self.peer and flag.startswith(("--only", "--isa")))]


@dataclass(frozen=True)
class Outcome:
    """What became of a cell."""

    status: Status
    message: str = ""


def list_rows(program: Program, flags: Sequence[str], max_call: float = ANY_CALL) -> tuple[ListedRow, ...]:
    """Asks the binary for its rows under the suite's flags. Raises Stop with the binary's own words if it refuses."""
    words = [*program.accepts(flags), f"--max-call={max_call:g}", "--list=json"]
    done = said(program, words)
    if done.returncode:
        code = done.returncode if done.returncode in set(Exit) else Exit.TOOL_FAILED
        raise Stop(_last_line(done.stderr) or f"{shown(program.path)} {_ending(done.returncode)}", Exit(code))
    try:
        return read_listing(done.stdout)
    except ValueError as error:
        raise Stop(f"{shlex.join([*program.command, *words])} gives no list of rows: {error}") from error


def ask_machine(program: Program) -> Told | None:
    """What the program tells of the machine as it may use it; None if it is too old to be asked."""
    with contextlib.suppress(Stop, ValueError):
        done = said(program, ["--machine"])
        return documents.decode(done.stdout, Told) if done.returncode == 0 else None
    return None


def said(program: Program, flags: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """What the program answers. Raises Stop if it cannot be run or does not end."""
    try:
        return subprocess.run(
            [*program.command, *flags],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE,
            env=environment(),
        )
    except OSError as error:
        raise Stop(f"cannot run {shown(program.path)}: {error.strerror}") from error
    except subprocess.TimeoutExpired:
        raise Stop(
            f"{shown(program.path)} {flags[-1]} does not end within {_PATIENCE:g} s; is it a program of Google "
            "Benchmark's?"
        ) from None


def that_take(programs: Sequence[Program], flags: Sequence[str]) -> tuple[tuple[Program, ...], dict[str, Stop]]:
    """The programs without those of operations whose own program refuses the flags, as it does where they choose shapes
    or variants that only others have; and the refusals, by operation. Raises the first of them if all refuse."""
    refusals: dict[str, Stop] = {}
    own = [program for program in programs if program.ours and not program.peer]
    for program in own:
        try:
            list_rows(program, flags)
        except Stop as stop:
            list_rows(program, ())  # a program that fails without the flags too refuses nothing: this raises
            refusals[program.operation] = stop
    if own and len(refusals) == len(own):
        raise next(iter(refusals.values()))
    return tuple(program for program in programs if program.operation not in refusals), refusals


def cell_command(program: Program, cell: Cell, flags: Sequence[str], settings: Sequence[str]) -> list[str]:
    """The command that measures the cell; the user's flags come after the settings and so win over them."""
    return [*program.command, *settings, *program.accepts(flags), f"--shapes={cell.shape}", f"--threads={cell.threads}"]


def measure(command: Sequence[str], out: Path, log: Path, timeout: float | None) -> Outcome:
    """Runs the command, its result in `out` and its words appended to the log. A timeout in seconds ends it.

    However this is left, no half-written result stays behind and no process runs on.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as output:
        _lock(output)
        output.write(f"\n$ {shlex.join(command)}\n")
        output.flush()
        start = output.tell()
        try:
            process = subprocess.Popen(
                [*command, f"--benchmark_out={out}", "--benchmark_out_format=json"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment(),
            )
        except OSError as error:
            return Outcome(Status.BROKEN, f"cannot run {command[0]}: {error.strerror}")
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            return Outcome(Status.OUT_OF_TIME)
        finally:
            process.kill()  # nothing, if it has ended
            process.wait()
            with contextlib.suppress(OSError):
                out.with_name(out.name + ".part").unlink()
    if code in _STATUS:
        return Outcome(_STATUS[Exit(code)])
    with log.open(encoding="utf-8", errors="replace") as file:
        file.seek(start)
        return Outcome(Status.BROKEN, f"{_ending(code)}: {_last_line(file.read())}")


def _lock(log: TextIO) -> None:
    """Keeps others from measuring in the same folder. The program that is started holds the lock too, through its
    output: also when this process is killed and the program runs on."""
    if not lock(log):
        raise Stop(f"{shown(Path(log.name).parent)} is being measured: wait for that program, or end it")


def fingerprint(binary: Path) -> str:
    """SHA-256 of the program: results of different programs do not belong in one run."""
    with binary.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _ending(code: int) -> str:
    return f"was ended by signal {-code}" if code < 0 else f"exited with {code}"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""
