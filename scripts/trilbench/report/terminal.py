"""What the commands print results on: standard output, as wide as COLUMNS says."""

import os
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

import msgspec
from rich.console import Console
from rich.text import Text

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
