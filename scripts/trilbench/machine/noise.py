"""What makes a measurement doubtful. What cannot be known is no reason for doubt; and what counts is the cores in use,
never all that a machine has."""

from collections.abc import Iterator, Sequence

from trilbench.results.names import PEER, BenchmarkName
from trilbench.results.rows import CellResult, RowResult
from trilbench.results.run import Manifest, Status
from trilbench.results.statistics import counter, median, summarise, times
from trilbench.results.units import count

LEAST_SHARE = 0.95  # of the time that passes, in which a row's threads ran
STEAL = 0.01
LEAST_SAMPLE = 1e-3  # seconds
NOISY_SPREAD = 0.10
DRIFT = 0.03
MOST_OF_LIMIT = 1.03
_BUSY = 0.5  # of the cores that are left to others, or of one where none is
_ROWS_OF_A_ROUND = 3  # whose median is not moved by one odd sample


def tells(name: BenchmarkName) -> bool:
    """Whether the row's processor time tells what others took: our own threads spin while they wait. A library's
    sleep, so several of them never run all the time."""
    return name.threads == 1 or name.isa != PEER


def core_share(row: RowResult) -> float | None:
    """The processor time of the row's threads over the time that passed, in the median repetition; None: unknown."""
    shares = counter(row, "cpu_share") if tells(row.name) else []
    return median(shares) if shares else None


def is_shared(row: RowResult) -> bool:
    """Whether another program, or a quota, had a part of the row's cores, so that its times are not its own."""
    share = core_share(row)
    return share is not None and share < LEAST_SHARE


def are_busy(others: object, free: float | None) -> bool:
    """Whether others kept so many cores busy that they may have been in the way, of `free` cores that were left to
    them; None: unknown."""
    return isinstance(others, int | float) and others > _BUSY * max(free or 0, 1)


def busy_moments(manifest: Manifest) -> Iterator[tuple[str, float]]:
    """Whether others kept cores busy "before" or "after" a run, and how many."""
    allowed = manifest.environment.get("cores_allowed")
    in_use = max((cell.threads for cell in manifest.cells), default=1)
    free = max(allowed - in_use, 0) if isinstance(allowed, int) else None
    for when, state in (("before", manifest.state_before), ("after", manifest.state_after)):
        if are_busy(busy := state.get("busy_cores"), free):
            yield when, float(busy)


def warnings(manifest: Manifest, results: Sequence[CellResult]) -> list[str]:
    """One line for each reason to doubt the times, with what to do about it."""
    rows = [row for result in results for row in result.rows if row.repetitions]
    return [*_of_the_build(results), *_of_the_run(manifest), *_of_quotas(results), *_of_rows(rows), *_of_drift(results)]


def _of_the_build(results: Sequence[CellResult]) -> Iterator[str]:
    contexts = [result.context for result in results]
    for build in sorted({context.get("trilbench_build_type", "Release") for context in contexts} - {"Release"}):
        yield f"this is a {build} build; only the release preset's timings count: measure that"
    if any("-fsanitize" in str(value) for context in contexts for value in context.values()):
        yield "the program was built with sanitizers, which slow it down: measure the release preset's"


def _of_the_run(manifest: Manifest) -> Iterator[str]:
    for when, busy in busy_moments(manifest):
        yield f"other programs kept {busy:.1f} cores busy {when} the run: end them and measure again"
    if manifest.steal is not None and manifest.steal > STEAL:
        yield (
            f"the hypervisor took {manifest.steal:.1%} of the time of the cores in use during the run: "
            "measure again when its other guests are quiet"
        )
    governor = manifest.environment.get("governor", "unknown")
    if governor not in ("unknown", "performance"):
        yield f"the CPU's governor is '{governor}': set it to 'performance' (cpupower frequency-set -g performance)"
    broken = [cell for cell in manifest.cells if cell.peer and cell.status is Status.BROKEN]
    for program in dict.fromkeys(cell.program for cell in broken):
        cells = [cell for cell in broken if cell.program == program]
        yield (
            f"{program} failed in {count(len(cells), 'cell')}, first at {cells[0].shape} ({cells[0].message}): "
            f"its rows are missing there; repeat with: {cells[0].command}"
        )
    variables = manifest.environment.get("library_variables", {})
    if variables and any(cell.peer for cell in manifest.cells):
        settings = ", ".join(f"{name}={value}" for name, value in variables.items())
        unset = " ".join(f"-u {name}" for name in variables)
        yield (
            f"{settings} may make libraries slower than they can be here: "
            f"measure again with env {unset} before the command, unless that is meant"
        )


