"""The table as text: a hundred columns, as readable in a log as on a screen."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from trilbench.compute.table import Entry, Line, Table
from trilbench.model.name import parse_name
from trilbench.model.run import NamedReason
from trilbench.render.units import duration, factor, ratio

WIDTH = 100
_SHAPES_IN_A_BLOCK = 3


def print_table(console: Console, table: Table) -> None:
    """Prints the table in blocks of a few shapes."""
    threads = "1 thread" if table.threads == 1 else f"{table.threads} threads"
    console.print()
    console.print(Text(f"{table.operation}, float32, {threads}, shapes {table.axes}", style="bold"))
    console.print(Text(_legend(table.baselines)))
    for first in range(0, len(table.shapes), _SHAPES_IN_A_BLOCK):
        _print_block(console, table, range(first, min(first + _SHAPES_IN_A_BLOCK, len(table.shapes))))


def print_reasons(console: Console, title: str, rows: Sequence[NamedReason]) -> None:
    """Prints rows grouped by reason, ways and shapes folded."""
    if not rows:
        return
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row.reason, []).append(row.name)
    console.print()
    console.print(Text(title))
    for reason, names in reasons.items():
        folded = _folded(names)
        if len(folded) == 1:
            console.print(Text(f"  {folded[0]}: {reason}"), soft_wrap=True)
            continue
        console.print(Text(f"  {reason}:"), soft_wrap=True)
        for name in folded:
            console.print(Text(f"    {name}"), soft_wrap=True)


def _legend(baselines: Sequence[str]) -> str:
    over = [f"x {_mark(i)}: speed-up over {way}" for i, way in enumerate(baselines)]
    return "; ".join(["median time", *over])


def _mark(baseline: int) -> str:
    return "ab"[baseline]


def _print_block(console: Console, table: Table, places: range) -> None:
    grid = Grid(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    grid.add_column("\nway", no_wrap=True)
    heads = "".join(f"{'x ' + _mark(i):>7}" for i in range(len(table.baselines)))
    for place in places:
        grid.add_column(Text(f"{table.shapes[place]:>8}\n{'time':>8}{heads}"), no_wrap=True)
    grid.add_column(Text("error/\nbound"), justify="right", no_wrap=True)
    for line in table.lines:
        cells = [_cell(line, place, len(table.baselines)) for place in places]
        error = Text("" if line.worst_error is None else ratio(line.worst_error))
        grid.add_row(Text(line.way), *cells, error)
    console.print()
    console.print(grid)


def _cell(line: Line, place: int, baselines: int) -> Text:
    if line.failed[place]:
        return Text(f"{'FAILED':>8}", style="bold red")
    entry = line.entries[place]
    if entry is None:
        return Text(f"{'-':>8}")
    return Text(_numbers(entry, baselines))


def _numbers(entry: Entry, baselines: int) -> str:
    time = ("~" if entry.noisy else "") + duration(entry.seconds)
    speedups = (factor(value) if value is not None else "-" for value in entry.speedups[:baselines])
    return f"{time:>8}" + "".join(f"{text:>7}" for text in speedups)


def _folded(names: Sequence[str]) -> list[str]:
    """prefix_mean/avx512 at 8x256x64, 8x1024x64: one line for each way."""
    ways: dict[str, list[str]] = {}
    for name in names:
        row = parse_name(name)
        ways.setdefault(f"{row.operation}/{row.way}", []).append(row.shape)
    return [f"{way} at {', '.join(dict.fromkeys(shapes))}" for way, shapes in ways.items()]
