"""The vocabulary of the command lines. Each option is stated once, here; a command's options are a class that names
those that it takes, and what was asked for is an object of that class."""

import argparse
import importlib.metadata
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from trilbench import git, values
from trilbench.paths import ENVIRONMENT, HISTORY, ROOT, RUNS, implementations, instruction_sets, operations
from trilbench.report import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE
from trilbench.results.names import MACHINE, PEER, BenchmarkName
from trilbench.stop import Exit, Stop

if TYPE_CHECKING:
    from trilbench.results.rows import RowResult

# The options, by the fields that hold what was asked for


def spelt(field: str) -> str:
    return f"--{field.replace('_', '-')}"


@dataclass(frozen=True)
class Option:
    """An option: --like-its-field, unless it is called otherwise."""

    help: str
    type: Callable[[str], Any] | None = None  # None: it has no value, and is given or not
    metavar: str = ""
    default: Any = None
    called: str = ""
    excludes: str = ""  # those of the same word here exclude each other
    more: Mapping[str, Any] | None = None  # for argparse

    def add_to(self, parser: "Parser", field: str) -> None:
        """Teaches it to the parser."""
        how = {"default": self.default, "type": self.type, "metavar": self.metavar, **(self.more or {})}
        if self.type is None:
            how = {"action": "store_false" if self.default else "store_true"}
        place = parser.exclusive(self.excludes) if self.excludes else parser
        place.add_argument(self.called or spelt(field), dest=field, help=self.help, **how)


class Alone(Option):
    """What stands on the command line without a word before it."""

    def add_to(self, parser: "Parser", field: str) -> None:
        parser.add_argument(field, help=self.help, type=self.type, metavar=self.metavar, **(self.more or {}))


def _isas() -> tuple[str, ...]:
    return (*instruction_sets(), PEER)


_OPERATION = values.known("operation", operations)
_FIGURE = values.known("figure", lambda: (*FIGURES, HISTORY_FIGURE, COMPARISON_FIGURE))
_DATA = ("normal", "positive", "spread", "denormal")  # as the binaries know them
_SOME = {"nargs": "+"}
VOCABULARY = {
    # which benchmarks: the same in every command
    "operations": Option("only these; default: all", _OPERATION, "A,B", ()),
    "select": Option("only benchmarks in whose names it is found", values.expression, "REGEX", ""),
    "shapes": Option("only these, as in 8x1024x64,8x256x64", values.shapes, "S,T", ()),
    "threads": Option("only on so many threads, as in 1,2", values.numbers, "N,M", ()),
    "isa": Option("only these instruction sets", values.known("instruction set", _isas), "I,J", ()),
    # what the binaries know beyond that
    "only": Option(argparse.SUPPRESS, values.known("implementation", implementations, others=True), "A,B", ()),
    "data": Option(f"the inputs that are timed: {', '.join(_DATA)}", str, "NAME", more={"choices": _DATA}),
    "seed": Option("of the random inputs", values.like(r"\d+", "a whole number"), "N"),
    "max_call": Option("skip a row whose call takes longer", values.seconds, "SECONDS"),
    "cold": Option("each call works on arrays that have left the caches"),
    "misalign": Option("no array begins on the boundary of a vector"),
    # a run
    "quick": Option("two minutes at most (the default)", excludes="length"),
    "full": Option("more shapes and repetitions: an hour or so", excludes="length"),
    "peers": Option("measure the libraries that users would call instead, too"),
    "resume": Option("finish an interrupted run, as it was started", values.there, "DIR"),
    "strict": Option("exit with 3 if the measurement was too noisy"),
    # a judgement
    "self_test": Option("calibrate: tell how often a false alarm is raised and a slowdown found"),
    "instructions": Option("count instructions instead of time, where no time can be trusted"),
    "against": Option("runs of the other side, where a side is several", str, "RUN", (), more=_SOME),
    "budget": Option("the time of the rounds: 90s, 5m (default; of a self-test 1h)", values.duration, "TIME"),
    "margin": Option("what counts as a regression (default: 5%%)", values.share, "SHARE"),
    "alpha": Option("probability of any wrong decision (default: 0.05)", values.share, "P"),
    "calibration": Option(
        "what --self-test found; default: runs/calibration.json", values.folder, "FILE", RUNS / "calibration.json"
    ),
    "disturbed": Option("let runs count that other programs disturbed"),
    "machine": Option("only of this one: its key or the beginning of it", str, "KEY", ""),
    # what is built, where it goes, and in which form
    "preset": Option("the build; default: release", str, "NAME", "release", more={"choices": values.presets()}),
    "out": Option("where the result goes; default: runs/<time>-..., of figures beside the runs", values.folder, "DIR"),
    "history": Option("the folder of scripts/history; default: history/", values.folder, "DIR", HISTORY),
    "json": Option("the answer for programs: JSON on standard output, all else on standard error"),
    "draw": Option("also write the figures into files, in figures/", called="--figures"),
    "figures": Option("only these; default: all", _FIGURE, "F,G", (), called="--figure"),
    "baseline": Option("what the speed-ups are over", str, "VARIANT", ""),
    "formats": Option(
        "of the pictures; default: both",
        values.known("format", lambda: ("svg", "png")),
        "svg,png",
        ("svg", "png"),
        called="--format",
    ),
    "dark": Option("only for light pages; default: both", default=True, called="--light", excludes="theme"),  # not dark
    "light": Option("only for dark pages; default: both", default=True, called="--dark", excludes="theme"),
    # tests
    "compiled_only": Option("only what differs between presets: the C++ tests and the objects"),
    "all": Option("the long tests too"),
    "no_install": Option("install nothing; say what is missing"),
    # what stands alone
    "folder": Alone("what scripts/bench or scripts/compare left", values.there, "FOLDER"),
    "runs": Alone("a folder that scripts/bench left", values.there, "RUN", more=_SOME),
    "what": Alone("a run as list names it, or a commit; its beginning does", str, "RUN_OR_COMMIT"),
    "sides": Alone(argparse.SUPPRESS, str, "BASE HEAD", more={"nargs": "*"}),
    "filters": Alone("run only tests whose names contain this", str, "FILTER", more={"nargs": "*"}),
}


