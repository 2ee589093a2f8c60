"""What makes a measurement doubtful. What cannot be known is no reason for doubt."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trilbench.results.names import BenchmarkName
from trilbench.results.rows import CellResult, RowResult
from trilbench.results.run import Manifest, Status
from trilbench.results.statistics import counter, quantile, summarise

# Whether what was measured had its cores to itself. What counts is the cores in use, never all that a machine has.

LEAST_SHARE = 0.95  # of the time that passes, in which a row's threads ran
_BUSY = 0.5  # of the cores that are left to others, or of one where none is


def tells(name: BenchmarkName) -> bool:
    """Whether the row's processor time tells what others took: our own threads spin while they wait. A library's
    sleep, so several of them never run all the time."""
    return name.threads == 1 or name.isa != "peer"


def core_share(row: RowResult) -> float | None:
    """The processor time of the row's threads over the time that passed, in the median repetition; None: unknown."""
    shares = counter(row, "cpu_share") if tells(row.name) else []
    return quantile(shares, 0.5) if shares else None


def is_shared(row: RowResult) -> bool:
    """Whether another program, or a quota, had a part of the row's cores, so that its times are not its own."""
    share = core_share(row)
    return share is not None and share < LEAST_SHARE


def are_busy(others: object, free: float | None) -> bool:
    """Whether others kept so many cores busy that they may have been in the way, of `free` cores that were left to
    them; None: unknown."""
    return isinstance(others, int | float) and others > _BUSY * max(free or 0, 1)


def free_cores(manifest: Manifest) -> float | None:
    """The cores that a run may use and does not; None: unknown."""
    allowed = manifest.environment.get("cores_allowed")
    in_use = max((cell.threads for cell in manifest.cells), default=1)
    return max(allowed - in_use, 0) if isinstance(allowed, int) else None


STEAL = 0.01
LEAST_SAMPLE = 1e-3  # seconds
NOISY_SPREAD = 0.10
DRIFT = 0.03
MOST_OF_LIMIT = 1.03
_ROWS_OF_A_ROUND = 3  # whose median is not moved by one odd sample


def warnings(manifest: Manifest, results: Sequence[CellResult]) -> list[str]:
    """One line for each reason to doubt the times, with what to do about it."""
    rows = [row for result in results for row in result.rows if row.repetitions]
    return [
        *_of_the_build([result.context for result in results]),
        *_of_the_machine(manifest),
        *_of_the_peers(manifest),
        *_of_variables(manifest),
        *_of_quotas(results),
        *_of_shared_cores(rows),
        *_of_samples(rows),
        *_of_spreads(rows),
        *_of_limits_between_cells(results),
        *_of_limits_within_cells(results),
        *_of_rows_above_their_limit(rows),
    ]


