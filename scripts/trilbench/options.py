"""The command lines. Wrong use ends with one line and exit code 1."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from trilbench.paths import ROOT, operations
from trilbench.stop import Stop

FIGURES = ("time", "limit", "speedup", "winner", "bandwidth")


@dataclass(frozen=True)
class BenchOptions:
    """What scripts/bench was asked for."""

    mode: str  # "quick" or "full"
    out: Path | None
    operations: tuple[str, ...]  # empty: all
    peers: bool  # libraries too
    resume: Path | None
    strict: bool
    no_install: bool
    flags: tuple[str, ...]  # for the benchmark binaries


@dataclass(frozen=True)
class ProveOptions:
    """What scripts/prove was asked for."""

    no_install: bool


@dataclass(frozen=True)
class TestOptions:
    """What scripts/test was asked for."""

    no_install: bool
    preset: str
    compiled_only: bool
    filters: tuple[str, ...]  # words of test names; empty: every test


@dataclass(frozen=True)
class ReportOptions:
    """What scripts/report was asked for."""

    folder: Path
    no_install: bool


@dataclass(frozen=True)
class PlotOptions:
    """What scripts/plot was asked for."""

    folder: Path
    figures: tuple[str, ...]  # empty: all
    operations: tuple[str, ...]  # empty: all
    baseline: str  # a way; empty: the tables' own
    threads: tuple[int, ...]  # empty: all
    out: Path | None
    formats: tuple[str, ...]
    light: bool
    dark: bool
    no_install: bool


def parse(
    command: str, arguments: list[str]
) -> BenchOptions | ProveOptions | TestOptions | ReportOptions | PlotOptions:
    """Reads the command's arguments. Raises Stop for wrong use."""
    parsers = {
        "bench": parse_bench,
        "prove": parse_prove,
        "test": parse_test,
        "report": parse_report,
        "plot": parse_plot,
    }
    return parsers[command](arguments)