class Options(argparse.Namespace):
    """What a command was asked for, and what its help says."""

    command = told = more = ""
    usage = "%(prog)s [OPTIONS]"
    takes: tuple[str, ...] = ()  # options, by their fields; every command takes --no-install
    otherwise: ClassVar[Mapping[str, Mapping[str, Any]]] = {}  # what the vocabulary says otherwise for this command

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Self:
        """Reads the command's arguments. Raises Stop if they are wrong."""
        parser = Parser(prog=f"scripts/{cls.command}", usage=cls.usage, description=cls.told, epilog=cls.more)
        parser.take(cls, cls.takes)
        chosen = cls()
        chosen.read(parser, arguments)
        chosen.check()
        return chosen

    def read(self, parser: "Parser", words: Sequence[str]) -> None:
        """Takes what the words ask for. Those without a dash may stand between options (HEAD --select x HEAD~1), but
        for where an option takes several: there one that was torn off would join the wrong ones."""
        several = {word for action in parser._actions if action.nargs == "+" for word in action.option_strings}
        between = several.isdisjoint(word.partition("=")[0] for word in words)
        (parser.parse_intermixed_args if between else parser.parse_args)(words, self)

    def check(self) -> None:
        """Raises Stop if what was asked for does not go together."""

    @classmethod
    def option(cls, field: str) -> Option:
        return replace(VOCABULARY[field], **cls.otherwise.get(field, {}))

    def given(self, fields: Iterable[str]) -> list[str]:
        """Those of the fields for which something was asked."""
        return [field for field in fields if (value := getattr(self, field)) and value != self.option(field).default]

    def typed(self, fields: Iterable[str]) -> list[str]:
        """Those that were given, as they may be typed again."""
        return [_typed(spelt(field), getattr(self, field)) for field in self.given(fields)]


def _typed(word: str, value: Any) -> str:
    if value is True:
        return word
    if isinstance(value, tuple):
        return f"{word}={','.join(map(str, value))}"
    return f"{word}={value:g}" if isinstance(value, float) else f"{word}={value}"


CHOICE = ("operations", "select", "shapes", "threads", "isa")


class Choosing(Options):
    """Which benchmarks: what a command leaves out that shows or compares what was measured."""

    otherwise: ClassVar = {"shapes": {"type": values.shapes_themselves}}

    def chooses(self, name: BenchmarkName) -> bool:
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
        return [row for row in rows if row.name.operation == MACHINE or self.chooses(row.name)]


class Measuring(Choosing):
    """What the benchmark binaries are told."""

    flags: tuple[str, ...] = ()  # all of these, as the binaries take them, and then Google Benchmark's own

    otherwise: ClassVar = {}

    def read(self, parser: "Parser", words: Sequence[str]) -> None:
        """What follows `--` is for the binaries: their flags of the suite's, which may stand before it too, and Google
        Benchmark's."""
        end = words.index("--") if "--" in words else len(words)
        alone = any(not action.option_strings for action in parser._actions)  # and so other programs than the suite's
        own, google = _flags(words[:end], "--benchmark_", valued=not alone)
        stray, passed = _flags(words[end + 1 :], "--", valued=True)
        if stray:
            raise Stop(f"'{stray[0]}' is not a flag of the binaries; they look like --name=value")
        for flag in (*google, *passed):
            if flag.startswith(_OURS):
                raise Stop(f"{flag.split('=')[0]} cannot be passed on; call build/release/bench/<operation> for it")
        if not alone:  # all flags are known
            own += [flag for flag in passed if not flag.startswith("--benchmark_")]
            passed = [flag for flag in passed if flag.startswith("--benchmark_")]
        super().read(parser, own)
        self.flags = (*self.named, *google, *passed)

    @property
    def named(self) -> tuple[str, ...]:
        """The flags that were read, as they stand before `--`."""
        return tuple(self.typed(BINARY_FIELDS))

    @property
    def passed(self) -> tuple[str, ...]:
        """The flags that go to the programs as they are."""
        return self.flags[len(self.named) :]


BINARY_FIELDS = ("shapes", "threads", "isa", "only", "data", "seed", "cold", "misalign")


class Parser(argparse.ArgumentParser):
    """Tells wrong use in one line, with what may have been meant."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)
        self._exclusive: dict[str, Any] = {}  # groups of options, by their name
        told = "the commit, and the versions of what it uses"
        self.add_argument("--version", action=_Version, nargs=0, default=argparse.SUPPRESS, help=told)

    def exclusive(self, name: str) -> Any:
        if name not in self._exclusive:
            self._exclusive[name] = self.add_mutually_exclusive_group()
        return self._exclusive[name]

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
            return values.meant(found[1], [*words, *re.findall(r"[\w-]+", message.partition("choose from")[2])])
        return f"; --select {found[1]} chooses by name" if "--select" in words else ""

    def take(self, options: type[Options], fields: Iterable[str]) -> None:
        """Learns these options of the class."""
        for field in (*fields, "no_install"):
            options.option(field).add_to(self, field)


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


# What the scripts decide on themselves, cell by cell, and what leaves nothing to compute medians from.
_OURS = ("--list", "--explain", "--help", "--version", "--benchmark_out", "--benchmark_list_tests")
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
