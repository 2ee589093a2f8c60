"""The command line of scripts/history."""

from pathlib import Path

from trilbench.options import Choosing, Parser

_CODES = "Exit codes: 0 fine, 1 wrong use or a tool failed, "
_CHOOSING = ("operations", "select", "shapes", "threads", "isa")
_JUDGING = ("machine", *_CHOOSING, "margin", "alpha", "disturbed")
_COMMON = ("history", "no_install")


class HistoryOptions(Choosing):
    """What scripts/history was asked for. What an action does not take has its default."""

    action: str
    history: Path
    machine: str = ""  # the beginning of a key; empty: all, or the only one
    runs: tuple[Path, ...] = ()
    what: str = ""  # to promote: a run's name or a commit, or the beginning of either
    margin: float = 0.05
    alpha: float = 0.05
    disturbed: bool = False
    out: Path | None = None
    formats: tuple[str, ...] = ("svg", "png")
    light: bool = True
    dark: bool = True
    json: bool = False


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
        "ended, or its flags changed, 5 nothing matched.",
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
    for name, (fields, short, long, codes) in ACTIONS.items():
        action = actions.add_parser(name, help=short, description=long, epilog=_CODES + codes)
        action.take(HistoryOptions, (*fields, *_COMMON))
    return parser.parse_args(arguments, HistoryOptions(operations=(), select="", shapes=(), threads=(), isa=()))
