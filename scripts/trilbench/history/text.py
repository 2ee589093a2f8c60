"""A history in words: its machines and runs, and what changed, regressions first, then the newest; in lines with a
style each, for programs, and as a part of a run's page."""

import math
from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from trilbench.history.steps import LEAST_SEGMENT
from trilbench.history.store import History, KeptRun
from trilbench.history.verdict import Change, Judged, Open, Verdict
from trilbench.report.figures.make import Figure
from trilbench.report.page import ChangeLine, Past
from trilbench.results.statistics import median
from trilbench.results.units import count, duration, percent, percentage
from trilbench.stop import Exit

Lines = Iterator[tuple[str, str]]


def change_lines(verdict: Verdict) -> Lines:
    """Every change, and the answer in one sentence last."""
    history = verdict.history
    yield from (("", ""), (history.key, "bold"), (_what_there_is(verdict), ""))
    for found in _by_place(verdict):
        yield from (("", ""), (between(history, found[0][1]), "bold"))
        yield from ((f"  {remark}", "yellow") for remark in found[0][1].remarks)
        found.sort(key=lambda pair: -abs(math.log(pair[1].ratio)))
        for each, change in found:
            if not change.advisory:
                yield f"  {words(each, change)}", "red" if change.ratio > 1 else "green"
        yield from _advisories(found)
    regressed = [(each.since_baseline or 1, each.series.title) for each in verdict.judged if each.regressed]
    if regressed:
        yield from (("", ""), (f"slower than at the baseline, {baseline_words(history)}:", "bold"))
        yield from ((f"  {percent(ratio):>7}  {title}", "red") for ratio, title in sorted(regressed, reverse=True))
    if verdict.open:
        yield from (("", ""), ("wrong, or not to be judged:", "bold"), *_open(verdict))
    yield from (("", ""), (headline(verdict), "bold"))


def _by_place(verdict: Verdict) -> list[list[tuple[Judged, Change]]]:
    """The changes between the same two runs, the newest first."""
    found: dict[tuple[int, int], list[tuple[Judged, Change]]] = {}  # by the places of both runs
    for each in verdict.judged:
        for change in each.changes:
            found.setdefault((change.new.first, change.old.last), []).append((each, change))
    return [found[place] for place in sorted(found, reverse=True)]


def _advisories(found: list[tuple[Judged, Change]]) -> Lines:
    """What is not the code's doing, in a line for each implementation and reason."""
    groups: dict[tuple[str, str], list[float]] = {}
    for each, change in found:
        if change.advisory:
            groups.setdefault((_implementation(each), change.advisory), []).append(change.ratio)
    for (implementation, reason), ratios in groups.items():
        low, high = percent(min(ratios)), percent(max(ratios))
        by = low if low == high else f"{low} to {high}"
        yield f"  {by:>7}  {count(len(ratios), 'benchmark')} of {implementation}: {reason}", ""


def _open(verdict: Verdict) -> Lines:
    """A line for each implementation and reason, what is wrong first."""
    groups: dict[tuple[bool, str, str], list[Open]] = {}
    for each in sorted(verdict.open, key=lambda each: not each.wrong):
        groups.setdefault((each.wrong, _implementation(each), each.reason), []).append(each)
    for (wrong, implementation, reason), found in groups.items():
        several = f"{count(len(found), 'benchmark')} of {implementation}"
        yield f"  {found[0].series.title if len(found) == 1 else several}: {reason}", "red" if wrong else "yellow"


def _implementation(each: Judged | Open) -> str:
    return f"{each.series.name.operation}/{each.series.name.implementation}"


def between(history: History, change: Change) -> str:
    """Between which commits, and when."""
    before, after = change.old.last, change.new.first
    skipped = after - before - 1
    inner = f", {count(skipped, 'run')} between them not counted" if skipped else ""
    return f"{history.runs[before].words} -> {history.runs[after].words}{inner}"


def words(each: Judged, change: Change) -> str:
    """By how much, from which time to which."""
    return (
        f"{percent(change.ratio):>7} [{percent(change.low)}, {percent(change.high)}]  {each.series.title}: "
        f"{duration(change.old.seconds)} -> {duration(change.new.seconds)}{', gradually' if change.gradual else ''}"
    )


def baseline_words(history: History) -> str:
    """Which runs the baseline is."""
    runs = [history.runs[place] for place in history.baseline_places]
    labels = ", ".join(dict.fromkeys(run.label for run in runs))
    return f"{labels} ({runs[-1].started[:10]})" if runs else "none"


def _what_there_is(verdict: Verdict) -> str:
    runs = verdict.history.runs
    disturbed = sum(bool(run.disturbed) for run in runs)
    few = sum(not each.enough for each in verdict.judged)
    text = f"{count(len(runs), 'run')}, {len(verdict.judged)} series of benchmarks"
    text += f"; {count(disturbed, 'run')} disturbed" if disturbed else ""
    least = f"fewer than {2 * LEAST_SEGMENT} runs that count, of which nothing can be told"
    return text + (f"; {few} series of {least}" if few else "")


