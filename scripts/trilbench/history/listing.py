"""The machines of a history and their runs, in lines with a style each."""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins

from trilbench.history.changes import Lines
from trilbench.history.store import History, KeptRun
from trilbench.results.statistics import median
from trilbench.results.units import count, percent


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