def parse_bench(arguments: list[str]) -> BenchOptions:
    """Reads the arguments of scripts/bench; what follows `--` goes to the benchmark binaries."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = _Parser(
        prog="scripts/bench",
        usage="%(prog)s [--quick | --full] [--out DIR] [--operations A,B] [--peers] [--resume DIR] [--strict] "
        "[--no-install] [-- FLAGS]",
        description="Installs what is missing, builds, measures every implementation and prints the table.",
        epilog="What follows -- goes to the benchmark binaries: --shapes=8x1024x64, --threads=1,2, "
        "--only=prefix_mean, Google Benchmark's own flags; build/release/bench/<operation> --help lists them. "
        "Exit codes: 0 fine, 1 wrong use or a tool failed, 2 a verification failed, 3 too noisy (--strict), "
        "4 not comparable (--resume after a rebuild), 5 nothing matched.",
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="two minutes at most (the default)")
    length.add_argument("--full", action="store_true", help="more shapes and repetitions: half an hour or so")
    parser.add_argument("--out", type=_folder, metavar="DIR", help="the run's folder; default: runs/<time>-...")
    parser.add_argument("--operations", type=_names, default=(), metavar="A,B", help="only these; default: all")
    parser.add_argument("--peers", action="store_true", help="measure the libraries that users would call instead, too")
    parser.add_argument("--resume", type=_folder, metavar="DIR", help="finish an interrupted run, as it was started")
    parser.add_argument("--strict", action="store_true", help="exit with 3 if the measurement was too noisy")
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    chosen = parser.parse_args(arguments[:split])
    flags = _flags(arguments[split + 1 :])
    if chosen.resume and (chosen.quick or chosen.full or chosen.out or chosen.operations or chosen.peers or flags):
        raise Stop("--resume goes on with the run's own options: only --strict and --no-install go with it")
    _check_operations(chosen.operations)
    return BenchOptions(
        mode="full" if chosen.full else "quick",
        out=chosen.out,
        operations=chosen.operations,
        peers=chosen.peers,
        resume=chosen.resume,
        strict=chosen.strict,
        no_install=chosen.no_install,
        flags=flags,
    )


def parse_prove(arguments: list[str]) -> ProveOptions:
    """Reads the arguments of scripts/prove."""
    parser = _Parser(
        prog="scripts/prove",
        usage="%(prog)s [--no-install]",
        description="Proves on this machine, in about two minutes, that the harness measures what it must: calls of "
        "known time, a kernel of known flops, copies at each level of the memory against the limit, and every way "
        "against itself.",
        epilog="Exit codes: 0 proven, 1 wrong use or a tool failed, 2 a verification failed, 3 not proven: the harness "
        "is wrong or the machine too noisy.",
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    return ProveOptions(no_install=parser.parse_args(arguments).no_install)


def parse_test(arguments: list[str]) -> TestOptions:
    """Reads the arguments of scripts/test."""
    parser = _Parser(
        prog="scripts/test",
        usage="%(prog)s [--no-install] [--preset NAME] [--compiled-only] [FILTER ...]",
        description="Installs what is missing, builds and runs every test.",
        epilog="A filter is part of a test's name; without one every test runs. "
        "Exit codes: 0 all passed, 1 wrong use or a tool failed, 2 a test failed, 5 nothing matched.",
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("--preset", choices=_presets(), default="release", help="the build to test (default: release)")
    parser.add_argument(
        "--compiled-only", action="store_true", help="only what differs between presets: the C++ tests and the objects"
    )
    parser.add_argument("filters", nargs="*", metavar="FILTER", help="run only tests whose names contain this")
    chosen = parser.parse_args(arguments)
    return TestOptions(
        no_install=chosen.no_install,
        preset=chosen.preset,
        compiled_only=chosen.compiled_only,
        filters=tuple(chosen.filters),
    )


def parse_report(arguments: list[str]) -> ReportOptions:
    """Reads the arguments of scripts/report."""
    parser = _Parser(
        prog="scripts/report",
        usage="%(prog)s [--no-install] RUN",
        description="Makes summary.csv, figures/ and report.html of a run's folder anew, and prints its tables.",
        epilog="An interrupted run is shown as far as it got. Exit codes: 0 fine, 1 wrong use or a tool failed.",
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("folder", type=_folder, metavar="RUN", help="the folder that scripts/bench left")
    chosen = parser.parse_args(arguments)
    return ReportOptions(folder=chosen.folder, no_install=chosen.no_install)


def parse_plot(arguments: list[str]) -> PlotOptions:
    """Reads the arguments of scripts/plot."""
    parser = _Parser(
        prog="scripts/plot",
        usage="%(prog)s [--figure F,G] [--operation A,B] [--threads 1,2] [--baseline WAY] [--out DIR] "
        "[--format svg,png] [--light | --dark] [--no-install] RUN",
        description="Draws the figures of a run's folder, each with the CSV behind it. "
        f"There are: {', '.join(FIGURES)}.",
        epilog="The baseline of the speed-ups is a way as the tables name it: scalar_loop/scalar, "
        "running_sum/auto-avx2. Exit codes: 0 fine, 1 wrong use or a tool failed, 5 nothing to draw.",
    )
    parser.add_argument("--figure", type=_names, default=(), metavar="F,G", help="only these; default: all")
    parser.add_argument("--operation", type=_names, default=(), metavar="A,B", help="only these; default: all")
    parser.add_argument("--threads", type=_numbers, default=(), metavar="N,M", help="only these; default: all")
    parser.add_argument("--baseline", default="", metavar="WAY", help="what the speed-ups are over")
    parser.add_argument("--out", type=_folder, metavar="DIR", help="where the files go; default: RUN/figures")
    parser.add_argument("--format", type=_names, default=("svg", "png"), metavar="svg,png", help="default: both")
    theme = parser.add_mutually_exclusive_group()
    theme.add_argument("--light", action="store_true", help="only for light pages; default: both")
    theme.add_argument("--dark", action="store_true", help="only for dark pages; default: both")
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("folder", type=_folder, metavar="RUN", help="the folder that scripts/bench left")
    chosen = parser.parse_args(arguments)
    _check_known("figure", chosen.figure, FIGURES)
    _check_known("format", chosen.format, ("svg", "png"))
    return PlotOptions(
        folder=chosen.folder,
        figures=chosen.figure,
        operations=chosen.operation,
        baseline=chosen.baseline,
        threads=chosen.threads,
        out=chosen.out,
        formats=chosen.format,
        light=not chosen.dark,
        dark=not chosen.light,
        no_install=chosen.no_install,
    )


class _Parser(argparse.ArgumentParser):
    def __init__(self, **settings: str) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{message} ({self.prog} --help says what there is)")


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("'' is not the name of a folder")
    return Path(text)


def _presets() -> list[str]:
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    return [preset["name"] for preset in presets["buildPresets"]]


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if not all(names):
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of names such as causal_mean,tril_matmul")
    return names


def _numbers(text: str) -> tuple[int, ...]:
    if not all(word.isdecimal() and int(word) for word in text.split(",")):
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of numbers such as 1,2")
    return tuple(map(int, text.split(",")))


def _check_known(what: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise Stop(f"there is no {what} '{name}'; there is: {', '.join(known)}")


def _check_operations(names: tuple[str, ...]) -> None:
    _check_known("operation", names, operations())


def _flags(words: list[str]) -> tuple[str, ...]:
    """The flags for the binaries, each as one word: their values may follow after '=' or as the next word. Some are not
    passed on: the script decides on them itself, cell by cell."""
    flags: list[str] = []
    for word in words:
        if word.startswith("--"):
            flags.append(word)
        elif flags and "=" not in flags[-1]:
            flags[-1] += f"={word}"
        else:
            raise Stop(f"'{word}' is not a flag of the binaries; they look like --name=value")
    own = ("--list", "--help", "--version", "--benchmark_out", "--benchmark_list_tests")
    for flag in flags:
        if flag.startswith(own):
            raise Stop(f"{flag.split('=')[0]} cannot be passed on; call build/release/bench/<operation> for it")
    return tuple(flags)
