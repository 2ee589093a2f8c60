"""Whether what was measured had its cores to itself. What counts is the cores in use, never all that a machine has."""

from trilbench.compute.statistics import counter, quantile
from trilbench.model.name import BenchmarkName
from trilbench.model.result import RowResult
from trilbench.model.run import Manifest

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
