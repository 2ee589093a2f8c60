"""How far a run got and how long it will take: a bar on a terminal, lines elsewhere. On stderr."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from trilbench.render.units import countdown


class RunProgress:
    """Shows the cell being measured; a context manager."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            columns = (BarColumn(bar_width=20), TextColumn("{task.description}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("")

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def begin(self, number: int, total: int, what: str, seconds_left: float) -> None:
        """The cell `number` (from 0) of `total` starts; all that is left will take about seconds_left."""
        line = f"{number + 1} of {total}: {what}, about {countdown(seconds_left)} left"
        if self._bar:
            self._bar.update(self._task, completed=number, total=total, description=line)
        else:
            print(line, file=sys.stderr, flush=True)
