"""What is kept of a run."""

from collections.abc import Iterator, Sequence

from trilbench.history.store import KeptRow, KeptRun, rounded, utc
from trilbench.machine import UNKNOWN
from trilbench.machine.noise import STEAL, are_busy, free_cores, is_shared
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest, Status
from trilbench.results.statistics import counter, quantile, summarise, times

_CONDITIONS = ("trilbench_build_type", "cache_state", "alignment")
_MOST_SHARED = 0.2  # of the rows, beyond which the whole run does not count
_USUAL_DATA = "normal"
_OPENMP = ("OMP_", "KMP_", "GOMP_")
_OF_THE_PROGRAM = ("compiler", "xsimd_version", "google_benchmark_version", "library")
_OF_THE_MACHINE = (
    *("kernel", "distribution", "c_library", "microcode", "governor", "boost"),
    *("cores_allowed", "simultaneous_multithreading", "transparent_huge_pages"),
)


def keep(manifest: Manifest, rows: Sequence[RowResult]) -> KeptRun:
    """`manifest` with what the programs said of themselves, `rows` with all repetitions. Raises ValueError if the
    manifest does not say when the run began."""
    environment = manifest.environment
    said = environment.get("program")
    program = {key: str(value) for key, value in said.items()} if isinstance(said, dict) else {}
    commit = str(environment.get("git_commit") or "").lower()
    dirty = environment.get("git_dirty")
    compiler = program.get("compiler", UNKNOWN)
    data = program.get("data", _USUAL_DATA)
    openmp = [key for key in sorted(program) if key.startswith(_OPENMP)]
    return KeptRun(
        started=utc(manifest.started),
        commit=commit if len(commit) >= 7 and set(commit) <= set("0123456789abcdef") else UNKNOWN,
        dirty=dirty if isinstance(dirty, bool) else None,
        finished=bool(manifest.finished),
        mode=manifest.mode,
        repetitions=manifest.repetitions,
        # A compiler's next version is what a history is to judge; another compiler is another program.
        conditions={"compiler": compiler.partition(" ")[0]}
        | {key: program.get(key, UNKNOWN) for key in (*_CONDITIONS, *openmp)}
        | ({"data": data} if data != _USUAL_DATA else {}),  # runs of before there was a choice are like the usual
        flags={key.removeprefix("flags_"): program[key].strip() for key in sorted(program) if key.startswith("flags_")},
        surroundings={key: _without_paths(program[key]) for key in _OF_THE_PROGRAM if key in program}
        | {key: str(environment[key]) for key in _OF_THE_MACHINE if key in environment},
        programs=dict(sorted(manifest.binaries.items())),
        rows={row.name.text: _row(row) for row in rows if times(row)},
        failures=tuple(_failures(manifest)),
        disturbed=tuple(_disturbances(manifest, rows)),
    )


def _without_paths(text: str) -> str:
    """Of each library, where there are several, the name and version alone."""
    return "; ".join(part.partition(", /")[0] for part in text.split("; "))


def _row(row: RowResult) -> KeptRow:
    seconds = summarise(times(row))
    shares = [] if is_shared(row) else counter(row, "of_limit")
    return KeptRow(
        median=rounded(seconds.median),
        p10=rounded(seconds.p10),
        p90=rounded(seconds.p90),
        of_limit=rounded(quantile(shares, 0.5)) if shares else None,
    )


def _failures(manifest: Manifest) -> Iterator[str]:
    for row in manifest.failures:
        yield row.name
    for cell in manifest.cells:
        if cell.status is Status.BROKEN:
            yield f"{cell.program} {cell.shape} on {cell.threads} threads"


def _disturbances(manifest: Manifest, rows: Sequence[RowResult]) -> Iterator[str]:
    """What another program or guest did to the whole run. What one row suffered shows in its spread."""
    for when, state in (("before", manifest.state_before), ("after", manifest.state_after)):
        busy = state.get("busy_cores")
        if are_busy(busy, free_cores(manifest)):
            yield f"other programs kept {busy:.1f} cores busy {when} it"
    shared = sum(map(is_shared, rows))
    if shared > _MOST_SHARED * len(rows):
        yield f"{shared} of {len(rows)} rows had less than their cores"
    if manifest.steal is not None and manifest.steal > STEAL:
        yield f"the hypervisor took {manifest.steal:.1%} of the time of the cores in use"
