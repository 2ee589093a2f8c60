"""The end of a comparison: what was measured is judged, written for people and other tools, and shown. scripts/report
and scripts/plot do that again for a comparison that lies there."""

import math
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilbench.compare import text
from trilbench.compare.bank import known_for
from trilbench.compare.record import Comparison, Round
from trilbench.compare.text import junit, labels, markdown, print_comparison
from trilbench.compare.verdict import Line, Outcome, Rule, Verdict, disturbance, outcome
from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.report import terminal as screen
from trilbench.report.facts import differences, machine_facts
from trilbench.report.template import attempt, render
from trilbench.results import units
from trilbench.stop import Exit

if TYPE_CHECKING:
    from trilbench.report.figures.make import Figure


def write(folder: Path, comparison: Comparison, judged: Outcome, rule: Rule) -> str:
    """Writes `folder`/report.html. Returns why there is no figure; empty if there is one or nothing to draw. Raises
    Stop if the page cannot be written."""
    figures, fault = attempt(lambda: draw(comparison, judged, rule))
    write_whole(folder / "report.html", page(folder, comparison, judged, rule, figures, fault))
    return fault


def draw(comparison: Comparison, judged: Outcome, rule: Rule) -> "list[Figure]":
    """The forest plot, if there is anything to draw."""
    # Imported here, so that what does not even load costs no more than the picture.
    from trilbench.compare.figure import comparison_figure

    return [figure for figure in [comparison_figure(comparison, judged, rule)] if figure]


def page(
    folder: Path, comparison: Comparison, judged: Outcome, rule: Rule, figures: "Sequence[Figure]", fault: str = ""
) -> str:
    """The page's text. `folder` is where it will lie; `fault` says why there is no figure."""
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
        rule=rule,
        figure=figures[0] if figures else None,
        fault=fault,
        headline=text.headline(comparison, judged, rule),
        power=text.power(comparison, judged),
        calibration=text.calibrated(comparison.calibration),
        warnings=text.warnings(comparison, judged),
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


def judge(comparison: Comparison) -> tuple[Outcome, Rule]:
    """By the rule and the calibration that it carries."""
    rule = Rule(margin=comparison.margin, alpha=comparison.alpha)
    names = [row.name for row in comparison.benchmarks]
    known = known_for(names, comparison.calibration)
    return outcome(comparison, known.floors, rule, known.autocorrelations), rule


def present(folder: Path, comparison: Comparison) -> tuple[Outcome, Exit]:
    """Writes what people and other tools read, and prints the table. Exit.TOOL_FAILED if the figure could not be
    drawn."""
    judged, rule = judge(comparison)
    write_whole(folder / "compare.md", markdown(comparison, judged, rule))
    write_whole(folder / "junit.xml", junit(comparison, judged))
    fault = write(folder, comparison, judged, rule)
    print_comparison(screen.console(), comparison, judged, rule)
    print(f"report: {shown(folder / 'report.html')}; beside it lie compare.json, compare.md and junit.xml")
    if fault:
        print(f"error: the figure could not be drawn: {fault}", file=sys.stderr)
    return judged, Exit.TOOL_FAILED if fault else Exit.FINE
