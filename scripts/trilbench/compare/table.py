"""A comparison as text: the worst first, what is the same in one line."""

import statistics
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from trilbench.compare import words
from trilbench.compare.calibration_text import in_short
from trilbench.compare.outcome import Line, Outcome
from trilbench.compare.record import Comparison
from trilbench.compare.verdict import Rule, Verdict
from trilbench.results.units import count, duration

_STYLES = {Verdict.SLOWER: "red", Verdict.FASTER: "green", Verdict.CANNOT_TELL: "yellow"}


def print_comparison(console: Console, comparison: Comparison, judged: Outcome, rule: Rule) -> None:
    """Prints the lines that say something, folds the others, and says what the comparison is worth."""

    def line(text: str = "", style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=True)

    line()
    line(f"base: {comparison.base.label} ({comparison.base.what})")
    line(f"head: {comparison.head.label} ({comparison.head.what})")
    told = [each for each in judged.lines if not each.quiet]
    same = [each for each in judged.lines if each.quiet]
    if told:
        line()
        width = max(len(_short(each)) for each in told)
        line(f"{'':<{width}} {'base':>8} {'head':>8}  head/base  {'corrected interval':<18}  verdict", "bold")
        for each in told:
            line(_line(each, width), _STYLES.get(each.judgement.verdict, ""))
            for note in words.notes(each):
                line(f"{'':<{width}} {'':>8} {'':>8}  {note}")
    line()
    if same:
        line(f"the same: {_folded(same)}")
    for text in _remarks(comparison, judged):
        line(text)
    for failure in comparison.failures:
        line(f"FAILED {failure.name}: {failure.reason}", "bold red")
    for warning in words.warnings(comparison, judged):
        line(f"warning: {warning}", "yellow")
    line()
    line(words.headline(comparison, judged, rule), "bold")


def _short(line: Line) -> str:
    """The name without what every name of the suite has."""
    return line.measured.name.replace("/f32/", "/").removesuffix("/omp:1")


def _line(each: Line, width: int) -> str:
    judgement, measured = each.judgement, each.measured
    base, head = (duration(statistics.median(times)) for times in (measured.base, measured.head))
    estimate, interval = words.percent(judgement.estimate), words.interval(each)
    return f"{_short(each):<{width}} {base:>8} {head:>8}  {estimate:>9}  {interval:<18}  {judgement.verdict}"


def _folded(same: Sequence[Line]) -> str:
    lowest = min(line.judgement.low for line in same)
    highest = max(line.judgement.high for line in same)
    return f"{count(len(same), 'benchmark')}, all intervals within {words.percent(lowest)} to {words.percent(highest)}"


def _remarks(comparison: Comparison, judged: Outcome) -> Iterator[str]:
    if comparison.added:
        yield f"only in head: {count(len(comparison.added), 'benchmark')}"
    yield words.power(comparison, judged)
    yield in_short(comparison.calibration)
