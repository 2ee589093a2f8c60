"""The command line of scripts/report."""

from pathlib import Path

from trilbench.options import Choosing, Parser, read


class ReportOptions(Choosing):
    """What scripts/report was asked for."""

    history: Path | None = None  # None: where scripts/history keeps it, if it knows the machine
    draw: bool  # --figures
    folder: Path


def parse(arguments: list[str]) -> ReportOptions:
    """Reads the arguments of scripts/report."""
    parser = Parser(
        prog="scripts/report",
        usage="%(prog)s [OPTIONS] FOLDER",
        description="Makes summary.csv and report.html of a run's folder anew, and prints its tables; or report.html, "
        "compare.md and junit.xml of a comparison's.",
        epilog="Of chosen benchmarks all is made of these alone, over the baselines of all; a comparison is shown "
        "whole. An interrupted run is shown as far as it got. Exit codes: 0 fine, 1 wrong use or a tool failed, 5 "
        "nothing matched.",
    )
    return read(ReportOptions, parser, arguments)
