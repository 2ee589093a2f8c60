"""A comparison that is on disk after each of its rounds."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from trilbench.measure.comparison.session import SIDES, Session, measure_rounds
from trilbench.model.comparison import Comparison, write_comparison


def record(
    comparison: Comparison, session: Session, rounds: int, seed: int, file: Path, report: Callable[[int], None]
) -> Comparison:
    """Measures so many rounds and adds them; `report` is told before each how many are done. A killed process leaves
    those that are finished."""
    times: dict[str, dict[str, list[float]]] = {side: {row.name: [] for row in comparison.benchmarks} for side in SIDES}
    for measured, seconds in measure_rounds(session, rounds, seed, report):
        for side, of_side in seconds.items():
            for name, value in of_side.items():
                times[side][name].append(value)
        comparison = dataclasses.replace(
            comparison,
            rounds=(*comparison.rounds, measured),
            benchmarks=tuple(
                dataclasses.replace(row, **{side: tuple(times[side][row.name]) for side in SIDES})
                for row in comparison.benchmarks
            ),
        )
        write_comparison(file, comparison)
    return comparison
