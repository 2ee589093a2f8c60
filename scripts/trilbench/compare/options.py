"""The command line of scripts/compare."""

from pathlib import Path

from trilbench import git
from trilbench.options import Measuring, Parser, read
from trilbench.paths import ROOT
from trilbench.stop import Stop


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
        "not slower or cannot tell of each of 24 benchmarks, or of those that are chosen. BASE and HEAD are git refs, "
        "source folders (. for this one as it stands), build folders, or programs of Google Benchmark's; or both are "
        "run folders of scripts/bench, several a side with --against, compared as they are. COMPARISON or BANK, the "
        "folder of an earlier comparison or self-test, is judged again, by the margin given.",
        epilog="FLAGS go to the programs of both sides. A benchmark falls if its interval lies at the margin or above, "
        "passes if it lies below, and cannot be told otherwise, as of one run a side, which is one process each. "
        "Exit codes: 0 all pass, 1 wrong use or a tool failed, 2 a regression: slower by the margin or more, less "
        "accurate, a wrong result or a missing benchmark, 3 no regression seen, but something cannot be told, 4 not "
        "comparable, 5 nothing matched.",
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
    choice = chosen.select or chosen.operations or chosen.flags
    if chosen.self_test and (choice or chosen.margin or chosen.against):
        raise Stop("--self-test has benchmarks and margins of its own: --select, --margin and flags do not go with it")
    if chosen.again and (choice or chosen.budget or chosen.out):
        raise Stop("what was measured is judged again: no --select, --budget, --out or flags of binaries go with it")
    runs = [side for side in (*sides, *chosen.against) if (Path(side) / "manifest.json").is_file()]
    if chosen.against and len(runs) < len(sides) + len(chosen.against):
        raise Stop("--against takes run folders of scripts/bench, before it and after it")
    if len(sides) == 2 and len(runs) == 1:
        raise Stop(f"{runs[0]} is a run folder, and the other side is none: compare two runs, or two builds")
    if chosen.again and not chosen.again.is_dir():
        raise Stop(f"there is no folder '{chosen.again}' to judge again")
    for side in sides:
        if not Path(side).exists():
            commit_of(side)


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
