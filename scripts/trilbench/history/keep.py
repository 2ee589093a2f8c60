"""What is kept of a run."""

from collections.abc import Iterator, Sequence

from trilbench.history.store import KeptRow, KeptRun, utc
from trilbench.machine import UNKNOWN
from trilbench.machine.noise import STEAL, busy_moments, is_shared
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest, Status
from trilbench.results.statistics import counter, median, summarise, times

OPENMP = ("OMP_", "KMP_", "GOMP_")  # how variables begin that set it up
_CONDITIONS = ("trilbench_build_type", "cache_state", "alignment")
_MOST_SHARED = 0.2  # of the rows, beyond which the whole run does not count
_USUAL_DATA = "normal"
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
    data = program.get("data", _USUAL_DATA)
    openmp = [key for key in sorted(program) if key.startswith(OPENMP)]
    return KeptRun(
        started=utc(manifest.started).isoformat(),
        commit=commit if len(commit) >= 7 and set(commit) <= set("0123456789abcdef") else UNKNOWN,
        dirty=dirty if isinstance(dirty, bool) else None,
        finished=bool(manifest.finished),
        mode=manifest.mode,
        repetitions=manifest.repetitions,
        # A compiler's next version is what a history is to judge; another compiler is another program.
        conditions={"compiler": program.get("compiler", UNKNOWN).partition(" ")[0]}
        | {key: program.get(key, UNKNOWN) for key in (*_CONDITIONS, *openmp)}
        | ({"data": data} if data != _USUAL_DATA else {}),  # runs of before there was a choice are like the usual
        flags={key.removeprefix("flags_"): program[key].strip() for key in sorted(program) if key.startswith("flags_")},
        surroundings={key: _without_paths(program[key]) for key in _OF_THE_PROGRAM if key in program}
        | {key: str(environment[key]) for key in _OF_THE_MACHINE if key in environment},
        programs=dict(sorted(manifest.binaries.items())),
        rows={row.name.text: _row(row) for row in rows if times(row)},
        failures=(
            *(row.name for row in manifest.failures),
            *(
                f"{cell.program} {cell.shape} on {cell.threads} threads"
                for cell in manifest.cells
                if cell.status is Status.BROKEN
            ),
        ),
        disturbed=tuple(_disturbances(manifest, rows)),
    )


def _without_paths(text: str) -> str:
    """Of each library, where there are several, the name and version alone."""
    return "; ".join(part.partition(", /")[0] for part in text.split("; "))


def _row(row: RowResult) -> KeptRow:
    seconds = summarise(times(row))
    shares = [] if is_shared(row) else counter(row, "of_limit")
    return KeptRow(
        median=_rounded(seconds.median),
        p10=_rounded(seconds.p10),
        p90=_rounded(seconds.p90),
        of_limit=_rounded(median(shares)) if shares else None,
    )


def _rounded(value: float) -> float:
    """To six digits: more would say nothing and make every line of a difference longer."""
    return float(f"{value:.6g}")


def _disturbances(manifest: Manifest, rows: Sequence[RowResult]) -> Iterator[str]:
    """What another program or guest did to the whole run. What one row suffered shows in its spread."""
    for when, busy in busy_moments(manifest):
        yield f"other programs kept {busy:.1f} cores busy {when} it"
    shared = sum(map(is_shared, rows))
    if shared > _MOST_SHARED * len(rows):
        yield f"{shared} of {len(rows)} rows had less than their cores"
    if manifest.steal is not None and manifest.steal > STEAL:
        yield f"the hypervisor took {manifest.steal:.1%} of the time of the cores in use"
