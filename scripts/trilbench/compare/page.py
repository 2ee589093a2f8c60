"""The end of a comparison: what was measured is judged, written for people and other tools, and shown. scripts/report
and scripts/plot do that again for a comparison that lies there."""

import math
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from trilbench.compare import text
from trilbench.compare.figure import comparison_figure
from trilbench.compare.record import Comparison, Round
from trilbench.compare.text import junit, labels, markdown, print_comparison
from trilbench.compare.verdict import Line, Outcome, Verdict, disturbance, outcome
from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.report import terminal as screen
from trilbench.report.facts import differences, machine_facts
from trilbench.report.figures.make import Figure
from trilbench.report.template import attempt, render
from trilbench.results import units
from trilbench.stop import Exit


def write(folder: Path, judged: Outcome) -> str:
    """Writes `folder`/report.html. Returns why there is no figure; empty if there is one or nothing to draw. Raises
    Stop if the page cannot be written."""
    figures, fault = attempt(lambda: draw(judged))
    write_whole(folder / "report.html", page(folder, judged, figures, fault))
    return fault


def draw(judged: Outcome) -> list[Figure]:
    """The forest plot, if there is anything to draw."""
    return [figure for figure in [comparison_figure(judged)] if figure]


def page(folder: Path, judged: Outcome, figures: Sequence[Figure], fault: str = "") -> str:
    """The page's text. `folder` is where it will lie; `fault` says why there is no figure."""
    comparison = judged.comparison
    helpers: dict[str, Any] = {
        "notes": text.notes,
        "finite": finite,
        "middle": lambda values: statistics.median(values) if values else None,
        "verdict": verdict,
        "disturbance": disturbance,
        "worse_side": worse_side,
        "labels": labels(row.name for row in comparison.benchmarks),
        "as_share": units.share,
        "as_ratio": units.ratio,
    }
    return render(
        "comparison.html.jinja",
        folder,
        figures,
        helpers,
        comparison=comparison,
        judged=judged,
        rule=judged.rule,
        figure=figures[0] if figures else None,
        fault=fault,
        headline=text.headline(judged),
        power=text.power(judged),
        calibration=text.calibrated(comparison.calibration),
        warnings=text.warnings(judged),
        sides=differences(comparison.base, comparison.head),
        machine=machine_facts(comparison.environment),
    )


def finite(value: float | None) -> float | None:
    """The value as a table sorts by it; None if it is unknown or without bounds."""
    return value if value is not None and math.isfinite(value) else None


def verdict(line: Line) -> tuple[str, str, str]:
    """In words, the sign before them, and their class."""
    if line.regressed:
        return "regressed" if line.less_accurate else "regressed: slower", "▲", "wrong"
    sign, kind = {
        Verdict.SLOWER: ("△", "slower"),
        Verdict.FASTER: ("▼", "faster"),
        Verdict.CANNOT_TELL: ("?", "untold"),
        Verdict.NOT_SLOWER: ("≤", "quiet"),
        Verdict.SAME: ("=", "quiet"),
    }[line.judgement.verdict]
    return str(line.judgement.verdict), sign, kind


def worse_side(each: Round, what: str) -> float | None:
    """The larger of what both sides say of their moments, of those that say anything."""
    values = [getattr(moment, what) for moment in each.moments.values()]
    return max((value for value in values if value is not None), default=None)


def present(folder: Path, comparison: Comparison) -> tuple[Outcome, Exit]:
    """Judges, writes what people and other tools read, and prints the table. Exit.TOOL_FAILED if the figure could not
    be drawn."""
    judged = outcome(comparison)
    write_whole(folder / "compare.md", markdown(judged))
    write_whole(folder / "junit.xml", junit(judged))
    fault = write(folder, judged)
    print_comparison(screen.console(), judged)
    print(f"report: {shown(folder / 'report.html')}; beside it lie compare.json, compare.md and junit.xml")
    if fault:
        print(f"error: the figure could not be drawn: {fault}", file=sys.stderr)
    return judged, Exit.TOOL_FAILED if fault else Exit.FINE
