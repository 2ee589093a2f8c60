"""The vocabulary of the command lines. Each option is stated once, here; a command's options are a class whose fields
name those that it takes (`operations: tuple[str, ...]`), and what was asked for is an object of that class."""

import argparse
import difflib
import importlib.metadata
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from trilbench import git
from trilbench.paths import ENVIRONMENT, HISTORY, ROOT, RUNS, implementations, instruction_sets, operations
from trilbench.report.kinds import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE
from trilbench.stop import Exit, Stop

if TYPE_CHECKING:
    from trilbench.results.names import BenchmarkName
    from trilbench.results.rows import RowResult

# What a value may be. Each raises ArgumentTypeError with a reason that names the value.


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean ...?" if one of the known words is near; else nothing."""
    near = difflib.get_close_matches(word, list(known), 1, 0.75)
    return f"; did you mean {near[0]}?" if near else ""


def matching(pattern: str, what: str) -> Callable[[str], str]:
    """A text of that form."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f"'{text}' is not {what}")
        return text

    return check


def names(text: str) -> tuple[str, ...]:
    """A list of words, each once."""
    found = tuple(dict.fromkeys(text.split(",")))
    if not all(found):
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of names such as causal_mean,tril_matmul")
    return found


def known(what: str, names_of: Callable[[], Sequence[str]], others: bool = False) -> Callable[[str], tuple[str, ...]]:
    """A list of known names; where there may be `others`, only those are refused that are nearly a known one."""

    def check(text: str) -> tuple[str, ...]:
        there = names_of()
        for name in names(text):
            hint = meant(name, there)
            if name not in there and (hint or not others):
                raise argparse.ArgumentTypeError(f"there is no {what} '{name}'; there is: {', '.join(there)}{hint}")
        return names(text)

    return check


def shapes(text: str) -> tuple[str, ...]:
    """What may be a list of shapes; what an operation takes its binary knows."""
    for shape in names(text):
        if not re.fullmatch(r"quick|full|[1-9]\d*([x@][1-9]\d*)*", shape):
            raise argparse.ArgumentTypeError(f"'{shape}' is not a shape such as 8x1024x64, 512 or 3x1x2x2@5x2x3")
    return names(text)


def numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, matching(r"0*[1-9]\d*(,0*[1-9]\d*)*", "a list of numbers such as 1,2")(text).split(",")))


def expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from error
    return text


def folder(text: str) -> Path:
    return Path(matching(r"(?s).+", "the name of a folder")(text))


def there(text: str) -> Path:
    """A folder that must be there."""
    if not folder(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder '{text}'")
    return Path(text)


def duration(text: str) -> float:
    matching(r"(?=.*[1-9])\d+(\.\d+)?[smh]", "a time such as 90s, 5m, 1h")(text)
    return float(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def share(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text)
    value = float(match[1]) / (100 if match[2] else 1) if match else 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a share such as 5% or 0.05")
    return value


def presets() -> list[str]:
    text = (ROOT / "CMakePresets.json").read_text(encoding="utf-8")
    return [preset["name"] for preset in json.loads(text)["buildPresets"]]


def preset(text: str) -> str:
    return known("preset", presets)(text)[0]


def every_figure() -> tuple[str, ...]:
    return (*FIGURES, HISTORY_FIGURE, COMPARISON_FIGURE)


# The options


@dataclass(frozen=True)
class Option:
    """An option: its words and those that were its before; without words what stands alone on the command line."""

    words: str
    help: str
    type: Callable[[str], Any] | None = None  # None: it has no value
    metavar: str = ""
    default: Any = None
    old: tuple[str, ...] = ()  # still understood, not shown
    excludes: str = ""  # those of the same name here exclude each other
    count: str = ""  # "+", "*": of values

    def add_to(self, parser: "Parser", field: str, default: Any) -> None:
        """Teaches it to the parser, for that field."""
        if self.type is None:
            how: dict[str, Any] = {"action": "store_false" if self.default else "store_true"}
            default = bool(self.default)
        else:
            how = {"type": self.type, "metavar": self.metavar, **({"nargs": self.count} if self.count else {})}
        if not self.words:
            parser.add_argument(field, help=self.help, **how)
            return
        place = parser.exclusive(self.excludes) if self.excludes else parser
        place.add_argument(self.words, dest=field, default=default, help=self.help, **how)
        for word in self.old:
            parser.add_argument(word, dest=field, default=argparse.SUPPRESS, help=argparse.SUPPRESS, **how)


_PASSED_ON = "passed on to the benchmark binaries"
VOCABULARY = {
    # which benchmarks: the same in every command
    "operations": Option(
        "--operations", "only these; default: all", known("operation", operations), "A,B", (), old=("--operation",)
    ),
    "select": Option("--select", "only benchmarks in whose names it is found", expression, "REGEX", ""),
    "shapes": Option("--shapes", "only these, as in 8x1024x64,8x256x64", shapes, "S,T", ()),
    "threads": Option("--threads", "only on so many threads, as in 1,2", numbers, "N,M", ()),
    "isa": Option(
        "--isa",
        "only these instruction sets",
        known("instruction set", lambda: (*instruction_sets(), "peer")),
        "I,J",
        (),
    ),
    # what the binaries know beyond that
    "only": Option("--only", argparse.SUPPRESS, known("implementation", implementations, others=True), "A,B", ()),
    "data": Option("--data", f"the inputs that are timed: {_PASSED_ON}", str, "NAME"),
    "seed": Option("--seed", "of the inputs", matching(r"\d+", "a whole number"), "N"),
    "max_call": Option("--max-call", "skip what takes longer", matching(r"[\d.]+", "a number of seconds"), "SECONDS"),
    "cold": Option("--cold", "arrays that have left the caches"),
    "misalign": Option("--misalign", "no array begins on the boundary of a vector"),
    # a run
    "quick": Option("--quick", "two minutes at most (the default)", excludes="length"),
    "full": Option("--full", "more shapes and repetitions: two hours or so", excludes="length"),
    "peers": Option("--peers", "measure the libraries that users would call instead, too"),
    "resume": Option("--resume", "finish an interrupted run, as it was started", there, "DIR"),
    "strict": Option("--strict", "exit with 3 if the measurement was too noisy"),
    # a judgement
    "self_test": Option("--self-test", "calibrate: tell how often a false alarm is raised and a slowdown found"),
    "instructions": Option("--instructions", "count instructions instead of time, where no time can be trusted"),
    "against": Option("--against", "runs of the other side, where a side is several", str, "RUN", (), count="+"),
    "budget": Option("--budget", "of the rounds: 90s, 5m (default; of a self-test 1h)", duration, "TIME"),
    "margin": Option("--margin", "what counts as a regression (default: 5%%)", share, "SHARE"),
    "alpha": Option("--alpha", "probability of any wrong decision (default: 0.05)", share, "P"),
    "calibration": Option(
        "--calibration",
        "what --self-test found (default: runs/calibration.json)",
        folder,
        "FILE",
        RUNS / "calibration.json",
    ),
    "disturbed": Option("--disturbed", "let runs count that other programs disturbed"),
    "machine": Option("--machine", "its key or the beginning of it; default: all", str, "KEY", ""),
    # what is built, where it goes, and in which form
    "preset": Option("--preset", f"of {', '.join(presets())}; default: release", preset, "NAME", "release"),
    "out": Option(
        "--out", "where the result goes; default: runs/<time>-..., of figures beside the runs", folder, "DIR"
    ),
    "history": Option("--history", "of scripts/history; default: history/", folder, "DIR", HISTORY, old=("--folder",)),
    "json": Option("--json", "the answer for programs: JSON on standard output, all else on standard error"),
    "draw": Option("--figures", "also write the figures into files, in figures/"),
    "figures": Option("--figure", "only these; default: all", known("figure", every_figure), "F,G", ()),
    "baseline": Option("--baseline", "what the speed-ups are over", str, "VARIANT", ""),
    "formats": Option("--format", "default: both", known("format", lambda: ("svg", "png")), "svg,png", ("svg", "png")),
    "dark": Option("--light", "only for light pages; default: both", default=True, excludes="theme"),  # not dark
    "light": Option("--dark", "only for dark pages; default: both", default=True, excludes="theme"),
    # tests
    "compiled_only": Option("--compiled-only", "only what differs between presets: the C++ tests and the objects"),
    "all": Option("--all", "the long tests too"),
    "no_install": Option("--no-install", "install nothing; say what is missing"),
    # what stands alone
    "folder": Option("", "what scripts/bench or scripts/compare left", there, "FOLDER"),
    "runs": Option("", "a folder that scripts/bench left", there, "RUN", count="+"),
    "what": Option("", "a run as list names it, or a commit; its beginning does", str, "RUN_OR_COMMIT"),
    "sides": Option("", argparse.SUPPRESS, str, "BASE HEAD", count="*"),
    "filters": Option("", "run only tests whose names contain this", str, "FILTER", count="*"),
}


class Options(argparse.Namespace):
    """What a command was asked for. A field that is no option is made of the others; one with a value has that default
    in place of the vocabulary's."""

    no_install: bool