def _of_the_build(contexts: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    builds = {context.get("trilbench_build_type", "Release") for context in contexts} - {"Release"}
    for build in sorted(builds):
        yield f"this is a {build} build; only the release preset's timings count: measure that"
    if any("-fsanitize" in str(value) for context in contexts for value in context.values()):
        yield "the program was built with sanitizers, which slow it down: measure the release preset's"


def _of_the_machine(manifest: Manifest) -> Iterable[str]:
    for when, state in (("before", manifest.state_before), ("after", manifest.state_after)):
        busy = state.get("busy_cores")
        if are_busy(busy, free_cores(manifest)):
            yield f"other programs kept {busy:.1f} cores busy {when} the run: end them and measure again"
    if manifest.steal is not None and manifest.steal > STEAL:
        yield (
            f"the hypervisor took {manifest.steal:.1%} of the time of the cores in use during the run: "
            "measure again when its other guests are quiet"
        )
    governor = manifest.environment.get("governor", "unknown")
    if governor not in ("unknown", "performance"):
        yield f"the CPU's governor is '{governor}': set it to 'performance' (cpupower frequency-set -g performance)"


def _of_the_peers(manifest: Manifest) -> Iterable[str]:
    broken = [cell for cell in manifest.cells if cell.peer and cell.status is Status.BROKEN]
    for program in dict.fromkeys(cell.program for cell in broken):
        cells = [cell for cell in broken if cell.program == program]
        yield (
            f"{program} failed in {_count(len(cells), 'cell')}, first at {cells[0].shape} ({cells[0].message}): "
            f"its rows are missing there; repeat with: {cells[0].command}"
        )


def _of_variables(manifest: Manifest) -> Iterable[str]:
    variables = manifest.environment.get("library_variables", {})
    if variables and any(cell.peer for cell in manifest.cells):
        settings = ", ".join(f"{name}={value}" for name, value in variables.items())
        unset = " ".join(f"-u {name}" for name in variables)
        yield (
            f"{settings} may make libraries slower than they can be here: "
            f"measure again with env {unset} before the command, unless that is meant"
        )


def _of_quotas(results: Sequence[CellResult]) -> Iterable[str]:
    """Threads for which a container's quota has too few cores. The program says what it found."""
    found = {}
    for result in results:
        quota = result.context.get("cores_quota", "none")
        if result.rows and quota != "none" and (threads := result.rows[0].name.threads) > float(quota):
            found[threads] = quota
    for threads, quota in found.items():
        yield (
            f"{_count(threads, 'thread')} for {quota} {'core' if quota == '1' else 'cores'}, which is this container's "
            f"quota: they wait for their turn; raise the quota{' or ask for fewer threads' if threads > 1 else ''}"
        )


def _of_shared_cores(rows: Sequence[RowResult]) -> Iterable[str]:
    shares = {row.name.text: share for row in rows if is_shared(row) and (share := core_share(row)) is not None}
    if shares:
        worst = min(shares, key=lambda name: shares[name])
        yield (
            f"{len(shares)} of {_count(len(rows), 'row')} had less than {LEAST_SHARE:.0%} of their cores "
            f"(marked busy; least {shares[worst]:.0%}: {worst}): another program or a quota took the rest, so their "
            "times are too long and no shares are told of them; measure those again alone"
        )


def _of_samples(rows: Sequence[RowResult]) -> Iterable[str]:
    shortest = {row.name.text: min(r.iterations * r.seconds for r in row.repetitions) for row in rows}
    short = [name for name, seconds in shortest.items() if seconds < LEAST_SAMPLE]
    if short:
        yield (
            f"{len(short)} of {_count(len(rows), 'row')} timed for less than {LEAST_SAMPLE * 1e3:.0f} ms a repetition "
            f"(first: {short[0]}): give them --benchmark_min_time=0.01"
        )


def _of_spreads(rows: Sequence[RowResult]) -> Iterable[str]:
    spreads = {row.name.text: summarise([r.seconds for r in row.repetitions]).spread for row in rows}
    noisy = [name for name, spread in spreads.items() if spread > NOISY_SPREAD]
    if noisy:
        worst = max(noisy, key=lambda name: spreads[name])
        yield (
            f"{len(noisy)} of {_count(len(rows), 'row')} spread by more than {NOISY_SPREAD:.0%} between repetitions "
            f"(marked ~; worst {spreads[worst]:.0%}: {worst}): measure those again on a quieter machine"
        )


def _of_limits_between_cells(results: Sequence[CellResult]) -> Iterable[str]:
    """The machine's peak, which no cell can change: the median of a cell's samples, compared between all cells of an
    operation at one number of threads."""
    peaks: dict[tuple[str, int], list[float]] = {}
    for result in results:
        samples = _samples(result, "peak_flops_per_second")
        if samples:
            name = result.rows[0].name
            peaks.setdefault((name.operation, name.threads), []).append(
                quantile([sample for row in samples for sample in row], 0.5)
            )
    for (operation, threads), medians in peaks.items():
        drift = _range(medians)
        if drift > DRIFT:
            yield (
                f"the machine's peak drifted by {drift:.1%} between the cells of {operation} at "
                f"{_count(threads, 'thread')}: compare shares (of_limit, of_peak) rather than times, or measure again"
            )


def _of_limits_within_cells(results: Sequence[CellResult]) -> Iterable[str]:
    """The two limits within a cell, which measures the same problem all the time. Each row's samples are taken relative
    to that row's own median. Round i is the i-th sample of every row, and counts with the median of its rows, so that
    no single outlier moves it; rounds of fewer than three rows are not judged. The drift is the range of the rounds."""
    drifts = [(_drift(result), result) for result in results]
    drifting = [(drift, result.rows[0].name) for drift, result in drifts if drift > DRIFT]
    if drifting:
        worst, name = max(drifting, key=lambda pair: pair[0])
        yield (
            f"the limits drifted by more than {DRIFT:.0%} within {_count(len(drifting), 'cell')} "
            f"(worst {worst:.1%}: {name.operation} {name.shape}): measure again on a quieter machine"
        )


def _drift(result: CellResult) -> float:
    """The larger drift of the two limits; 0 where there are too few samples to tell."""
    drifts = [0.0]
    for name in ("limit_seconds", "peak_flops_per_second"):
        relative = [[sample / quantile(row, 0.5) for sample in row] for row in _samples(result, name)]
        if len(relative) >= _ROWS_OF_A_ROUND:
            drifts.append(_range([quantile(samples, 0.5) for samples in zip(*relative, strict=False)]))
    return max(drifts)


def _of_rows_above_their_limit(rows: Sequence[RowResult]) -> Iterable[str]:
    shares = {}
    for row in rows:
        if samples := [r.counters["of_limit"] for r in row.repetitions if "of_limit" in r.counters]:
            shares[row.name.text] = quantile(samples, 0.5)
    above = [name for name, share in shares.items() if share > MOST_OF_LIMIT]
    if above:
        worst = max(above, key=lambda name: shares[name])
        yield (
            f"{len(above)} of {_count(len(rows), 'row')} above {MOST_OF_LIMIT:.2f} of the limit "
            f"(worst {shares[worst]:.2f}: {worst}): the limit is wrong or the machine was disturbed; "
            "measure again, and do not trust of_limit there if it stays"
        )


def _samples(result: CellResult, counter: str) -> list[list[float]]:
    """The counter's values, a list for each row that has them."""
    rows = ([r.counters[counter] for r in row.repetitions if r.counters.get(counter)] for row in result.rows)
    return [row for row in rows if row]


def _range(values: Sequence[float]) -> float:
    return (max(values) - min(values)) / quantile(values, 0.5)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
