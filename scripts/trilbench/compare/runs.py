"""Runs of scripts/bench as the sides of a comparison: nothing is measured. Each run is one process of each benchmark,
whose repetitions are no replicates: it counts with their median."""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from trilbench.compare.record import Measured
from trilbench.machine.key import machine_of
from trilbench.paths import shown
from trilbench.results.names import MACHINE, PEER, BenchmarkName
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest, NamedReason, SideRecord, Status, read_cells, read_manifest
from trilbench.results.statistics import counter, times
from trilbench.results.units import count
from trilbench.stop import Exit, Stop

IN_BETWEEN = (
    "the runs were not made in turn: what changed on the machine in between looks like a difference of the code"
)


@dataclass(frozen=True)
class Run:
    """A run folder."""

    folder: Path
    manifest: Manifest
    rows: dict[str, RowResult]  # by name: those that are chosen, of operations


def read_run(folder: Path, chooses: Callable[[BenchmarkName], bool]) -> Run:
    """The run's rows that are chosen. Raises Stop if the folder cannot be read or has none."""
    manifest = read_manifest(folder)
    rows = {row.name.text: row for result in read_cells(folder, manifest) for row in result.rows}
    chosen = {name: row for name, row in rows.items() if row.name.operation != MACHINE and chooses(row.name)}
    if not chosen:
        raise Stop(f"{shown(folder)} has no benchmark that was asked for", Exit.NOTHING_MATCHED)
    return Run(folder, manifest, chosen)


def record_of(side: Sequence[Run]) -> SideRecord:
    """A side as a comparison names it."""
    first = side[0].manifest
    commits = {str(run.manifest.environment.get("git_commit", "unknown"))[:12] for run in side}
    what = f"run of {first.started[:16]}" if len(side) == 1 else f"{len(side)} runs from {first.started[:16]} on"
    label = ", ".join(shown(run.folder) for run in side)
    return SideRecord(label, f"{what} at commit {', '.join(sorted(commits))}", first.binaries, first.environment)


class Matched(NamedTuple):
    """What two sides have in common and what not, named as a comparison names it. A library that is wrong or missing is
    a doubt: it is held against nobody."""

    benchmarks: tuple[Measured, ...]  # with their times, run by run
    failures: tuple[NamedReason, ...]
    unseen: tuple[NamedReason, ...]
    added: tuple[str, ...]
    doubts: tuple[str, ...]


def match(base: Sequence[Run], head: Sequence[Run]) -> Matched:
    """Raises Stop if the runs do not fit: another machine, other flags, cells that lack, nothing in common."""
    for run in (*base, *head):
        _check_fit(base[0], run)
    benchmarks, failures, unseen, doubts = [], [], [], [*_warnings(base, head)]
    peers = all(run.manifest.peers for run in (*base, *head))
    names = dict.fromkeys(name for run in base for name in run.rows)
    for name in names:
        of_base, of_head = _rows(base, name), _rows(head, name)
        skipped = _skipped(head, name)
        absent = (skipped or "head has no such benchmark") if len(of_head) < len(head) else ""
        if not any(map(times, of_base)):
            doubts.append(f"not compared: {name} has no time in {shown(base[0].folder)}")
        elif (library := any(row.name.isa == PEER for row in of_base)) and not peers:
            continue
        elif not (why := _wrong(of_head) or absent):
            benchmarks.append(_measured(name, of_base, of_head))
        elif library:
            doubts.append(f"not compared: {name}, a library's: {why}")
        else:
            (unseen if why == skipped else failures).append(NamedReason(name, why))
    if not (benchmarks or failures or unseen):
        raise Stop(
            f"{shown(base[0].folder)} and {shown(head[0].folder)} have no benchmark with a time in common",
            Exit.NOT_COMPARABLE,
        )
    added = dict.fromkeys(name for run in head for name in run.rows if name not in names)
    return Matched(tuple(benchmarks), tuple(failures), tuple(unseen), tuple(added), tuple(doubts))


def _rows(side: Sequence[Run], name: str) -> list[RowResult]:
    return [run.rows[name] for run in side if name in run.rows]


def _skipped(head: Sequence[Run], name: str) -> str:
    """Why a run of head left the benchmark out: its call takes too long, or too much memory. Empty if none did."""
    found = ((run, reason) for run in head for reason in run.manifest.skipped if reason.name == name)
    return next((f"{shown(run.folder)} skipped it: {reason.reason}" for run, reason in found), "")


def _wrong(of_head: Sequence[RowResult]) -> str:
    """What is wrong with a benchmark in the runs of head; empty if nothing is."""
    return next((row.error or "has no time" for row in of_head if not times(row)), "")


def _measured(name: str, base: Sequence[RowResult], head: Sequence[RowResult]) -> Measured:
    def seconds(rows: Sequence[RowResult]) -> tuple[float, ...]:
        return tuple(statistics.median(found) for row in rows if (found := times(row)))

    def median(rows: Sequence[RowResult], key: str) -> float | None:
        values = [value for row in rows for value in counter(row, key)]
        return statistics.median(values) if values else None

    errors = median(base, "error_over_bound"), median(head, "error_over_bound")
    limits = median(base, "of_limit"), median(head, "of_limit")
    return Measured(name, 0, seconds(base), seconds(head), None, *errors, *limits)


def _warnings(base: Sequence[Run], head: Sequence[Run]) -> Iterator[str]:
    """What the runs themselves warn of, and whether one side's were all made before the other's."""
    for run in (*base, *head):
        yield from (f"{shown(run.folder)}: {warning}" for warning in run.manifest.warnings)
    started = [[run.manifest.started for run in side] for side in (base, head)]
    if max(started[0]) <= min(started[1]) or max(started[1]) <= min(started[0]):
        yield IN_BETWEEN


def _check_fit(base: Run, other: Run) -> None:
    """What must be the same for times to be comparable."""
    facts: Iterable[tuple[str, Callable[[Run], str]]] = (
        ("machine", lambda run: machine_of(run.manifest.environment).key),
        ("mode", lambda run: run.manifest.mode),
        ("operations", lambda run: ", ".join(sorted(run.manifest.operations))),
        ("flags of the binaries", lambda run: " ".join(run.manifest.flags) or "none"),
        ("--select", lambda run: run.manifest.select or "none"),
    )
    for what, of in facts:
        if of(base) != of(other):
            raise Stop(
                f"the runs do not fit: {what} of {shown(base.folder)}: {of(base)}; of {shown(other.folder)}: "
                f"{of(other)}",
                Exit.NOT_COMPARABLE,
            )
    missing = sum(cell.status in (Status.WAITING, Status.OUT_OF_TIME) for cell in other.manifest.cells)
    if missing:
        raise Stop(
            f"{shown(other.folder)} is not complete, {count(missing, 'cell')} missing: scripts/bench --resume",
            Exit.NOT_COMPARABLE,
        )