class Choosing(Options):
    """Which benchmarks: what a command leaves out that shows or compares what was measured."""

    operations: tuple[str, ...]
    select: str
    shapes: tuple[str, ...]
    threads: tuple[int, ...]
    isa: tuple[str, ...]

    def chooses(self, name: "BenchmarkName") -> bool:
        """Whether the benchmark is among those asked for."""
        return (
            (not self.operations or name.operation in self.operations)
            and (not self.shapes or name.shape in self.shapes)
            and (not self.threads or name.threads in self.threads)
            and (not self.isa or name.isa in self.isa)
            and bool(re.search(self.select, name.text))
        )

    def of(self, rows: "Sequence[RowResult]") -> "list[RowResult]":
        """What was measured of it, and the machine's limits, which figures need. Raises Stop if there is nothing."""
        if rows and not any(self.chooses(row.name) for row in rows):
            raise Stop("nothing that was measured is among the chosen benchmarks", Exit.NOTHING_MATCHED)
        return [row for row in rows if row.name.operation == "machine" or self.chooses(row.name)]


class Measuring(Choosing):
    """What the benchmark binaries are told."""

    only: tuple[str, ...]
    data: str | None
    seed: str | None
    max_call: str | None
    cold: bool
    misalign: bool
    flags: tuple[str, ...]  # all of these, as the binaries take them, and Google Benchmark's own


