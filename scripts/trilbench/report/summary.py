"""One flat line per row, for summary.csv."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from trilbench.machine.noise import core_share, is_shared
from trilbench.results.names import size_text
from trilbench.results.rows import RowResult
from trilbench.results.statistics import counter, summarise, times

_SHARES = ("of_limit", "of_peak")  # ratios of two measurements: their spread says what they are worth


def tidy(rows: Iterable[RowResult]) -> tuple[list[str], list[dict[str, str | float | int]]]:
    """Column names and lines: the parts of the name, the error, whether it shared its cores, times in seconds, and each
    counter: the median of its repetitions, of error_over_bound the worst, of the shares of the machine also p10 and
    p90."""
    rows = list(rows)
    axes = dict.fromkeys(axis for row in rows for axis, _ in row.name.axes)
    columns = ["name", "operation", "implementation", "isa", "element", "shape", *axes, "omp", "error", "shared_core"]
    columns += ["repetitions", "time_min", "time_median", "time_p90"]
    for key in dict.fromkeys(key for row in rows for key in _counters(row)):
        columns += [key, f"{key}_p10", f"{key}_p90"] if key in _SHARES else [key]
    return columns, [_line(row) for row in rows]


def _counters(row: RowResult) -> dict[str, None]:
    return dict.fromkeys(key for repetition in row.repetitions for key in repetition.counters)


def _line(row: RowResult) -> dict[str, str | float | int]:
    name, unknown = row.name, core_share(row) is None
    line: dict[str, str | float | int] = {
        "name": name.text,
        **{part: getattr(name, part) for part in ("operation", "implementation", "isa", "element", "shape")},
        **{axis: size_text(size) for axis, size in name.axes},
        "omp": name.threads,
        "error": row.error,
        "shared_core": "" if unknown else "yes" if is_shared(row) else "no",
        "repetitions": len(row.repetitions),
    }
    if seconds := times(row):
        summary = summarise(seconds)
        line |= {"time_min": summary.minimum, "time_median": summary.median, "time_p90": summary.p90}
    for key in _counters(row):
        if values := counter(row, key):
            summary = summarise(values)
            line[key] = max(values) if key == "error_over_bound" else summary.median
            if key in _SHARES:
                line |= {f"{key}_p10": summary.p10, f"{key}_p90": summary.p90}
    return line


def csv_text(columns: Sequence[str], lines: Sequence[Mapping[str, str | float | int]]) -> str:
    """The lines under a header; what a line lacks stays empty. Numbers keep every digit."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()
