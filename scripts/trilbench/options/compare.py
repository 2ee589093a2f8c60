"""The command line of scripts/compare."""

from dataclasses import dataclass
from pathlib import Path

from trilbench.options.common import Parser, binary_flags, duration, folder, presets, probability, share


@dataclass(frozen=True)
class CompareOptions:
    """What scripts/compare was asked for."""

    base: str
    head: str
    select: str  # a regular expression over benchmarks' names; empty: the suite's own choice
    budget: float  # seconds of the rounds
    margin: float  # a share of base's time
    alpha: float
    preset: str
    out: Path | None
    no_install: bool
    flags: tuple[str, ...]  # for our own binaries


def parse(arguments: list[str]) -> CompareOptions:
    """Reads the arguments of scripts/compare; what follows `--` goes to the benchmark binaries."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = Parser(
        prog="scripts/compare",
        usage="%(prog)s [--select REGEX] [--budget 5m] [--margin 5%%] [--alpha 0.05] [--preset NAME] [--out DIR] "
        "[--no-install] BASE HEAD [-- FLAGS]",
        description="Is HEAD slower than BASE? Runs both in turn, in fresh processes, and says slower, faster, same or "
        "cannot tell of each benchmark. BASE and HEAD are git refs, source folders (. for this one as it stands), build "
        "folders, or programs of Google Benchmark's; or both are run folders of scripts/bench, which are compared as "
        "they are.",
        epilog="What follows -- goes to this suite's binaries: --threads=2, --cold, --shapes=8x1024x64. "
        "Exit codes: 0 nothing is slower by the margin, 1 wrong use or a tool failed, 2 a regression: slower by the "
        "margin, a wrong result or a missing benchmark, 3 no regression seen, but something cannot be told, 4 not "
        "comparable, 5 nothing matched.",
    )
    parser.add_argument(
        "--select",
        default="",
        metavar="REGEX",
        help="benchmarks whose names match; default: a choice of 24 over operations and levels of the memory",
    )
    parser.add_argument(
        "--budget", type=duration, default=300.0, metavar="TIME", help="of the rounds: 90s, 5m (default), 1h"
    )
    parser.add_argument(
        "--margin", type=share, default=0.05, metavar="SHARE", help="what counts as a regression (default: 5%%)"
    )
    parser.add_argument(
        "--alpha", type=probability, default=0.05, metavar="P", help="probability of any false alarm (default: 0.05)"
    )
    parser.add_argument(
        "--preset",
        choices=presets(),
        default="release",
        help="how refs and source folders are built (default: release)",
    )
    parser.add_argument(
        "--out", type=folder, metavar="DIR", help="the folder for the result; default: runs/<time>-compare"
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("base", metavar="BASE")
    parser.add_argument("head", metavar="HEAD")
    chosen = parser.parse_args(arguments[:split])
    return CompareOptions(**vars(chosen), flags=binary_flags(arguments[split + 1 :]))
