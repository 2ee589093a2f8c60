"""The command line of scripts/compare."""

import re
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from trilbench.compare.sides import find_both, is_run
from trilbench.options import Parser, binary_flags, duration, folder, presets, probability, share
from trilbench.paths import RUNS
from trilbench.stop import Stop


@dataclass(frozen=True)
class CompareOptions:
    """What scripts/compare was asked for."""

    base: str
    head: str
    again: Path | None  # the folder of a comparison, or of a self-test, that is judged again; base and head are empty
    self_test: bool
    select: str  # a regular expression over benchmarks' names; empty: the suite's own choice
    budget: float  # seconds of the rounds
    margin: float | None  # a share of base's time; None: the default, or that of the comparison judged again
    alpha: float | None
    preset: str
    calibration: Path
    out: Path | None
    no_install: bool
    flags: tuple[str, ...]  # for the programs


def parse(arguments: list[str]) -> CompareOptions:
    """Reads the arguments of scripts/compare; what follows `--` goes to the benchmark binaries."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = Parser(
        prog="scripts/compare",
        usage="%(prog)s [--select REGEX] [--budget 5m] [--margin 5%%] [--alpha 0.05] [--preset NAME] [--out DIR] "
        "[--calibration FILE] [--no-install] BASE HEAD [-- FLAGS]\n"
        "       %(prog)s [--margin 5%%] [--alpha 0.05] COMPARISON\n"
        "       %(prog)s --self-test [--budget 1h] [--out DIR] [--calibration FILE] [--no-install] [BANK]",
        description="Is HEAD slower than BASE? Runs both in turn, in fresh processes, and says slower, faster, same, "
        "not slower or cannot tell of each benchmark. BASE and HEAD are git refs, source folders (. for this one as it "
        "stands), build folders, or programs of Google Benchmark's; or both are run folders of scripts/bench, compared "
        "as they are. COMPARISON, the folder of an earlier comparison, is judged again, by the margin given.",
        epilog="What follows -- goes to the programs of both sides: --threads=2, --cold, --shapes=8x1024x64. "
        "A benchmark falls if its interval lies at the margin or above, passes if it lies below, and cannot be told "
        "otherwise, as two runs never can, which are one process each. "
        "Exit codes: 0 all pass, 1 wrong use or a tool failed, 2 a regression: slower by the margin or more, less "
        "accurate, a wrong result or a missing benchmark, 3 no regression seen, but something cannot be told, 4 not "
        "comparable, 5 nothing matched.",
    )
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="calibrate: compare builds whose truth is known, tell how often a false alarm is raised and a slowdown "
        "found, and keep what later comparisons need; BANK, the folder of an earlier self-test, is judged again",
    )
    parser.add_argument(
        "--select",
        default="",
        metavar="REGEX",
        help="benchmarks whose names match; default: a choice of 24 over operations and levels of the memory",
    )
    parser.add_argument(
        "--budget", type=duration, metavar="TIME", help="of the rounds: 90s, 5m (default; of a self-test 1h)"
    )
    parser.add_argument("--margin", type=share, metavar="SHARE", help="what counts as a regression (default: 5%%)")
    parser.add_argument(
        "--alpha", type=probability, metavar="P", help="probability of any wrong decision (default: 0.05)"
    )
    parser.add_argument(
        "--preset",
        choices=presets(),
        default="release",
        help="how refs and source folders are built (default: release)",
    )
    parser.add_argument(
        "--calibration",
        type=folder,
        default=RUNS / "calibration.json",
        metavar="FILE",
        help="what --self-test found, which it writes and comparisons read (default: runs/calibration.json)",
    )
    parser.add_argument(
        "--out", type=folder, metavar="DIR", help="the folder for the result; default: runs/<time>-compare"
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("sides", nargs="*", metavar="BASE HEAD")
    chosen = parser.parse_args(arguments[:split])
    return _checked(chosen, binary_flags(arguments[split + 1 :]))


def _checked(chosen: Namespace, flags: tuple[str, ...]) -> CompareOptions:
    wanted = (0, 1) if chosen.self_test else (1, 2)
    if len(chosen.sides) not in wanted:
        what = "at most one folder" if chosen.self_test else "BASE and HEAD, or one comparison to judge again"
        raise Stop(f"{len(chosen.sides)} were named; needed: {what} (scripts/compare --help says more)")
    if not all(chosen.sides):
        raise Stop("an empty text names no side: is a variable of the command line unset?")
    try:
        re.compile(chosen.select)
    except re.error as error:
        raise Stop(f"'{chosen.select}' is no regular expression: {error}") from error
    again = Path(chosen.sides[0]) if len(chosen.sides) == 1 else None
    if again and (chosen.select or chosen.budget or chosen.out or flags):
        raise Stop(
            "what was measured is judged again: --select, --budget, --out and flags of binaries do not go with it"
        )
    if chosen.self_test and (chosen.select or chosen.margin or flags):
        raise Stop("--self-test has benchmarks and margins of its own: --select, --margin and flags do not go with it")
    base, head = chosen.sides if len(chosen.sides) == 2 else ("", "")
    if base:
        _check_sides(base, head, chosen.preset)
    return CompareOptions(
        base=base,
        head=head,
        again=again,
        self_test=chosen.self_test,
        select=chosen.select,
        budget=chosen.budget or (3600.0 if chosen.self_test else 300.0),
        margin=chosen.margin,
        alpha=chosen.alpha,
        preset=chosen.preset,
        calibration=chosen.calibration,
        out=chosen.out,
        no_install=chosen.no_install,
        flags=flags,
    )


def _check_sides(base: str, head: str, preset: str) -> None:
    """Raises Stop if these cannot be compared, before anything is installed or built."""
    runs = [side for side in (base, head) if is_run(side)]
    if len(runs) == 1:
        raise Stop(f"{runs[0]} is a run folder, and the other side is none: compare two runs, or two builds")
    if not runs:
        find_both(base, head, preset, install=False)
