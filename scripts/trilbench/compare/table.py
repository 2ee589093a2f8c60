"""A comparison as text, the worst first, what is the same in one line; and a calibration."""

from collections.abc import Mapping, Sequence
from functools import partial

from rich.console import Console
from rich.text import Text

from trilbench.compare import words
from trilbench.compare.floors import exact_interval
from trilbench.compare.outcome import Line, Outcome
from trilbench.compare.record import Calibration, Comparison, Trial
from trilbench.compare.verdict import Rule, Verdict
from trilbench.results.units import count, countdown, percent, percentage

_STYLES = {Verdict.SLOWER: "red", Verdict.FASTER: "green", Verdict.CANNOT_TELL: "yellow"}


def print_comparison(console: Console, comparison: Comparison, judged: Outcome, rule: Rule) -> None:
    """Prints the lines that say something, folds the others, and says what the comparison is worth."""
    line = partial(print_line, console)
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
            base, head, ratio, interval = words.cells(each)
            text = f"{_short(each):<{width}} {base:>8} {head:>8}  {ratio:>9}  {interval:<18}  {each.judgement.verdict}"
            line(text, _STYLES.get(each.judgement.verdict, ""))
            for note in words.notes(each):
                line(f"{'':<{width}} {'':>8} {'':>8}  {note}")
    line()
    if same:
        ends = min(each.judgement.low for each in same), max(each.judgement.high for each in same)
        within = " to ".join(map(percent, ends))
        line(f"the same: {count(len(same), 'benchmark')}, all intervals within {within}")
    if comparison.added:
        line(f"only in head: {count(len(comparison.added), 'benchmark')}")
    line(words.power(comparison, judged))
    line(words.calibrated(comparison.calibration))
    for failure in comparison.failures:
        line(f"FAILED {failure.name}: {failure.reason}", "bold red")
    for warning in words.warnings(comparison, judged):
        line(f"warning: {warning}", "yellow")
    line()
    line(words.headline(comparison, judged, rule), "bold")


def print_line(console: Console, text: str = "", style: str = "") -> None:
    """Unbroken, whatever the console's width: lines are for grep too."""
    console.print(Text(text, style=style), soft_wrap=True)


def _short(line: Line) -> str:
    """The name without what every name of the suite has."""
    return line.measured.name.replace("/f32/", "/").removesuffix("/omp:1")


def print_calibration(console: Console, calibration: Calibration, unmet: Sequence[str]) -> None:
    """Prints the rates of each trial, what later comparisons take from it, and what falls short of the goals."""
    line = partial(print_line, console)
    line()
    line(
        f"{count(calibration.rounds, 'round')} in {countdown(calibration.seconds)}, {calibration.disturbed} of them "
        f"disturbed; comparisons of {calibration.rounds_each} rounds in a row, none of which shares one with another"
    )
    line()
    width = max(len(trial.what) for trial in calibration.trials)
    line(f"{'':<{width}}  margin  {'false alarms':<22} {'wrong verdicts':<22} {'found':<22} untold", "bold")
    for trial in calibration.trials:
        rates = " ".join(f"{_rate(events, trial):<22}" for events in (trial.red, trial.wrong, trial.found))
        line(f"{trial.what:<{width}}  {percentage(trial.margin):>6}  {rates} {trial.untold}")
    line()
    line(f"beside programs that keep every core busy: {calibration.hog}")
    middle, worst, name = _spread(calibration.floors)
    line(
        f"builds of the same code came out apart by {middle:.1%} in the median benchmark and by {worst:.1%} in the "
        f"worst ({name}): of each benchmark no difference below its own floor, at least 1 %, is called one"
    )
    middle, worst, name = _spread(calibration.autocorrelations)
    line(
        f"ratios of rounds that follow each other correlate by {middle:.2f} in the median benchmark and by {worst:.2f} "
        f"in the worst ({name}): with r, n rounds count as n (1 - r) / (1 + r)"
    )
    for text in unmet:
        line(f"NOT MET: {text}", "yellow")


def _spread(of: Mapping[str, float]) -> tuple[float, float, str]:
    """The median, the greatest, and whose that is."""
    worst = max(of, key=lambda name: of[name])
    return sorted(of.values())[len(of) // 2], of[worst], worst


def _rate(events: int | None, trial: Trial) -> str:
    if events is None:
        return ""
    low, high = exact_interval(events, trial.comparisons)
    return f"{events} of {trial.comparisons} ({low:.0%} to {high:.0%})"
