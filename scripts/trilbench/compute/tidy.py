"""One flat line per row, for summary.csv."""

from collections.abc import Iterable

from trilbench.compute.statistics import quantile, summarise
from trilbench.model.result import RowResult


def tidy(rows: Iterable[RowResult]) -> tuple[list[str], list[dict[str, str | float | int]]]:
    """Column names and lines: the parts of the name, the error, times in seconds, and each counter: the median of its
    repetitions, of error_over_bound the worst."""
    rows = list(rows)
    axes = dict.fromkeys(axis for row in rows for axis, _ in row.name.axes)
    counters = dict.fromkeys(key for row in rows for repetition in row.repetitions for key in repetition.counters)
    columns = ["name", "operation", "implementation", "isa", "element", "shape", *axes, "omp", "error"]
    columns += ["repetitions", "time_min", "time_median", "time_p90", *counters]
    return columns, [_line(row) for row in rows]


def _line(row: RowResult) -> dict[str, str | float | int]:
    name = row.name
    line: dict[str, str | float | int] = {
        "name": name.text,
        "operation": name.operation,
        "implementation": name.implementation,
        "isa": name.isa,
        "element": name.element,
        "shape": name.shape,
        **dict(name.axes),
        "omp": name.threads,
        "error": row.error,
        "repetitions": len(row.repetitions),
    }
    if row.repetitions:
        times = summarise([repetition.seconds for repetition in row.repetitions])
        line |= {"time_min": times.minimum, "time_median": times.median, "time_p90": times.p90}
        for key in dict.fromkeys(key for repetition in row.repetitions for key in repetition.counters):
            values = [repetition.counters[key] for repetition in row.repetitions if key in repetition.counters]
            line[key] = max(values) if key == "error_over_bound" else quantile(values, 0.5)
    return line