BINARY_FIELDS = ("shapes", "threads", "isa", "only", "data", "seed", "max_call", "cold", "misalign")
T = TypeVar("T", bound=Options)


class Parser(argparse.ArgumentParser):
    """Tells wrong use in one line, with what may have been meant."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)
        self._exclusive: dict[str, Any] = {}  # groups of options, by their name
        self.add_argument(
            "--version",
            action=_Version,
            nargs=0,
            default=argparse.SUPPRESS,
            help="the commit, and the versions of what it uses",
        )

    def exclusive(self, name: str) -> Any:
        return self._exclusive.setdefault(name, self.add_mutually_exclusive_group())

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{message}{self._hint(message)} ({self.prog} --help says what there is)")

    def _hint(self, message: str) -> str:
        found = re.search(r"(?:unrecognized arguments|invalid choice): '?([^\s=']+)", message)
        if not found:
            return ""
        actions = [*self._actions]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):  # whose unknown words this parser is asked about
                actions += [each for parser in action.choices.values() for each in parser._actions]
        words = [word for each in actions if each.help != argparse.SUPPRESS for word in each.option_strings]
        if found[1].startswith("-") or "choice" in message:
            return meant(found[1], [*words, *re.findall(r"[\w-]+", message.partition("choose from")[2])])
        return f"; --select {found[1]} chooses by name" if "--select" in words else ""

    def take(self, options: type[Options], fields: Iterable[str] = ()) -> None:
        """Learns these options of the class; without fields all, its own before those that it shares."""
        for field in fields or [name for each in options.__mro__ for name in inspect.get_annotations(each)]:
            if option := VOCABULARY.get(field):
                option.add_to(self, field, getattr(options, field, option.default))


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> NoReturn:
        print(version())
        parser.exit()


def version() -> str:
    """The commit, and the versions of the Python, the packages and the compiler that are here."""
    commit = git.asked(ROOT, "rev-parse", "--short=12", "HEAD") or "unknown"
    changed = ", changed since" if git.asked(ROOT, "status", "--porcelain") else ""
    places = [str(place) for place in ENVIRONMENT.glob("lib/python*/site-packages")]
    packages = sorted({f"{each.name} {each.version}" for each in importlib.metadata.distributions(path=places)})
    try:
        compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        compiler = "no g++"
    lines = (f"trilbench {commit}{changed}", f"Python {sys.version.split()[0]}", *compiler.splitlines()[:1], *packages)
    return "\n".join(lines)


def read(options: type[T], parser: Parser, arguments: Sequence[str]) -> T:
    """What the arguments ask for. Raises Stop if they are wrong. What follows `--` is for the binaries: their flags of
    the suite's, which may stand before it too, and Google Benchmark's."""
    parser.take(options)
    end = arguments.index("--") if "--" in arguments and issubclass(options, Measuring) else len(arguments)
    before, after = arguments[:end], arguments[end + 1 :]
    if not issubclass(options, Measuring):
        return parser.parse_args(before, options())
    others = [action for action in parser._actions if not action.option_strings]
    words, google = _flags(before, "--benchmark_", valued=not others)
    stray, passed = _flags(after, "--", valued=True)
    if stray:
        raise Stop(f"'{stray[0]}' is not a flag of the binaries; they look like --name=value")
    for flag in (*google, *passed):
        if flag.startswith(_OURS):
            raise Stop(f"{flag.split('=')[0]} cannot be passed on; call build/release/bench/<operation> for it")
    if not others:  # all programs are the suite's, whose flags are known
        words += [flag for flag in passed if not flag.startswith("--benchmark_")]
        passed = [flag for flag in passed if flag.startswith("--benchmark_")]
    chosen = parser.parse_args(words, options())
    chosen.flags = (*_as_flags(chosen), *google, *passed)
    return chosen


# What the scripts decide on themselves, cell by cell, and what leaves nothing to compute medians from.
_OURS = ("--list", "--help", "--version", "--benchmark_out", "--benchmark_list_tests")
_OURS += ("--benchmark_report_aggregates_only",)


def _flags(words: Sequence[str], prefix: str, valued: bool) -> tuple[list[str], list[str]]:
    """The words that are no flags, and the flags of that beginning, each one word: with `valued` the next may be its
    value."""
    others: list[str] = []
    flags: list[str] = []
    open_flag = False
    for word in words:
        flag = word.startswith(prefix)
        if open_flag and not word.startswith("-"):
            flags[-1] += f"={word}"
        else:
            (flags if flag else others).append(word)
        open_flag = valued and flag and "=" not in word
    return others, flags


def _as_flags(chosen: Measuring) -> Iterable[str]:
    for field in BINARY_FIELDS:
        if value := getattr(chosen, field):
            text = ",".join(map(str, value)) if isinstance(value, tuple) else value
            yield VOCABULARY[field].words + ("" if value is True else f"={text}")
