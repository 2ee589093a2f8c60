"""The command line of scripts/history."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

from trilbench.options import Parser, check_known, folder, names, probability, share
from trilbench.paths import HISTORY

_CODES = "Exit codes: 0 fine, 1 wrong use or a tool failed, "


@dataclass(frozen=True)
class HistoryOptions:
    """What scripts/history was asked for. What an action does not take has its default."""

    action: str
    folder: Path
    no_install: bool
    machine: str = ""  # the beginning of a key; empty: all, or the only one
    runs: tuple[Path, ...] = ()
    what: str = ""  # to promote: a run's name or a commit, or the beginning of either
    select: re.Pattern[str] | None = None
    margin: float = 0.05
    alpha: float = 0.05
    disturbed: bool = False
    out: Path | None = None
    formats: tuple[str, ...] = ("svg", "png")
    light: bool = True
    dark: bool = True


def parse(arguments: list[str]) -> HistoryOptions:
    """Reads the arguments of scripts/history."""
    parser = Parser(
        prog="scripts/history",
        description="Keeps what runs measured, a folder for each machine, and finds where benchmarks became slower or "
        "faster for good.",
        epilog="scripts/history ACTION --help says more of each. "
        "scripts/compare answers at once, with two builds; a history needs five runs after a change.",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    common = Parser(add_help=False)
    common.add_argument(
        "--folder", type=folder, default=HISTORY, metavar="DIR", help="where the history lies; default: history/"
    )
    common.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    one = Parser(add_help=False)
    one.add_argument("--machine", default="", metavar="KEY", help="its key or the beginning of it; default: all")
    judging = Parser(add_help=False)
    judging.add_argument(
        "--select", type=_regex, metavar="REGEX", help="benchmarks in whose names it is found; default: all"
    )
    judging.add_argument(
        "--margin", type=share, default=0.05, metavar="SHARE", help="what counts as a regression (default: 5%%)"
    )
    judging.add_argument(
        "--alpha", type=probability, default=0.05, metavar="P", help="probability of any false change (default: 0.05)"
    )
    judging.add_argument("--disturbed", action="store_true", help="let runs count that other programs disturbed")

    add = actions.add_parser(
        "add",
        parents=[common],
        help="keep what runs measured",
        description="Keeps what runs of scripts/bench measured: one small file for each, in the folder of the machine "
        "that measured it. A run that is there already is left as it is; one that was resumed since is brought up to "
        "date.",
        epilog=_CODES + "4 the run does not say on which CPU, 5 it holds no times.",
    )
    add.add_argument("runs", type=folder, nargs="+", metavar="RUN", help="a folder that scripts/bench left")

    actions.add_parser(
        "list",
        parents=[common, one],
        help="the machines and their runs",
        description="Lists machines, their runs, and what is to be known of each.",
        epilog=_CODES + "5 there are no runs.",
    )

    actions.add_parser(
        "changes",
        parents=[common, one, judging],
        help="where benchmarks became slower or faster for good",
        description="Finds change points: runs from which on a benchmark keeps another level, for five runs at least. "
        "Without a baseline it only tells; with one (scripts/history promote) it judges.",
        epilog=_CODES + "2 something is slower than at the baseline by the margin, or wrong, 3 too few "
        "runs to tell (ten are needed), 4 something cannot be judged: it ended, its flags changed, or the machine's "
        "limit moved with it, 5 nothing matched.",
    )

    plot = actions.add_parser(
        "plot",
        parents=[common, one, judging],
        help="times of benchmarks over commits",
        description="Draws times over the runs, with their commits, a panel for each benchmark, at most twelve: those "
        "that --select names, or those with changes and then some of each operation.",
        epilog=_CODES + "5 nothing to draw.",
    )
    plot.add_argument("--out", type=folder, metavar="DIR", help="where the files go; default: figures/ beside the runs")
    plot.add_argument("--format", type=names, default=("svg", "png"), metavar="svg,png", help="default: both")
    theme = plot.add_mutually_exclusive_group()
    theme.add_argument("--light", action="store_true", help="only for light pages; default: both")
    theme.add_argument("--dark", action="store_true", help="only for dark pages; default: both")

    promote = actions.add_parser(
        "promote",
        parents=[common, one],
        help="make a run the baseline",
        description="Makes a run, or all runs of a commit, the baseline that later ones are held against, on every "
        "machine that has them. Nothing else ever moves it.",
        epilog=_CODES + "5 there is no such run.",
    )
    promote.add_argument(
        "what", metavar="RUN_OR_COMMIT", help="a run as list names it, or a commit; its beginning does"
    )

    return _options(vars(parser.parse_args(arguments)))


def _options(chosen: dict[str, object]) -> HistoryOptions:
    if "format" in chosen:
        formats = chosen.pop("format")
        assert isinstance(formats, tuple)
        check_known("format", formats, ("svg", "png"))
        light, dark = chosen["light"], chosen["dark"]
        chosen |= {"formats": formats, "light": not dark, "dark": not light}
    return HistoryOptions(**chosen)  # type: ignore[arg-type]


def _regex(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from error
