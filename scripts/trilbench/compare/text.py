"""A comparison in words: on the terminal, as Markdown for a pull request, as JUnit's XML for CI servers. Its page has
the same."""

import math
import re
import statistics
from collections.abc import Iterable, Sequence
from functools import partial
from xml.etree import ElementTree

from rich.console import Console
from rich.text import Text

from trilbench.compare.record import Calibration
from trilbench.compare.verdict import Line, Outcome, Verdict
from trilbench.results.names import BenchmarkName, parse_name
from trilbench.results.units import count, duration, percent, percentage


def interval(line: Line) -> str:
    """The corrected interval; empty if there were too few rounds for one."""
    low, high = line.judgement.low, line.judgement.high
    return f"{percent(low)} to {percent(high)}" if low > 0 and high < math.inf else "no interval"


def cells(line: Line) -> tuple[str, str, str, str]:
    """A benchmark's times of base and head, their ratio and its interval."""
    base, head = (duration(statistics.median(times)) for times in (line.measured.base, line.measured.head))
    return base, head, percent(line.judgement.estimate), interval(line)


def notes(line: Line) -> list[str]:
    """What to know beside the verdict."""
    found = []
    if line.coarser:
        found.append(
            f"less accurate: {line.measured.base_error:.2g} became {line.measured.head_error:.2g} of the bound"
        )
    if line.of_library and (line.coarser or line.judgement.verdict is not Verdict.SAME):
        found.append("a library's: held against nobody")
    elif line.advisory and line.judgement.verdict is not Verdict.SAME:
        found.append("the same machine code: layout or noise")
    if line.judgement.of_layout:
        found.append(f"builds of the same code differ by up to {percent(1 + line.judgement.floor)}")
    if line.judgement.verdict is Verdict.SAME and line.judgement.beyond_floor:
        found.append(f"{'slower' if line.judgement.beyond_floor > 0 else 'faster'}, by less than the margin")
    if line.judgement.worth_a_look and line.untold:
        found.append("worth a look")
    return found


def headline(judged: Outcome) -> str:
    """The answer in one sentence."""
    unseen = len(judged.comparison.unseen)
    of = count(len(judged.lines) + unseen, "benchmark")
    slower = sum(line.slower for line in judged.lines)
    coarser = sum(line.less_accurate for line in judged.lines)
    wrong = len(judged.comparison.failures)
    if slower or coarser or wrong:
        parts = [f"{slower} of {of} slower by {percentage(judged.rule.margin)} or more"] if slower else []
        parts += [f"{coarser} of {of} less accurate"] if coarser else []
        parts += [f"{count(wrong, 'benchmark')} wrong or missing"] if wrong else []
        return f"regression: {', '.join(parts)}"
    if judged.untold:
        return f"cannot tell: {judged.untold}"
    unknown = sum(line.untold for line in judged.lines) + unseen
    if unknown:
        return f"no regression seen, but {unknown} of {of} cannot be told"
    return f"no regression: none of {of} is slower by {percentage(judged.rule.margin)} or more"


