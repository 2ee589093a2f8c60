"""What changed in a history: regressions first, then the other changes, the newest first."""

import math
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from trilbench.history.open import Open
from trilbench.history.steps import LEAST_SEGMENT
from trilbench.history.store import History
from trilbench.history.verdict import Change, Judged, Rule, Verdict
from trilbench.results.units import count, duration, percent, percentage


def print_changes(console: Console, history: History, verdict: Verdict, rule: Rule) -> None:
    """Prints every change, and the answer in one sentence last."""

    def line(text: str = "", style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=True)

    line()
    line(history.key, "bold")
    line(_what_there_is(history, verdict))
    for (before, after), of_place in _by_place(verdict.judged):
        line()
        line(between(history, before, after), "bold")
        for remark in of_place[0][1].remarks:
            line(f"  {remark}", "yellow")
        for each, change in of_place:
            if not change.advisory:
                line(f"  {words(each, change)}", "red" if change.ratio > 1 else "green")
        for text in _advisories(of_place):
            line(f"  {text}")
    regressed = [each for each in verdict.judged if each.regressed]
    if regressed:
        line()
        line(f"slower than at the baseline, {baseline_words(history)}:", "bold")
        for each in sorted(regressed, key=lambda each: -(each.since_baseline or 0)):
            line(f"  {percent(each.since_baseline or 1):>7}  {each.series.title}", "red")
    if verdict.open:
        line()
        line("wrong, or not to be judged:", "bold")
        for wrong, text in _open(verdict.open):
            line(f"  {text}", "red" if wrong else "yellow")
    line()
    line(headline(history, verdict, rule), "bold")


def _by_place(judged: Sequence[Judged]) -> list[tuple[tuple[int, int], list[tuple[Judged, Change]]]]:
    """The changes between the same two runs, the newest first; of these the largest first."""
    found: dict[tuple[int, int], list[tuple[Judged, Change]]] = {}
    for each in judged:
        for change in each.changes:
            found.setdefault((change.before, change.after), []).append((each, change))
    for of_place in found.values():
        of_place.sort(key=lambda pair: -abs(math.log(pair[1].ratio)))
    return sorted(found.items(), key=lambda item: (-item[0][1], -item[0][0]))


def _advisories(of_place: Sequence[tuple[Judged, Change]]) -> Iterator[str]:
    """What is not the code's doing, in a line for each implementation and reason."""
    groups: dict[tuple[str, str, str], list[float]] = {}
    for each, change in of_place:
        if change.advisory:
            name = each.series.name
            groups.setdefault((name.operation, name.implementation, change.advisory), []).append(change.ratio)
    for (operation, implementation, reason), ratios in groups.items():
        low, high = percent(min(ratios)), percent(max(ratios))
        by = low if low == high else f"{low} to {high}"
        yield f"{by:>7}  {count(len(ratios), 'benchmark')} of {operation}/{implementation}: {reason}"


def _open(every: Sequence[Open]) -> Iterator[tuple[bool, str]]:
    """A line for each implementation and reason, what is wrong first."""
    groups: dict[tuple[bool, str, str, str], list[Open]] = {}
    for each in sorted(every, key=lambda each: not each.wrong):
        name = each.series.name
        groups.setdefault((each.wrong, name.operation, name.implementation, each.reason), []).append(each)
    for (wrong, operation, implementation, reason), of_group in groups.items():
        several = f"{count(len(of_group), 'benchmark')} of {operation}/{implementation}"
        yield wrong, f"{of_group[0].series.title if len(of_group) == 1 else several}: {reason}"


def between(history: History, before: int, after: int) -> str:
    """Between which commits, and when."""
    old, new = history.runs[before], history.runs[after]
    skipped = after - before - 1
    inner = f", {count(skipped, 'run')} between them not counted" if skipped else ""
    return f"{old.label} ({old.started[:10]}) -> {new.label} ({new.started[:10]}){inner}"


def words(each: Judged, change: Change) -> str:
    """By how much, from which time to which."""
    i = each.changes.index(change)
    old, new = each.levels[i], each.levels[i + 1]
    return (
        f"{percent(change.ratio):>7} [{percent(change.low)}, {percent(change.high)}]  {each.series.title}: "
        f"{duration(old.seconds)} -> {duration(new.seconds)}{', gradually' if change.gradual else ''}"
    )


def baseline_words(history: History) -> str:
    """Which runs the baseline is."""
    runs = [history.runs[place] for place in history.baseline_places]
    labels = ", ".join(dict.fromkeys(run.label for run in runs))
    return f"{labels} ({runs[-1].started[:10]})" if runs else "none"


def _what_there_is(history: History, verdict: Verdict) -> str:
    disturbed = sum(bool(run.disturbed) for run in history.runs)
    text = f"{count(len(history.runs), 'run')}, {len(verdict.judged)} series of benchmarks"
    if disturbed:
        text += f"; {count(disturbed, 'run')} disturbed"
    few = sum(not each.enough for each in verdict.judged)
    if few:
        text += f"; {few} series of fewer than {2 * LEAST_SEGMENT} runs that count, of which nothing can be told"
    return text


def headline(history: History, verdict: Verdict, rule: Rule) -> str:
    """The answer in one sentence."""
    if not verdict.judged:
        return "no benchmark matched"
    regressed = sum(each.regressed for each in verdict.judged)
    compared = sum(each.since_baseline is not None for each in verdict.judged)
    of = f"of {count(compared, 'benchmark')} since the baseline, {baseline_words(history)}"
    wrong = sum(each.wrong for each in verdict.open)
    if regressed or wrong:
        parts = [f"{regressed} {of}, slower by {percentage(rule.margin)} or more"] if regressed else []
        parts += [f"{count(wrong, 'benchmark')} wrong or broken"] if wrong else []
        return f"regression: {'; '.join(parts)}"
    if verdict.open:
        return (
            f"not comparable: {count(len(verdict.open), 'benchmark')} cannot be judged; scripts/history promote COMMIT "
            "of a later run accepts what changed"
        )
    if not any(each.enough for each in verdict.judged):
        return f"cannot tell: a change takes {LEAST_SEGMENT} runs before it and {LEAST_SEGMENT} after it"
    changes = sum(len(each.changes) for each in verdict.judged)
    if not history.baseline_places:
        return f"{count(changes, 'change')}; no baseline to judge by: scripts/history promote COMMIT sets one"
    return f"no regression {of}"
