"""What the commands print on: results on standard output, as wide as COLUMNS says; on standard error how far a run got
and how long it will take, a bar on a terminal, lines elsewhere."""

import os
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, Self

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from trilbench.results.units import countdown

_WIDTH = 100  # as readable in a log as on a screen
_LEAST = 60  # a name and one column of figures


def console(width: int = _WIDTH) -> Console:
    """Standard output; `width` is that of whoever sets no COLUMNS."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        width = max(int(columns), _LEAST)
    return Console(width=width, highlight=False)


def print_prose(console: Console, text: str, style: str = "") -> None:
    """A sentence, broken between words where the line ends; what follows is indented by two more."""
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    lines = textwrap.wrap(text, console.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    for line in lines:
        console.print(Text(line, style=style), soft_wrap=True)


def print_lines(console: Console, *lines: str, style: str = "") -> None:
    """Lines as they are, never broken."""
    for line in lines:
        console.print(Text(line.rstrip(), style=style), soft_wrap=True)


def in_columns(rows: Sequence[Sequence[str]], left: int, width: int) -> list[str]:
    """Rows of cells as lines, as many of the columns as fit; the first `left` are flush left, figures flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    fit = [i for i in range(len(widths)) if sum(widths[: i + 1]) + 2 * i <= width]
    return [
        "  ".join(row[i].ljust(widths[i]) if i < left else row[i].rjust(widths[i]) for i in fit).rstrip()
        for row in rows
    ]


def print_json(document: Any) -> None:
    """The answer for programs (--json): alone on standard output, whatever else is printed meanwhile. What JSON has no
    word for is null."""
    print(msgspec.json.format(msgspec.json.encode(document), indent=1).decode(), file=sys.__stdout__, flush=True)


class RunProgress:
    """Shows the part of a run that is being measured; a context manager."""

    def __init__(self) -> None:
        columns = (BarColumn(bar_width=20), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())
        self._task = self._bar.add_task("")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begin(self, number: int, total: int, what: str, seconds_left: float) -> None:
        """The part `number` (from 0) of `total` starts; all that is left will take about seconds_left."""
        line = f"{number + 1} of {total}: {what}, about {countdown(seconds_left)} left"
        if self._bar.disable:
            print(line, file=sys.stderr, flush=True)
        self._bar.update(self._task, completed=number, total=total, description=line)