def _of_quotas(results: Sequence[CellResult]) -> Iterator[str]:
    """Threads for which a container's quota has too few cores. The program says what it found."""
    found = {}
    for result in results:
        quota = result.context.get("cores_quota", "none")
        if result.rows and quota != "none" and (threads := result.rows[0].name.threads) > float(quota):
            found[threads] = quota
    for threads, quota in found.items():
        yield (
            f"{count(threads, 'thread')} for {quota} {'core' if quota == '1' else 'cores'}, which is this container's "
            f"quota: they wait for their turn; raise the quota{' or ask for fewer threads' if threads > 1 else ''}"
        )


def _of_rows(rows: Sequence[RowResult]) -> Iterator[str]:
    """How many rows are doubtful, and the worst of them."""
    of_all = count(len(rows), "row")
    busy = {row.name.text: share for row in rows if is_shared(row) and (share := core_share(row)) is not None}
    if busy:
        worst = min(busy, key=busy.__getitem__)
        yield (
            f"{len(busy)} of {of_all} had less than {LEAST_SHARE:.0%} of their cores "
            f"(marked busy; least {busy[worst]:.0%}: {worst}): another program or a quota took the rest, so their "
            "times are too long and no shares are told of them; measure those again alone"
        )
    short = [row.name.text for row in rows if min(r.iterations * r.seconds for r in row.repetitions) < LEAST_SAMPLE]
    if short:
        yield (
            f"{len(short)} of {of_all} timed for less than {LEAST_SAMPLE * 1e3:.0f} ms a repetition "
            f"(first: {short[0]}): give them --benchmark_min_time=0.01"
        )
    spreads = {row.name.text: summarise(seconds).spread for row in rows if (seconds := times(row))}
    if noisy := {name: spread for name, spread in spreads.items() if spread > NOISY_SPREAD}:
        worst = max(noisy, key=noisy.__getitem__)
        yield (
            f"{len(noisy)} of {of_all} spread by more than {NOISY_SPREAD:.0%} between repetitions "
            f"(marked ~; worst {noisy[worst]:.0%}: {worst}): measure those again on a quieter machine"
        )
    shares = {row.name.text: median(found) for row in rows if (found := counter(row, "of_limit"))}
    if above := {name: share for name, share in shares.items() if share > MOST_OF_LIMIT}:
        worst = max(above, key=above.__getitem__)
        yield (
            f"{len(above)} of {of_all} above {MOST_OF_LIMIT:.2f} of the limit "
            f"(worst {above[worst]:.2f}: {worst}): the limit is wrong or the machine was disturbed; "
            "measure again, and do not trust of_limit there if it stays"
        )


def _of_drift(results: Sequence[CellResult]) -> Iterator[str]:
    """The machine's peak, which no cell can change, between all cells of an operation at one number of threads; and
    the two limits within a cell, which measures the same problem all the time."""
    peaks: dict[tuple[str, int], list[float]] = {}
    for result in results:
        if samples := _samples(result, "peak_flops_per_second"):
            name = result.rows[0].name
            peaks.setdefault((name.operation, name.threads), []).append(
                median([each for row in samples for each in row])
            )
    for (operation, threads), medians in peaks.items():
        if (drift := _range(medians)) > DRIFT:
            yield (
                f"the machine's peak drifted by {drift:.1%} between the cells of {operation} at "
                f"{count(threads, 'thread')}: compare shares (of_limit, of_peak) rather than times, or measure again"
            )
    drifts = [(_drift(result), result) for result in results]
    drifting = [(drift, result.rows[0].name) for drift, result in drifts if drift > DRIFT]
    if drifting:
        worst, name = max(drifting, key=lambda pair: pair[0])
        yield (
            f"the limits drifted by more than {DRIFT:.0%} within {count(len(drifting), 'cell')} "
            f"(worst {worst:.1%}: {name.operation} {name.shape}): measure again on a quieter machine"
        )


def _drift(result: CellResult) -> float:
    """The larger drift of the two limits; 0 where there are too few samples to tell. Each row's samples are taken
    relative to that row's own median. Round i is the i-th sample of every row, and counts with the median of its rows,
    so that no single outlier moves it."""
    drifts = [0.0]
    for name in ("limit_seconds", "peak_flops_per_second"):
        relative = [[sample / median(row) for sample in row] for row in _samples(result, name)]
        if len(relative) >= _ROWS_OF_A_ROUND:
            drifts.append(_range([median(samples) for samples in zip(*relative, strict=False)]))
    return max(drifts)


def _samples(result: CellResult, name: str) -> list[list[float]]:
    """The counter's values, a list for each row that has them."""
    return [found for row in result.rows if (found := [value for value in counter(row, name) if value])]


def _range(values: Sequence[float]) -> float:
    return (max(values) - min(values)) / median(values)
