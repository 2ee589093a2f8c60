"""What the commands print on: as wide as COLUMNS says, sentences broken where it ends."""

import os
import textwrap

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