def headline(verdict: Verdict) -> str:
    """The answer in one sentence."""
    if not verdict.judged:
        return "no benchmark matched"
    regressed = sum(each.regressed for each in verdict.judged)
    wrong = sum(each.wrong for each in verdict.open)
    compared = sum(each.since_baseline is not None for each in verdict.judged)
    of = f"of {count(compared, 'benchmark')} since the baseline, {baseline_words(verdict.history)}"
    if verdict.code is Exit.WRONG_RESULT:
        parts = [f"{regressed} {of}, slower by {percentage(verdict.rule.margin)} or more"] if regressed else []
        parts += [f"{count(wrong, 'benchmark')} wrong or broken"] if wrong else []
        return f"regression: {'; '.join(parts)}"
    if verdict.history.lost:
        return (
            "not comparable: no run of the baseline is there any more; put its file back, or let scripts/history "
            "promote COMMIT set another"
        )
    if verdict.open:
        what = "not comparable" if verdict.code is Exit.NOT_COMPARABLE else "cannot tell"
        return (
            f"{what}: {count(len(verdict.open), 'benchmark')} cannot be judged; scripts/history promote COMMIT "
            "of a later run accepts what changed"
        )
    if not verdict.tells:
        return f"cannot tell: a change takes {LEAST_SEGMENT} runs before it and {LEAST_SEGMENT} after it"
    changes = sum(len(each.changes) for each in verdict.judged)
    if not verdict.history.baseline_places:
        return f"{count(changes, 'change')}; no baseline to judge by: scripts/history promote COMMIT sets one"
    return f"no regression {of}"


def changes_as_json(verdict: Verdict) -> dict[str, Any]:
    """The same for programs."""
    runs = verdict.history.runs
    return {
        "machine": verdict.history.key,
        "exit_code": verdict.code,
        "answer": headline(verdict),
        "changes": [
            {"benchmark": each.series.name.text, "apart": each.series.apart}
            | {"before": runs[change.old.last].name, "after": runs[change.new.first].name}
            | {"ratio": change.ratio, "low": change.low, "high": change.high, "gradual": change.gradual}
            | {"not_the_code": change.advisory, "remarks": change.remarks}
            for each in verdict.judged
            for change in each.changes
        ],
        "regressed": {each.series.name.text: each.since_baseline for each in verdict.judged if each.regressed},
        "open": [
            {"benchmark": each.series.name.text, "reason": each.reason, "wrong": each.wrong} for each in verdict.open
        ],
    }


def machine_lines(history: History) -> Lines:
    """What the key stands for, then a line for each run."""
    machine, baseline = history.machine, {history.runs[place].name for place in history.baseline_places}
    yield from (("", ""), (history.key, "bold"))
    yield f"  {machine.cpu}, {machine.cores} cores, hypervisor: {machine.hypervisor}", ""
    yield f"  caches: {'; '.join(f'{level} {text}' for level, text in machine.caches.items()) or 'unknown'}", ""
    yield f"  instruction sets: {machine.instruction_sets}", ""
    width = max((len(run.name) for run in history.runs), default=3)
    yield from (("", ""), (f"  {'run':<{width}} {'rows':>5} {'to baseline':>12}  marks", "bold"))
    for run in history.runs:
        marks = "; ".join([*(["baseline"] if run.name in baseline else []), *_marks(run)])
        yield f"  {run.name:<{width}} {len(run.rows):>5} {_to_baseline(run, history):>12}  {marks}".rstrip(), ""
    if history.baseline and len(baseline) < len(history.baseline.runs):
        yield "warning: runs of the baseline are missing", "yellow"
    if baseline:
        yield "", ""
        yield "  to baseline: the median over all benchmarks that both have; one run is one draw, see changes", ""


def _marks(run: KeptRun) -> Iterator[str]:
    if not run.finished:
        yield "unfinished"
    if run.disturbed:
        yield f"disturbed: {', '.join(run.disturbed)}"
    if run.failures:
        yield f"{count(len(run.failures), 'failure')}: {', '.join(run.failures[:2])}"


def _to_baseline(run: KeptRun, history: History) -> str:
    """The run's times over the baseline's: the median over the benchmarks of the same flags."""
    ratios = []
    for other in (history.runs[place] for place in history.baseline_places):
        if run.conditions == other.conditions and run.flags == other.flags:
            ratios += [row.median / other.rows[name].median for name, row in run.rows.items() if name in other.rows]
    return percent(median(ratios)) if ratios else "-"


def machine_as_json(history: History) -> dict[str, Any]:
    """The same for programs."""
    runs = [
        {
            key: getattr(run, key)
            for key in ("name", "commit", "dirty", "started", "mode", "finished", "disturbed", "failures")
        }
        | {"benchmarks": len(run.rows), "baseline": i in history.baseline_places}
        for i, run in enumerate(history.runs)
    ]
    return {"key": history.key, "machine": to_builtins(history.machine), "runs": runs}


def section(verdict: Verdict, figure: Figure | None) -> Past:
    """The judged history as a part of a run's page."""
    lines = [
        ChangeLine(
            benchmark=each.series.title,
            between=between(verdict.history, change),
            place=change.new.first,
            ratio=change.ratio,
            low=change.low,
            high=change.high,
            old=change.old.seconds,
            new=change.new.seconds,
            notes=(*(["gradually"] if change.gradual else []), *filter(None, [change.advisory]), *change.remarks),
        )
        for each in verdict.judged
        for change in each.changes
    ]
    lines.sort(key=lambda line: (-line.place, -abs(line.ratio - 1)))
    return Past(verdict.history.key, headline(verdict), tuple(lines), figure)
