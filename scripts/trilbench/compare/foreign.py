"""Programs of Google Benchmark's that know nothing of this suite: what they have, and whether they take a number of
calls. Both are tried rather than read from --help, in whose place a program may print what it likes."""

import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence

from trilbench.paths import shown
from trilbench.setup.binary import Program
from trilbench.setup.variables import environment
from trilbench.stop import Stop

_PATIENCE = 120.0  # seconds for a program to say what it has
_LONGEST_FILTER = 50_000  # characters; at some 100,000 libstdc++'s regular expressions give up
_LIST = "--benchmark_list_tests=true"


def list_names(program: Program, flags: Sequence[str]) -> list[str]:
    """All benchmarks of the program under the user's flags. Raises Stop if it has none or is something else."""
    done = said(program, [*flags, _LIST])
    names = [*dict.fromkeys(_lines(done))]
    # A program may print words of its own too: what it prints when nothing matches, and what it does not repeat when
    # asked for by name, is no benchmark.
    if own := _lines(said(program, [*flags, _LIST, "--benchmark_filter=^$"])):
        names = [name for name in names if name not in own]
        repeated = {line for _, each in only(names) for line in _lines(said(program, [*flags, _LIST, each]))}
        names = [name for name in names if name in repeated]
    if not names:
        words = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise Stop(
            f"{shown(program.path)} is no program of Google Benchmark's, or holds no benchmark: {_LIST} lists none"
            + (f"; its last words: {words[-1]}" if words else "")
        )
    return names


def repeated_names(program: Program, flags: Sequence[str]) -> set[str]:
    """What it lists more than once. Benchmarks that share a name cannot be told apart."""
    return {line for line, number in Counter(_lines(said(program, [*flags, _LIST]))).items() if number > 1}


def counts_calls(program: Program, flags: Sequence[str]) -> bool:
    """Whether it takes --benchmark_min_time=1x, as Google Benchmark does from 1.8 on. Older ones complain; where main
    does not look for flags that were left over, that is all they do."""
    done = said(program, [*flags, _LIST, "--benchmark_min_time=1x"])
    return "benchmark_min_time" not in done.stdout + done.stderr


def only(names: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """Parts of the names, each with the filter that matches it and nothing else. POSIX leaves undefined what a
    backslash does before most characters, and libstdc++ refuses it before some: a bracket stands there instead."""
    words = ["".join(map(_literally, name)) for name in names]
    start = 0
    while start < len(words):
        end, length = start + 1, len(words[start])
        while end < len(words) and length + 1 + len(words[end]) <= _LONGEST_FILTER:
            length += 1 + len(words[end])
            end += 1
        yield names[start:end], f"--benchmark_filter=^({'|'.join(words[start:end])})$"
        start = end


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


def _literally(character: str) -> str:
    if character == "\ufffd":  # bytes that are no UTF-8
        return ".+"
    if character in ".[](){}*+?|$":
        return f"[{character}]"
    return f"\\{character}" if character in "^\\" else character


def _lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if line]