def smallest_effects(effects: Iterable[float]) -> str:
    """What slowdowns a comparison finds with 80 % power, from those of its benchmarks."""
    ordered = sorted(effects)
    if not ordered or math.isinf(ordered[0]):
        return "too few to find anything"
    middle = ordered[len(ordered) // 2]
    return (
        f"with 80 % power they find a slowdown of {percent(1 + middle)} in the median benchmark, "
        f"{percent(1 + ordered[0])} in the quietest, {percent(1 + ordered[-1])} in the noisiest"
    )


def power(judged: Outcome) -> str:
    """How much was measured, and the smallest effect that it could show."""
    effects = smallest_effects(line.judgement.smallest_effect for line in judged.lines)
    if not judged.comparison.paired:
        base, head = judged.comparison.runs
        return f"{count(base, 'run')} against {head}, each one process of each benchmark: {effects}"
    alike = ""
    if judged.worth < judged.rounds:
        alike = f", as much as {judged.worth} that are independent (autocorrelation {judged.autocorrelation:.2f})"
    return f"{count(judged.rounds, 'round')}{alike}; {effects}"


def warnings(judged: Outcome) -> list[str]:
    """What makes the comparison doubtful."""
    comparison = judged.comparison
    found = [
        f"{number} of {len(comparison.rounds)} rounds do not count: {why}" for why, number in judged.disturbed.items()
    ]
    found += [f"nothing can be told of {each.name}: {each.reason}" for each in comparison.unseen]
    found += comparison.doubts
    if comparison.unequal:
        found.append(
            "unequal iterations: a program cannot be told a number of calls, so both sides ran for equal time, which "
            "alone can make a difference of a per cent"
        )
    if judged.untold:
        found.append(f"nothing can be told: {judged.untold}")
    return found


def calibrated(calibration: Calibration | None) -> str:
    """What the machine was found to tell, in a line for every comparison."""
    if not calibration:
        return "not calibrated on this machine: scripts/compare --self-test tells what it can find here"
    trials = calibration.trials
    margin = max(trial.margin for trial in trials)
    equal = next(trial for trial in trials if trial.found is None and trial.margin == margin)
    found = ", ".join(
        f"{trial.what} in {trial.found} of {trial.comparisons} at margin {percentage(trial.margin)}"
        for trial in trials
        if trial.found is not None
    )
    return (
        f"calibrated {calibration.started[:10]} by {count(calibration.rounds, 'round')}: {equal.red} false alarms in "
        f"{equal.comparisons} comparisons of a program with itself at margin {percentage(margin)}; found: {found}"
    )


# Benchmarks' names as a figure or a table has room for them.


def labels(names: Iterable[str]) -> dict[str, str]:
    """A short label for each name: its variant and shape; the operation and the threads where they differ. A name that
    is not of this suite stays as it is."""
    parsed = {name: _parsed(name) for name in names}
    known = [each for each in parsed.values() if each]
    operations = {each.operation for each in known}
    threads = {each.threads for each in known}
    return {name: _label(each, len(operations) > 1, threads != {1}) if each else name for name, each in parsed.items()}


def _parsed(name: str) -> BenchmarkName | None:
    try:
        return parse_name(name)
    except ValueError:
        return None


def _label(name: BenchmarkName, with_operation: bool, with_threads: bool) -> str:
    operation = f"{name.operation}/" if with_operation else ""
    return f"{operation}{name.variant} {name.shape}" + (f" omp:{name.threads}" if with_threads else "")


_STYLES = {Verdict.SLOWER: "red", Verdict.FASTER: "green", Verdict.CANNOT_TELL: "yellow"}


def print_comparison(console: Console, judged: Outcome) -> None:
    """Prints the lines that say something, folds the others, and says what the comparison is worth."""
    line, comparison = partial(print_line, console), judged.comparison
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
            base, head, ratio, interval = cells(each)
            text = f"{_short(each):<{width}} {base:>8} {head:>8}  {ratio:>9}  {interval:<18}  {each.judgement.verdict}"
            line(text, _STYLES.get(each.judgement.verdict, ""))
            for note in notes(each):
                line(f"{'':<{width}} {'':>8} {'':>8}  {note}")
    line()
    if same:
        ends = min(each.judgement.low for each in same), max(each.judgement.high for each in same)
        within = " to ".join(map(percent, ends))
        line(f"the same: {count(len(same), 'benchmark')}, all intervals within {within}")
    if comparison.added:
        line(f"only in head: {count(len(comparison.added), 'benchmark')}")
    line(power(judged))
    line(calibrated(comparison.calibration))
    for failure in comparison.failures:
        line(f"FAILED {failure.name}: {failure.reason}", "bold red")
    for warning in warnings(judged):
        line(f"warning: {warning}", "yellow")
    line()
    line(headline(judged), "bold")


def print_line(console: Console, text: str = "", style: str = "") -> None:
    """Unbroken, whatever the console's width: lines are for grep too."""
    console.print(Text(text, style=style), soft_wrap=True)


def _short(line: Line) -> str:
    """The name without what every name of the suite has."""
    return line.measured.name.replace("/f32/", "/").removesuffix("/omp:1")


def markdown(judged: Outcome) -> str:
    """What says something stands open, what is the same is folded."""
    comparison = judged.comparison
    told = [line for line in judged.lines if not line.quiet]
    same = [line for line in judged.lines if line.quiet]
    parts = [
        f"### {_plain(headline(judged))}",
        f"base: {_plain(comparison.base.label)} ({_plain(comparison.base.what)})  \n"
        f"head: {_plain(comparison.head.label)} ({_plain(comparison.head.what)})",
        "\n".join(f"- **{_plain(failure.name)}**: {_plain(failure.reason)}" for failure in comparison.failures),
        _table(told),
        f"<details><summary>{count(len(same), 'benchmark')} the same</summary>\n\n{_table(same)}\n\n</details>"
        if same
        else "",
        "\n".join(f"- {_plain(warning)}" for warning in warnings(judged)),
        f"{power(judged)}. {_plain(calibrated(comparison.calibration))}.",
        _code(comparison.command),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    rows = ["| benchmark | base | head | head/base | corrected interval | verdict |", "|---|--:|--:|--:|--:|---|"]
    for line in lines:
        verdict = "; ".join([line.judgement.verdict, *notes(line)])
        rows.append(f"| {' | '.join([_plain(line.measured.name), *cells(line), verdict])} |")
    return "\n".join(rows)


def _plain(text: str) -> str:
    """The text with everything escaped that Markdown or HTML would take for its own."""
    escaped = _printable(text, " ").replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~@])", r"\\\1", escaped)


def _code(text: str) -> str:
    """As code, within more backticks than it holds."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {_printable(text, ' ')} {fence}"


def _printable(text: str, instead: str, but: str = "") -> str:
    """Without control characters, `but` for these."""
    return "".join(c if c.isprintable() or c in but else instead for c in text)


def _for_xml(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return _printable(text, "?", but="\t\n")


def junit(judged: Outcome) -> str:
    """A test case for each benchmark: failed if it regressed, skipped if it cannot be told."""
    comparison = judged.comparison
    found = []
    for line in judged.lines:
        _, _, ratio, interval = cells(line)
        kind = {Verdict.CANNOT_TELL: "skipped"}.get(line.judgement.verdict, "system-out")
        text = "; ".join([f"{ratio} ({interval}): {line.judgement.verdict}", *notes(line)])
        found.append((line.measured.name, "failure" if line.regressed else kind, text))
    found += [(each.name, "failure", each.reason) for each in comparison.failures]
    found += [(each.name, "skipped", each.reason) for each in comparison.unseen]
    number = {kind: str(sum(each[1] == kind for each in found)) for kind in ("failure", "skipped")}
    name = _for_xml(f"compare {comparison.base.label} {comparison.head.label}")
    totals = {"tests": str(len(found)), "failures": number["failure"], "skipped": number["skipped"]}
    suite = ElementTree.Element("testsuite", {"name": name, **totals})
    for benchmark, kind, text in found:
        case = ElementTree.SubElement(suite, "testcase", classname="compare", name=_for_xml(benchmark))
        said = ElementTree.SubElement(case, kind)
        if kind == "system-out":
            said.text = text
        else:
            said.set("message", _for_xml(text))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"
