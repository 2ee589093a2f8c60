"""The end of a comparison: what was measured is judged, written for people and other tools, and shown. scripts/report
and scripts/plot do that again for a comparison that lies there."""

import sys
from pathlib import Path

from trilbench.compare import page
from trilbench.compare.exports import junit, markdown
from trilbench.compare.floors import known_for
from trilbench.compare.outcome import Outcome, outcome
from trilbench.compare.record import Comparison
from trilbench.compare.table import print_comparison
from trilbench.compare.verdict import Rule
from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.report import terminal as screen
from trilbench.stop import Exit


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
    fault = page.write(folder, comparison, judged, rule)
    print_comparison(screen.console(), comparison, judged, rule)
    print(f"report: {shown(folder / 'report.html')}; beside it lie compare.json, compare.md and junit.xml")
    if fault:
        print(f"error: the figure could not be drawn: {fault}", file=sys.stderr)
    return judged, Exit.TOOL_FAILED if fault else Exit.FINE
