"""The tables as text, as wide as the screen."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TypeVar

from rich.console import Console
from rich.text import Text

from trilbench.machine.noise import LEAST_SHARE, MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.report.answer import Rival, Win, beside_libraries, wins
from trilbench.report.limits import Limits, sizes
from trilbench.report.reasons import by_reason
from trilbench.report.table import Entry, Line, Table, level, standings
from trilbench.report.terminal import in_columns, print_lines, print_prose
from trilbench.results.run import NamedReason
from trilbench.results.statistics import evenly, grouped
from trilbench.results.units import binary_bytes, count, duration, factor, rate, ratio, share

T = TypeVar("T")
_ENTRY, _SPEEDUP, _ERROR, _RATE = 14, 7, 6, 8  # columns
_MOST_SHAPES = 5  # of an operation in the overview


def print_operations(console: Console, tables: Sequence[Table]) -> None:
    """Prints an overview if there are several operations, then each one's table, then what the columns mean."""
    told = set()
    won = [(table, its) for table in tables if (its := wins(table))]
    for threads, found in grouped(won, lambda each: each[0].threads).items():
        if len(found) > 1:
            _print_overview(console, threads, found)
            told |= {(table.operation, threads) for table, its in found if len(its) <= _MOST_SHAPES}
    for table in tables:
        _print_table(console, table, () if (table.operation, table.threads) in told else wins(table))
    if tables:
        console.print()
        for line in _legend(tables):
            print_prose(console, line)


def _print_overview(console: Console, threads: int, won: Sequence[tuple[Table, Sequence[Win]]]) -> None:
    """Prints who wins at some shapes of each operation."""
    some = [(table, its, evenly(its, _MOST_SHAPES)) for table, its in won]
    factors = [(win, _over_plain(table, win)) for table, _, shown in some for win in shown]
    head, *rows = _wins(console, factors, ("x loop", "x plain"), indent="  ")
    print_lines(console, "", f"all operations, float32, {count(threads, 'thread')}", "", head, style="bold")
    left = iter(rows)
    for table, its, shown in some:
        part = "" if len(shown) == len(its) else f", {len(shown)} of {count(len(its), 'shape')}"
        print_lines(console, f"{table.operation} {table.axes}{part}", *islice(left, len(shown)))
    console.print()
    print_prose(console, "x loop: over scalar_loop/scalar; x plain: over plain code that the compiler vectorises")


def _over_plain(table: Table, win: Win) -> list[float | None]:
    """How many times as fast as the definition's loop, kept scalar, and as plain code that the compiler vectorises."""
    over = {"/auto-" in name: value for name, value in zip(table.baselines, win.entry.speedups, strict=True)}
    return [over.get(False), over.get(True)]


def _wins(
    console: Console, won: Sequence[tuple[Win, Sequence[float | None]]], over: Sequence[str], indent: str = ""
) -> list[str]:
    """A line of heads and one for each winner: who it is, and how far it is ahead of what `over` names and of the next;
    of the columns as many as fit."""
    peers = any(win.peer for win, _ in won)
    rows = [[indent, "fastest variant", "time", "of limit", *over, "x next", *["x library"] * peers]]
    for win, factors in won:
        ahead = [*map(_factor, factors), _over(win.next), *[_over(win.peer)] * peers]
        rows.append([indent + win.shape, win.variant, _time(win.entry), _of_limit(win.entry), *ahead])
    return in_columns(rows, left=2, width=console.width)


