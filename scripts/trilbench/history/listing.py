"""The machines of a history and their runs."""

import statistics
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from trilbench.history.store import History, KeptRun
from trilbench.results.units import count, percent


def print_machine(console: Console, history: History) -> None:
    """What the key stands for, then a line for each run."""

    def line(text: str, style: str = "") -> None:
        console.print(Text(text, style=style), soft_wrap=True)

    machine = history.machine
    line("")
    line(history.key, "bold")
    line(f"  {machine.cpu}, {machine.cores} cores, hypervisor: {machine.hypervisor}")
    line(f"  caches: {'; '.join(f'{level} {text}' for level, text in machine.caches.items()) or 'unknown'}")
    line(f"  instruction sets: {machine.instruction_sets}")
    line("")
    baseline = {history.runs[place].name for place in history.baseline_places}
    width = max((len(run.name) for run in history.runs), default=3)
    line(f"  {'run':<{width}} {'rows':>5} {'to baseline':>12}  marks", "bold")
    for run in history.runs:
        to = _to_baseline(run, history)
        marks = [*(["baseline"] if run.name in baseline else []), *_marks(run)]
        line(f"  {run.name:<{width}} {len(run.rows):>5} {to:>12}  {'; '.join(marks)}".rstrip())
    if history.baseline and len(baseline) < len(history.baseline.runs):
        line("warning: runs of the baseline are missing", "yellow")
    if baseline:
        line("")
        line("  to baseline: the median over all benchmarks that both have; one run is one draw, see changes")


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
    return percent(statistics.median(ratios)) if ratios else "-"
