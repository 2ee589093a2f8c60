"""The command line of scripts/compare."""

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from trilbench import git
from trilbench.options import BINARY_FIELDS, VOCABULARY, Measuring, Option, Parser, read, spelt
from trilbench.paths import ROOT
from trilbench.stop import Stop
from trilbench.values import SETS, no_set


class CompareOptions(Measuring):
    """What scripts/compare was asked for."""

    self_test: bool
    against: list[str]  # runs of head, where `sides` are those of base
    instructions: bool
    budget: float  # seconds of the rounds
    margin: float | None  # a share of base's time; None: the default, or that of the comparison judged again
    alpha: float | None
    preset: str
    calibration: Path
    out: Path | None
    json: bool
    sides: list[str]

    @classmethod
    def own(cls) -> Mapping[str, Option]:
        told = "what counts as a regression (default: 5%%; of --instructions 0.5%%)"
        return {"margin": replace(VOCABULARY["margin"], help=told)}

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


def parse(arguments: list[str]) -> CompareOptions:
    """Reads the arguments of scripts/compare; what follows `--` goes to the benchmark binaries."""
    parser = Parser(
        prog="scripts/compare",
        usage="%(prog)s [OPTIONS] BASE HEAD [-- FLAGS]\n"
        "       %(prog)s [OPTIONS] RUN RUN ... --against RUN RUN ...\n"
        "       %(prog)s [--margin 5%%] [--alpha 0.05] COMPARISON\n"
        "       %(prog)s --self-test [--budget 1h] [--out DIR] [--calibration FILE] [BANK]",
        description="Is HEAD slower than BASE? Runs both in turn, in fresh processes, and says slower, faster, same, "
        "not slower or cannot tell of each benchmark: with --select of all whose names match. Without it 24 at most "
        "are taken of what the other options leave: calls of at most 20 ms, one shape for each operation and level of "
        "the memory, on the fewest threads. BASE and HEAD are git refs, source folders (. for this one as it stands), "
        "build folders, or programs of Google Benchmark's; or both are run folders of scripts/bench, several a side "
        "with --against, compared as they are. COMPARISON or BANK, the folder of an earlier comparison or self-test, "
        "is judged again, by the margin given.",
        epilog="FLAGS go to the programs of both sides as they are. A benchmark falls if its interval lies at the "
        "margin or above, passes if it lies below, and cannot be told otherwise, as of one run a side, which is one "
        "process each. Exit codes: 0 all pass, 1 wrong use or a tool failed, 2 a regression: slower by the margin or "
        "more, less accurate, a wrong result or a missing benchmark, 3 no regression seen, but something cannot be "
        "told, 4 not comparable, 5 nothing matched.",
    )
    chosen = read(CompareOptions, parser, arguments)
    _check(chosen)
    chosen.budget = chosen.budget or (3600.0 if chosen.self_test else 300.0)
    return chosen


def _check(chosen: CompareOptions) -> None:
    """Raises Stop if what was asked for does not go together, before anything is installed or built."""
    sides = chosen.sides
    if not chosen.against and len(sides) not in ((0, 1) if chosen.self_test else (1, 2)):
        what = "at most one folder" if chosen.self_test else "BASE and HEAD, or one comparison to judge again"
        raise Stop(f"{len(sides)} were named; needed: {what} (scripts/compare --help says more)")
    if not all(sides):
        raise Stop("an empty text names no side: is a variable of the command line unset?")
    if chosen.against and not sides:
        raise Stop(
            "--against names the runs of head: those of base stand before it (RUN RUN ... --against RUN RUN ...)"
        )
    choice = chosen.select or chosen.operations or chosen.flags
    if chosen.self_test and (choice or chosen.margin or chosen.against):
        raise Stop("--self-test has benchmarks and margins of its own: --select, --margin and flags do not go with it")
    if chosen.self_test:
        _refuse(chosen, ("json", "instructions", "preset"), "has no effect on --self-test")
    if chosen.again and (choice or chosen.budget or chosen.out):
        raise Stop("what was measured is judged again: no --select, --budget, --out or flags of binaries go with it")
    if chosen.instructions and (len(sides) != 2 or chosen.against):
        raise Stop("--instructions counts anew, of two builds: BASE HEAD")
    if chosen.again:
        _refuse(chosen, ("preset",), "has no effect on what was measured")
    runs = [side for side in (*sides, *chosen.against) if is_run(side)]
    if chosen.against and len(runs) < len(sides) + len(chosen.against):
        raise Stop("--against takes run folders of scripts/bench, before it and after it")
    if len(sides) == 2 and len(runs) == 1:
        raise Stop(f"{runs[0]} is a run folder, and the other side is none: compare two runs, or two builds")
    if runs:
        _check_runs(chosen)
    if chosen.instructions:
        _refuse(chosen, ("budget", "alpha"), "has no effect on --instructions, which have no noise")
        if own := [flag for flag in chosen.passed if flag.partition("=")[0] in _SUITES]:
            raise Stop(f"{own[0]} is one of the suite's: with --instructions it stands before --")
    if chosen.again and not chosen.again.is_dir():
        raise Stop(f"there is no folder '{chosen.again}' to judge again")
    for side in sides:
        if not Path(side).exists():
            commit_of(side)


_MEASURING = ("only", "data", "seed", "cold", "misalign", "preset", "budget", "instructions")
_SUITES = {*map(spelt, BINARY_FIELDS), "--max-call"}


def _check_runs(chosen: CompareOptions) -> None:
    """Raises Stop if something is asked for that only measuring could do."""
    _refuse(chosen, _MEASURING, "has no effect on runs, which are compared as they are")
    if chosen.passed:
        raise Stop(f"{chosen.passed[0]} is for programs, and of runs none is started; what chooses stands before --")
    if named := [name for name in chosen.shapes if name in SETS]:
        raise Stop(no_set(named[0]))


def _refuse(chosen: CompareOptions, fields: Iterable[str], why: str) -> None:
    """Raises Stop if one of these options was given: it would be forgotten without a word."""
    for field in fields:
        value = getattr(chosen, field)
        if value and value != VOCABULARY[field].default:
            raise Stop(f"{spelt(field)} {why}")


def repeating_command(options: CompareOptions) -> str:
    """The command line that does the same again, in a folder of its own."""
    words = ["scripts/compare", *options.sides]
    words += ["--instructions"] if options.instructions else []
    words += [f"--budget={options.budget:g}s"] if not options.instructions and not is_run(options.base) else []
    words += [f"--margin={options.margin:g}"] if options.margin else []
    words += [f"--alpha={options.alpha:g}"] if options.alpha else []
    words += [f"--preset={options.preset}"] if options.preset != "release" else []
    words += [f"--operations={','.join(options.operations)}"] if options.operations else []
    words += [f"--select={options.select}"] if options.select else []
    words += options.named
    words += ["--against", *options.against] if options.against else []
    return shlex.join([*words, *(["--", *options.passed] if options.passed else [])])


def is_run(argument: str) -> bool:
    return (Path(argument) / "manifest.json").is_file()


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