def _print_table(console: Console, table: Table, won: Sequence[Win]) -> None:
    """Prints who wins each shape, if that is to be told, then every variant on every shape."""
    title = f"{table.operation}, float32, {count(table.threads, 'thread')}, shapes {table.axes}"
    print_lines(console, "", title, style="bold")
    marks = [f"x {mark}" for mark in "ab"[: len(table.baselines)]]
    if won:
        head, *rows = _wins(console, [(win, win.entry.speedups) for win in won], marks)
        print_lines(console, "", head, style="bold")
        print_lines(console, *rows)
    name = 1 + max([len(line.variant) for line in (*table.lines, *table.peers)], default=0)
    room = console.width - name - _ERROR
    entry = max([_ENTRY, *(len(shape) + 2 for shape in table.shapes)])
    most = len(marks) if won else 0
    for shapes in blocks(table.shapes, room // entry):
        spare = (room // len(shapes) - entry - 1) // _SPEEDUP
        shown = marks[: max(spare, 0)]
        most = max(most, len(shown))
        console.print()
        _print_block(console, table, shapes, shown, name, entry)
    legend = [*_legend_of_one(table, most)]
    if legend:
        console.print()
    for line in legend:
        print_prose(console, line)


def print_limits(console: Console, limits: Limits) -> None:
    """Prints what the machine can do, without speed-ups: there is nothing to beat."""
    print_lines(console, "", f"the machine's limits, {count(limits.threads, 'thread')}", style="bold")
    for what, rates in (
        ("copies, GB/s read and written; x and y together take", limits.copies),
        ("fused multiply-adds, GFLOP/s; x and y together take", limits.arithmetic),
    ):
        name = max(map(len, rates), default=0)
        for shown in blocks(sizes(rates), (console.width - name) // _RATE):
            print_lines(console, "", what)
            print_lines(console, " " * name + "".join(f"{binary_bytes(size):>{_RATE}}" for size in shown), style="bold")
            for variant, line in rates.items():
                values = (rate(line[size]) if size in line else "-" for size in shown)
                print_lines(console, f"{variant:<{name}}" + "".join(f"{value:>{_RATE}}" for value in values))


def print_reasons(console: Console, title: str, rows: Sequence[NamedReason]) -> None:
    """Prints rows grouped by reason, variants and shapes folded."""
    if not rows:
        return
    print_lines(console, "", title)
    for reason, names in by_reason(rows).items():
        if len(names) == 1:
            print_prose(console, f"  {names[0]}: {reason}")
            continue
        print_prose(console, f"  {reason}:")
        for name in names:
            print_prose(console, f"    {name}")


def _print_block(
    console: Console, table: Table, shapes: Sequence[str], speedups: Sequence[str], name: int, entry: int
) -> None:
    """`entry` columns for a shape's name, its time and its share; with speed-ups there is a space before the next."""
    width = entry + (len(speedups) * _SPEEDUP + 1 if speedups else 0)
    columns = f"{'time':>8} limit" + "".join(f"{mark:>{_SPEEDUP}}" for mark in speedups)
    above = "".join(f"{shape:>{width - 1}} " for shape in shapes)
    head = f"{'variant':<{name}}" + f"{columns:<{width}}" * len(shapes) + f"{'bound':>{_ERROR}}"
    print_lines(console, " " * name + above + f"{'error/':>{_ERROR}}", head, style="bold")
    for lines in (table.lines, table.peers):
        if lines is table.peers and lines:
            print_lines(console, "─" * len(head))
        best = {shape: timed[0] for shape in shapes if (timed := standings(lines, shape))}
        for line in lines:
            row = Text(f"{line.variant:<{name}}")
            for shape in shapes:
                row.append(_cell(line, shape, best.get(shape), len(speedups), width))
            row.append("" if line.worst_error is None else f"{ratio(line.worst_error):>{_ERROR}}")
            console.print(row, soft_wrap=True)


def _cell(line: Line, shape: str, best: Entry | None, speedups: int, width: int) -> Text:
    """Marked, where it is the best of the shape or level with that."""
    if shape in line.failed:
        return Text(f"{'FAILED':>8}".ljust(width), style="bold red")
    entry = line.entries.get(shape)
    if not entry or not best:
        return Text(f"{'-':>8}".ljust(width))
    mark = "*" if entry is best else "=" if level(best, entry) else " "
    text = f"{_time(entry):>8}{_of_limit(entry):>5}{mark}"
    text += "".join(f"{_factor(value):>{_SPEEDUP}}" for value in entry.speedups[:speedups])
    return Text(text.ljust(width), style="bold green" if mark != " " else "")


def _time(entry: Entry) -> str:
    return ("~" if entry.noisy else "") + duration(entry.seconds)


def _of_limit(entry: Entry) -> str:
    if entry.shared:
        return "busy"
    if entry.of_limit is None:
        return "-"
    return ("!" if entry.above_limit else "") + share(entry.of_limit.median)


def _factor(value: float | None) -> str:
    return "-" if value is None else factor(value)


def _over(rival: Rival | None) -> str:
    return "-" if rival is None else "level" if rival.level else factor(rival.factor)


def _legend_of_one(table: Table, speedups: int) -> Iterator[str]:
    if speedups:
        over = zip("ab"[:speedups], table.baselines, strict=False)
        yield "; ".join(f"x {mark}: speed-up over {variant}" for mark, variant in over)
    if len(table.shapes) > 1 and (beside := beside_libraries(table)):
        yield beside
    for line in table.peers:
        if line.worst_error is not None and line.worst_error > 1:
            yield f"{line.variant}: less accurate, its error is up to {ratio(line.worst_error)} times the bound"


def _legend(tables: Sequence[Table]) -> Iterator[str]:
    entries = [entry for table in tables for entry in table.entries]
    libraries = any(table.peers for table in tables)
    yield "time: median of a call; limit: the least time this machine allows over it, 1 is best"
    library = "; x library: over the best library" * libraries
    yield f"x next: over the next implementation{library}; = or level: within the noise"
    yield "fastest: the largest limit, which repeats better than the time; by time where it is unknown"
    marks = ["* fastest variant" + " and fastest library" * libraries]
    if any(entry.noisy for entry in entries):
        marks.append(f"~ spread above {NOISY_SPREAD:.0%}")
    if any(entry.above_limit for entry in entries):
        marks.append(f"! above {MOST_OF_LIMIT:.2f} of the limit: do not trust")
    if any(entry.shared for entry in entries):
        marks.append(f"busy: had less than {LEAST_SHARE:.0%} of its cores, so its time says little")
    yield "; ".join(marks)


def blocks(columns: Sequence[T], most: int) -> list[Sequence[T]]:
    """The columns of a wide table in as few blocks as can be, of about the same width and of `most` columns at most;
    `most` below 1 counts as 1."""
    pieces = -(-len(columns) // max(most, 1))
    size = -(-len(columns) // max(pieces, 1))
    return [columns[first : first + size] for first in range(0, len(columns), max(size, 1))]
