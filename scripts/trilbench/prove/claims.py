"""Whether the harness measures what it must: claims about rows whose right figures are known beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass

from trilbench.results.rows import RowResult
from trilbench.results.statistics import median, quantile

AGAIN = "_again"  # ends the name of a row's twin
TIME_ERROR = 0.02
TWIN_ERROR = 0.02  # at the median
SHARE_OF_PEAK = (0.97, 1.03)
SHARE_OF_LIMIT = (0.93, 1.03)
_ROUNDING = 1e-6  # of figures that pass through decimal text


@dataclass(frozen=True)
class Claim:
    """One thing that must come out right."""

    what: str
    expected: str
    measured: str
    holds: bool


def takes(row: RowResult, seconds: float) -> Claim:
    """A call of known time: the median time is that, within 2 %."""
    found = _seconds(row)
    what = f"a call that {row.name.implementation.replace('_', ' ')}"
    expected = f"{seconds * 1e6:.6g} us within {TIME_ERROR:.0%}"
    return Claim(what, expected, f"{found * 1e6:.6g} us", abs(found / seconds - 1) <= TIME_ERROR)


def counts(row: RowResult, flops: float) -> Claim:
    """A kernel of known flops: its rate times its time is that number."""
    counted = [each.counters["flops_per_second"] * each.seconds for each in row.repetitions]
    worst = max(counted, key=lambda value: abs(value - flops))
    what = f"{row.name.variant}, N = {row.name.shape}: flops of a call, rate times time"
    return Claim(what, f"{flops:.10g}", f"{worst:.10g}", abs(worst / flops - 1) <= _ROUNDING)


def reaches_peak(rows: Sequence[RowResult]) -> Claim:
    """The fastest row's of_peak is 1."""
    return _share("of_peak", rows, SHARE_OF_PEAK, "multiply-adds in registers")


def reaches_limit(rows: Sequence[RowResult], where: str) -> Claim:
    """The fastest copy's of_limit is 1."""
    return _share("of_limit", rows, SHARE_OF_LIMIT, f"a copy in {where}")


def _share(counter: str, rows: Sequence[RowResult], allowed: tuple[float, float], what: str) -> Claim:
    fastest = min(rows, key=_seconds)
    share = median([each.counters[counter] for each in fastest.repetitions])
    low, high = allowed
    measured = f"{share:.3f} by {fastest.name.variant}"
    return Claim(f"{what}: {counter}", f"{low} to {high}", measured, low <= share <= high)


def agree(rows: Sequence[RowResult]) -> Claim:
    """Every row and its twin, which is the same code: how far their median times are apart."""
    apart = twin_differences(rows)
    values = [*apart.values()]
    worst = max(apart, key=apart.__getitem__)
    return Claim(
        f"A against A, {len(values)} pairs: difference of the medians",
        f"at most {TWIN_ERROR:.0%} at the median",
        f"median {median(values):.2%}, p90 {quantile(values, 0.9):.2%}, worst {apart[worst]:.1%} ({worst})",
        median(values) <= TWIN_ERROR,
    )


def twin_differences(rows: Sequence[RowResult]) -> dict[str, float]:
    """|median / twin's median - 1| by the row's name, of the rows that have one. A call near the longest allowed may
    be skipped in one of two."""
    medians = {row.name.text: _seconds(row) for row in rows}
    named = ((row.name.text, f"/{row.name.implementation}") for row in rows)
    twins = {name: name.replace(f"{own}/", f"{own}{AGAIN}/", 1) for name, own in named}
    return {name: abs(medians[name] / medians[twin] - 1) for name, twin in twins.items() if twin in medians}


def _seconds(row: RowResult) -> float:
    """The median time of a call."""
    return median([each.seconds for each in row.repetitions])
