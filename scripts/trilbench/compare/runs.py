"""Two runs of scripts/bench as the sides of a comparison: nothing is measured."""

import re
from dataclasses import dataclass
from pathlib import Path

from trilbench.compare.record import Measured
from trilbench.machine.key import machine_of
from trilbench.paths import shown
from trilbench.report.table import PEER
from trilbench.results.names import MACHINE
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest, NamedReason, SideRecord, Status, read_cells, read_manifest
from trilbench.results.statistics import quantile, times
from trilbench.results.units import count
from trilbench.stop import Exit, Stop


@dataclass(frozen=True)
class Run:
    """A run folder."""

    folder: Path
    manifest: Manifest
    rows: dict[str, RowResult]  # by name: those that match, of operations

    @property
    def record(self) -> SideRecord:
        commit = str(self.manifest.environment.get("git_commit", "unknown"))[:12]
        what = f"run of {self.manifest.started[:16]} at commit {commit}"
        return SideRecord(shown(self.folder), what, self.manifest.binaries, self.manifest.environment)


def read_run(folder: Path, select: str) -> Run:
    """The run's rows whose names match. Raises Stop if the folder cannot be read."""
    manifest = read_manifest(folder)
    rows = {row.name.text: row for result in read_cells(folder, manifest) for row in result.rows}
    chosen = {name: row for name, row in rows.items() if row.name.operation != MACHINE and re.search(select, name)}
    if not chosen:
        what = f"whose name matches '{select}'" if select else "to compare"
        raise Stop(f"{shown(folder)} has no benchmark {what}", Exit.NOTHING_MATCHED)
    return Run(folder, manifest, chosen)


def doubts(base: Run, head: Run) -> tuple[str, ...]:
    """What the runs themselves warn of, and what head left out on purpose."""
    found = [f"{shown(run.folder)}: {warning}" for run in (base, head) for warning in run.manifest.warnings]
    skipped = [row for row in head.manifest.skipped if row.name in base.rows]
    failed = [name for name, row in base.rows.items() if not times(row)]
    return (
        *found,
        *(f"not compared: {shown(head.folder)} skipped {row.name}: {row.reason}" for row in skipped),
        *(f"not compared: {name} has no time in {shown(base.folder)}" for name in failed),
    )


def match(base: Run, head: Run) -> tuple[tuple[Measured, ...], tuple[NamedReason, ...], tuple[str, ...]]:
    """The benchmarks of both with their repetitions, what is wrong in head or missing there, and what only head has.
    Raises Stop if the runs do not fit: another machine, other flags, nothing in common."""
    _check_fit(base, head)
    benchmarks = []
    failures = []
    skipped = {row.name for row in head.manifest.skipped}
    peers = all(run.manifest.peers for run in (base, head))
    for name, row in base.rows.items():
        other = head.rows.get(name)
        if not times(row) or name in skipped or (row.name.isa == PEER and not peers):
            continue
        if other is None:
            failures.append(NamedReason(name, "head has no such benchmark"))
        elif not times(other):
            failures.append(NamedReason(name, other.error or "has no time"))
        else:
            benchmarks.append(_measured(name, row, other))
    if not benchmarks and not failures:
        raise Stop(
            f"{shown(base.folder)} and {shown(head.folder)} have no benchmark with a time in common",
            Exit.NOT_COMPARABLE,
        )
    return tuple(benchmarks), tuple(failures), tuple(name for name in head.rows if name not in base.rows)


def _measured(name: str, base: RowResult, head: RowResult) -> Measured:
    return Measured(
        name,
        calls=0,
        base=tuple(times(base)),
        head=tuple(times(head)),
        base_error=_median(base, "error_over_bound"),
        head_error=_median(head, "error_over_bound"),
        base_of_limit=_median(base, "of_limit"),
        head_of_limit=_median(head, "of_limit"),
    )


def _median(row: RowResult, counter: str) -> float | None:
    values = [each.counters[counter] for each in row.repetitions if counter in each.counters]
    return quantile(values, 0.5) if values else None


def _check_fit(base: Run, head: Run) -> None:
    """What must be the same for times to be comparable."""
    facts = (
        ("machine", lambda run: machine_of(run.manifest.environment).key),
        ("mode", lambda run: run.manifest.mode),
        ("operations", lambda run: ", ".join(sorted(run.manifest.operations))),
        ("flags of the binaries", lambda run: " ".join(run.manifest.flags) or "none"),
    )
    for what, of in facts:
        if of(base) != of(head):
            raise Stop(
                f"the runs do not fit: {what} of {shown(base.folder)}: {of(base)}; of {shown(head.folder)}: {of(head)}",
                Exit.NOT_COMPARABLE,
            )
    missing = sum(cell.status in (Status.WAITING, Status.OUT_OF_TIME) for cell in head.manifest.cells)
    if missing:
        raise Stop(
            f"{shown(head.folder)} is not complete, {count(missing, 'cell')} missing: scripts/bench --resume",
            Exit.NOT_COMPARABLE,
        )
