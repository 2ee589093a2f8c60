"""How many times as fast as something named."""

from collections.abc import Sequence
from functools import partial

from trilbench.report import curves
from trilbench.report.curves import Point
from trilbench.report.figures.drawing import Drawing, Nothing
from trilbench.report.figures.lanes import Column, lanes
from trilbench.report.figures.shared import name_cells, name_columns, title
from trilbench.report.table import Table
from trilbench.results import units
from trilbench.results.statistics import Summary


def speedup(table: Table, baselines: Sequence[str], footer: str) -> Drawing | Nothing:
    """Over each of the baselines (variants), a panel each."""
    found = curves.points(table)
    over = {baseline: values for baseline in baselines if (values := curves.speedups(found, baseline))}
    if not over:
        return Nothing(f"no baseline has a time ({', '.join(baselines) or 'there is none'})")
    columns = [
        Column(
            f"times as fast as\n{baseline} (log)",
            _spreads(values, found, baseline),
            units.factor,
            log=True,
            nothing=f"{baseline.partition('/')[0]} has no time",
        )
        for baseline, values in over.items()
    ]
    heading = title(table, "speed-up")
    return Drawing(
        title=heading,
        caption=f"Median time of {' or '.join(over)} over each implementation's median time at the same shape, on a "
        "log axis; a row per shape, in it a lane per implementation and a dot per instruction set. The bar through a "
        "dot reaches from p10 to p90 of the implementation's own repetitions. The number stands beside the fastest of "
        "its row; right of the line at 1 is faster. A shape at which the baseline was not measured has no dots.",
        alt=f"Dot plot of the speed-up of each implementation of {table.operation} over {' and '.join(over)}.",
        columns=[*name_columns(table), "baseline", "speedup"],
        lines=[
            {**name_cells(table, point), "baseline": baseline, "speedup": value}
            for baseline, values in over.items()
            for point, value in values.items()
        ],
        draw=partial(lanes, heading, footer, columns),
    )


def _spreads(values: dict[Point, float], found: Sequence[Point], baseline: str) -> dict[Point, Summary]:
    """Speed-ups with the spread of the implementation's own times."""
    seconds = {point.shape: point.entry.seconds for point in found if point.variant == baseline}
    spreads = {}
    for point, value in values.items():
        base, times = seconds[point.shape], point.entry.times
        spreads[point] = Summary(base / times.minimum, base / times.p90, value, base / times.p10)
    return spreads
