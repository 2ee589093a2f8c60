"""Every command line: what a command takes, what it refuses, and what its help says of it. The standard library alone
serves here, since nothing may be installed yet."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Self

from trilbench import git
from trilbench.options import BINARY_FIELDS, CHOICE, Choosing, Measuring, Options, Parser, spelt
from trilbench.paths import ROOT, shown
from trilbench.report import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE
from trilbench.results.names import PEER
from trilbench.stop import Stop
from trilbench.values import SETS, no_set

COMPARISON = "compare.json"  # in its folder


def is_comparison(folder: Path) -> bool:
    """Whether scripts/compare left it."""
    return (folder / COMPARISON).is_file()


def is_run(folder: str) -> bool:
    """Whether scripts/bench left it."""
    return (Path(folder) / "manifest.json").is_file()


class BenchOptions(Measuring):
    """What scripts/bench was asked for."""

    takes = (
        *("operations", "select", *BINARY_FIELDS, "max_call"),
        *("quick", "full", "out", "peers", "resume", "strict", "json", "draw"),
    )
    command = "bench"
    usage = "%(prog)s [OPTIONS] [-- FLAGS]"
    told = "Installs what is missing, builds, measures every implementation and prints the table."
    more = (
        "FLAGS are Google Benchmark's own, such as --benchmark_repetitions=20; they need no -- before them. "
        "Exit codes: 0 fine, 1 wrong use or a tool failed, 2 a verification failed, 3 too noisy (--strict), "
        "4 not comparable (--resume after a rebuild or on another machine), 5 nothing matched."
    )

    @property
    def mode(self) -> str:
        return "full" if self.full else "quick"

    def check(self) -> None:
        begun = ("quick", "full", "out", "operations", "select", "peers", "max_call")
        if self.resume and (self.flags or self.given(begun)):
            allowed = "only --strict, --json, --figures and --no-install go with it"
            raise Stop(f"--resume goes on with the run's own options: {allowed}")
        if self.select and any(flag.startswith("--benchmark_filter") for flag in self.flags):
            raise Stop("--select and --benchmark_filter choose both: give one of them")
        if PEER in self.isa:
            only = f"--peers adds libraries, --select=/{PEER}/ leaves only them"
            raise Stop(f"--isa chooses among our own variants: {only}")


class CompareOptions(Measuring):
    """What scripts/compare was asked for."""

    takes = (
        *("operations", "select", *BINARY_FIELDS, "self_test", "against", "instructions"),
        *("budget", "margin", "alpha", "preset", "calibration", "out", "json", "sides"),
    )
    otherwise: ClassVar = {"margin": {"help": "what counts as a regression (default: 5%%; of --instructions 0.5%%)"}}
    command = "compare"
    usage = (
        "%(prog)s [OPTIONS] BASE HEAD [-- FLAGS]\n"
        "       %(prog)s [OPTIONS] RUN RUN ... --against RUN RUN ...\n"
        "       %(prog)s [--margin 5%%] [--alpha 0.05] COMPARISON\n"
        "       %(prog)s --self-test [--budget 1h] [--out DIR] [--calibration FILE] [BANK]"
    )
    told = (
        "Is HEAD slower than BASE? Runs both in turn, in fresh processes, and says slower, faster, same, not slower or "
        "cannot tell of each benchmark: with --select of all whose names match. Without it 24 at most are taken of "
        "what the other options leave: calls of at most 20 ms (1 ms with --instructions), one shape for each operation "
        "and level of the memory, on the fewest threads. BASE and HEAD are git refs, source folders (. for this one "
        "as it stands), build folders, or programs of Google Benchmark's; or both are run folders of scripts/bench, "
        "several a side with --against, compared as they are. COMPARISON or BANK, the folder of an earlier comparison "
        "or self-test, is judged again, by the margin given."
    )
    more = (
        "FLAGS go to the programs of both sides as they are. A benchmark falls if its interval lies at the margin or "
        "above, passes if it lies below, and cannot be told otherwise, as of one run a side, which is one process "
        "each. Exit codes: 0 all pass, 1 wrong use or a tool failed, 2 a regression: slower by the margin or more, "
        "less accurate, a wrong result or a missing benchmark, 3 no regression seen, but something cannot be told, "
        "4 not comparable, 5 nothing matched."
    )

    @property
    def again(self) -> Path | None:
        """The folder of a comparison, or of a self-test, that is judged again."""
        return Path(self.sides[0]) if len(self.sides) == 1 and not self.against else None

    @property
    def base(self) -> str:
        return self.sides[0]

    @property
    def head(self) -> str:
        return self.against[0] if self.against else self.sides[1]

    def check(self) -> None:
        """Before anything is installed or built."""
        self._check_sides()
        sides = [*self.sides, *self.against]
        runs = [side for side in sides if is_run(side)]
        if self.against and len(runs) < len(sides):
            raise Stop("--against takes run folders of scripts/bench, before it and after it")
        if len(sides) == 2 and len(runs) == 1:
            raise Stop(f"{runs[0]} is a run folder, and the other side is none: compare two runs, or two builds")
        # What is ignored in silence is taken for done.
        measuring = ("only", "data", "seed", "cold", "misalign", "preset", "budget", "instructions")
        for asked, fields, what in (
            (
                self.self_test,
                ("margin", "against", "instructions", "preset", *CHOICE),
                "--self-test, which has benchmarks and margins of its own",
            ),
            (self.self_test, ("json",), "--self-test, which leaves calibration.json for programs"),
            (self.again, ("budget", "out", "preset", *CHOICE), "what was measured, which is judged again"),
            (self.instructions, ("budget", "alpha"), "--instructions, which have no noise"),
            (runs, measuring, "runs, which are compared as they are"),
        ):
            given = [*map(spelt, self.given(fields)), *(self.flags if "operations" in fields else ())]
            if asked and given:
                raise Stop(f"{given[0]} has no effect on {what}")
        if runs and self.passed:
            raise Stop(f"{self.passed[0]} is for programs, and of runs none is started; what chooses stands before --")
        if runs and (named := [name for name in self.shapes if name in SETS]):
            raise Stop(no_set(named[0]))
        if self.instructions and (len(self.sides) != 2 or self.against):
            raise Stop("--instructions counts anew, of two builds: BASE HEAD")
        suites = {*map(spelt, BINARY_FIELDS), "--max-call"}
        if self.instructions and (own := [flag for flag in self.passed if flag.partition("=")[0] in suites]):
            raise Stop(f"{own[0]} is one of the suite's: with --instructions it stands before --")
        self.budget = self.budget or (3600.0 if self.self_test else 300.0)

    def _check_sides(self) -> None:
        if not self.against and len(self.sides) not in ((0, 1) if self.self_test else (1, 2)):
            what = "at most one folder" if self.self_test else "BASE and HEAD, or one comparison to judge again"
            raise Stop(f"{len(self.sides)} were named; needed: {what} (scripts/compare --help says more)")
        if not all(self.sides):
            raise Stop("an empty text names no side: is a variable of the command line unset?")
        if self.against and not self.sides:
            there = "those of base stand before it (RUN RUN ... --against RUN RUN ...)"
            raise Stop(f"--against names the runs of head: {there}")
        if self.again and not self.again.is_dir():
            raise Stop(f"there is no folder '{self.again}' to judge again")
        for side in self.sides:
            if not Path(side).exists():
                commit_of(side)

    @property
    def repeated(self) -> str:
        """The command line that does the same again, in a folder of its own."""
        words = ["scripts/compare", *self.sides]
        words += self.typed(("instructions", "margin", "alpha", "preset", "operations", "select"))
        words += [f"--budget={self.budget:g}s"] if not self.instructions and not is_run(self.base) else []
        words += [*self.named, *(["--against", *self.against] if self.against else [])]
        return shlex.join([*words, *(["--", *self.passed] if self.passed else [])])


def commit_of(name: str) -> str:
    """The commit that a git ref of this repository names. Raises Stop if it is none."""
    commit = git.asked(ROOT, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit:
        return commit
    what = "exists but is none of them" if Path(name).exists() else "neither exists nor is a ref of this repository"
    try:
        git.git(ROOT, "rev-parse", "--git-dir")
    except Stop as stop:
        what += f" ({stop})"  # no ref at all can be read
    raise Stop(
        f"'{name}' {what}: a side is a git ref, a source folder, a build folder, a run folder of scripts/bench or a "
        "Google Benchmark program"
    )


class HistoryOptions(Choosing):
    """What scripts/history was asked for. What an action does not take has its default."""

    otherwise: ClassVar = {**Choosing.otherwise, "margin": {"default": 0.05}, "alpha": {"default": 0.05}}

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Self:
        """Reads an action and its arguments."""
        parser = Parser(
            prog="scripts/history",
            description="Keeps what runs measured, a folder for each machine, and finds where benchmarks became slower "
            "or faster for good.",
            epilog="scripts/history ACTION --help says more of each. "
            "scripts/compare answers at once, with two builds; a history needs five runs after a change.",
        )
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
        for name, (fields, short, long, codes) in ACTIONS.items():
            codes = f"Exit codes: 0 fine, 1 wrong use or a tool failed, {codes}"
            action = actions.add_parser(name, help=short, description=long, epilog=codes)
            action.take(cls, (*fields, "history"))
        every = {field for fields, *_ in ACTIONS.values() for field in fields}
        return parser.parse_args(arguments, cls(**{field: cls.option(field).default for field in every}))


_JUDGING = ("machine", *CHOICE, "margin", "alpha", "disturbed")
# Of each action: the options that it takes, what it does in short and at length, and its exit codes.
ACTIONS = {
    "add": (
        ("runs",),
        "keep what runs measured",
        "Keeps what runs of scripts/bench measured: one small file for each, in the folder of the machine that "
        "measured it. A run that is there already is left as it is; one that was resumed since is brought up to date.",
        "4 the run does not say on which CPU, 5 it holds no times.",
    ),
    "list": (
        ("machine", "json"),
        "the machines and their runs",
        "Lists machines, their runs, and what is to be known of each.",
        "5 there are no runs.",
    ),
    "changes": (
        (*_JUDGING, "json"),
        "where benchmarks became slower or faster for good",
        "Finds change points: runs from which on a benchmark keeps another level, for five runs at least. Without a "
        "baseline it only tells of them; with one (scripts/history promote) it judges. What ended or became wrong "
        "never passes, with a baseline or without. Benchmarks that got another name go on under it where renames.json "
        'in the history says so: {"format": 1, "renames": {"causal_mean/old": "causal_mean/new"}}.',
        "2 something is slower than at the baseline by the margin, or wrong, 3 too few runs to tell (ten are needed), "
        "no run since the baseline counts, or the machine's limit moved with it, 4 something cannot be judged: it "
        "ended, its flags changed, or the baseline's runs are gone, 5 nothing matched.",
    ),
    "plot": (
        (*_JUDGING, "out", "formats", "dark", "light"),
        "times of benchmarks over commits",
        "Draws times over the runs, with their commits, a panel for each benchmark, at most twelve: those that are "
        "chosen, or those with changes and then some of each operation.",
        "5 nothing to draw.",
    ),
    "promote": (
        ("machine", "what"),
        "make a run the baseline",
        "Makes a run, or all runs of a commit, the baseline that later ones are held against, on every machine that "
        "has them. Nothing else ever moves it.",
        "5 there is no such run.",
    ),
}


class AgainOptions(Choosing):
    """What may be asked of a folder that lies there."""

    usage = "%(prog)s [OPTIONS] FOLDER"

    def check(self) -> None:
        """A comparison is judged, and so shown, as a whole: fewer benchmarks would be another judgement."""
        of_runs = {*CHOICE, "history", "baseline"}
        if is_comparison(self.folder) and (asked := self.given(field for field in self.takes if field in of_runs)):
            whole = f"{shown(self.folder)} is a comparison, which is shown whole"
            raise Stop(f"{whole}: {spelt(asked[0])} is for runs")


class PlotOptions(AgainOptions):
    """What scripts/plot was asked for."""

    takes = (*CHOICE, "figures", "baseline", "history", "out", "formats", "dark", "light", "folder")

    command = "plot"
    told = (
        "Draws the figures of a run's folder, each with the CSV behind it; or that of a comparison's. "
        f"There are: {', '.join(FIGURES)}; {HISTORY_FIGURE}, of the machine's runs that scripts/history keeps; "
        f"{COMPARISON_FIGURE}."
    )
    more = (
        "The baseline of the speed-ups is a variant as the tables name it: scalar_loop/scalar, "
        "running_sum/auto-avx2. Exit codes: 0 fine, 1 wrong use or a tool failed, 5 nothing to draw."
    )

    def check(self) -> None:
        super().check()
        if self.given(["history"]) and HISTORY_FIGURE not in self.figures:
            raise Stop(f"--history is of the figure {HISTORY_FIGURE}, which --figure={HISTORY_FIGURE} draws")


class ReportOptions(AgainOptions):
    """What scripts/report was asked for."""

    takes = (*CHOICE, "history", "draw", "folder")
    # None: where scripts/history keeps it, if it knows the machine
    otherwise: ClassVar = {**Choosing.otherwise, "history": {"default": None}}

    command = "report"
    told = (
        "Makes summary.csv and report.html of a run's folder anew, and prints its tables; or report.html, compare.md "
        "and junit.xml of a comparison's."
    )
    more = (
        "Of chosen benchmarks all is made of these alone, over the baselines of all; a comparison is shown whole. An "
        "interrupted run is shown as far as it got. Exit codes: 0 fine, 1 wrong use or a tool failed, 5 nothing "
        "matched."
    )


class ProveOptions(Options):
    """What scripts/prove was asked for."""

    command = "prove"
    usage = "%(prog)s [--no-install]"
    told = (
        "Proves on this machine, in about two minutes, that the harness measures what it must: calls of known time, a "
        "kernel of known flops, copies at each level of the memory against the limit, and every variant against itself."
    )
    more = (
        "Exit codes: 0 proven, 1 wrong use or a tool failed, 2 a verification failed, 3 not proven: the harness is "
        "wrong or the machine too noisy."
    )


class TestOptions(Options):
    """What scripts/test was asked for."""

    takes = ("preset", "compiled_only", "all", "filters")

    command = "test"
    usage = "%(prog)s [OPTIONS] [FILTER ...]"
    told = "Installs what is missing, builds and runs every test."
    more = (
        "A filter is part of a test's name; without one every test runs. "
        "Exit codes: 0 all passed, 1 wrong use or a tool failed, 2 a test failed, 5 nothing matched."
    )


# What a command takes, and the module whose main() performs it.
COMMANDS: dict[str, tuple[type[Options], str]] = {
    "bench": (BenchOptions, "bench.command"),
    "compare": (CompareOptions, "compare.command"),
    "history": (HistoryOptions, "history.command"),
    "plot": (PlotOptions, "again.command"),
    "prove": (ProveOptions, "prove.command"),
    "report": (ReportOptions, "again.command"),
    "test": (TestOptions, "setup.test"),
}
