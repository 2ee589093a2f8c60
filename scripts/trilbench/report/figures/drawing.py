"""A figure that can be drawn: its words, its data, and how."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from trilbench.report.figures.palette import Theme


@dataclass(frozen=True)
class Drawing:
    """Everything of a figure but its files."""

    title: str
    caption: str
    alt: str
    columns: Sequence[str]
    lines: Sequence[Mapping[str, str | float | int]]  # of the CSV, one per point
    draw: Callable[[Theme], Figure]


@dataclass(frozen=True)
class Nothing:
    """Why there is no such figure."""

    reason: str
