"""The tables as text, as wide as the screen."""

from collections.abc import Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.text import Text

from trilbench.machine.noise import LEAST_SHARE, MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.report.answer import Overview, Rival, Win, overviews, standings, wins
from trilbench.report.limits import Limits
from trilbench.report.reasons import by_reason
from trilbench.report.table import Entry, Line, Table, level
from trilbench.report.terminal import in_columns, print_lines, print_prose
from trilbench.results.run import NamedReason
from trilbench.results.units import binary_bytes, count, duration, factor, rate, ratio, share

_ENTRY, _SPEEDUP, _ERROR, _RATE = 14, 7, 6, 8  # columns


def print_operations(console: Console, tables: Sequence[Table]) -> None:
    """Prints an overview if there are several operations, then each one's table, then what the columns mean."""
    told = set()
    for overview in overviews(tables):
        _print_overview(console, overview)
        told |= {(brief.table.operation, overview.threads) for brief in overview.operations if brief.whole}
    for table in tables:
        _print_table(console, table, () if (table.operation, table.threads) in told else wins(table))
    if tables:
        console.print()
        for line in _legend(tables):
            print_prose(console, line)


def _print_overview(console: Console, overview: Overview) -> None:
    """Prints who wins at some shapes of each operation."""
    briefs = overview.operations
    won = [(win, (brief.over_loop(win), brief.over_plain(win))) for brief in briefs for win in brief.wins]
    head, *rows = _wins(console, won, ("x loop", "x plain"), indent="  ")
    print_lines(console, "", f"all operations, float32, {count(overview.threads, 'thread')}", "", head, style="bold")
    left = iter(rows)
    for brief in briefs:
        some = "" if brief.whole else f", {len(brief.wins)} of {count(brief.shapes, 'shape')}"
        print_lines(console, f"{brief.table.operation} {brief.table.axes}{some}", *islice(left, len(brief.wins)))
    console.print()
    print_prose(console, "x loop: over scalar_loop/scalar; x plain: over plain code that the compiler vectorises")


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
    for places in blocks(len(table.shapes), room // entry):
        spare = (room // len(places) - entry - 1) // _SPEEDUP
        shown = marks[: max(spare, 0)]
        most = max(most, len(shown))
        console.print()
        _print_block(console, table, places, shown, name, entry)
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
        name = max((len(line.variant) for line in rates.lines), default=0)
        for places in blocks(len(rates.sizes), (console.width - name) // _RATE):
            print_lines(console, "", what)
            print_lines(
                console, " " * name + "".join(f"{binary_bytes(rates.sizes[i]):>{_RATE}}" for i in places), style="bold"
            )
            for line in rates.lines:
                values = ("-" if line.values[i] is None else rate(line.values[i]) for i in places)
                print_lines(console, f"{line.variant:<{name}}" + "".join(f"{value:>{_RATE}}" for value in values))


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


def _print_block(console: Console, table: Table, places: range, speedups: Sequence[str], name: int, entry: int) -> None:
    """`entry` columns for a shape's name, its time and its share; with speed-ups there is a space before the next."""
    width = entry + (len(speedups) * _SPEEDUP + 1 if speedups else 0)
    columns = f"{'time':>8} limit" + "".join(f"{mark:>{_SPEEDUP}}" for mark in speedups)
    shapes = "".join(f"{table.shapes[place]:>{width - 1}} " for place in places)
    head = f"{'variant':<{name}}" + f"{columns:<{width}}" * len(places) + f"{'bound':>{_ERROR}}"
    print_lines(console, " " * name + shapes + f"{'error/':>{_ERROR}}", head, style="bold")
    for lines in (table.lines, table.peers):
        if lines is table.peers and lines:
            print_lines(console, "─" * len(head))
        marks = {}
        for place in places:
            timed = standings(lines, place)
            marks |= {(line.variant, place): "=" for line, entry in timed if level(timed[0][1], entry)}
            marks |= {(line.variant, place): "*" for line, _ in timed[:1]}
        for line in lines:
            row = Text(f"{line.variant:<{name}}")
            for place in places:
                row.append(_cell(line, place, marks.get((line.variant, place), " "), len(speedups), width))
            row.append("" if line.worst_error is None else f"{ratio(line.worst_error):>{_ERROR}}")
            console.print(row, soft_wrap=True)


def _cell(line: Line, place: int, mark: str, speedups: int, width: int) -> Text:
    if line.failed[place]:
        return Text(f"{'FAILED':>8}".ljust(width), style="bold red")
    entry = line.entries[place]
    if entry is None:
        return Text(f"{'-':>8}".ljust(width))
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
    for line in table.peers:
        if line.less_accurate:
            yield f"{line.variant}: less accurate, its error is up to {ratio(line.worst_error)} times the bound"


def _legend(tables: Sequence[Table]) -> Iterator[str]:
    lines = [line for table in tables for line in (*table.lines, *table.peers)]
    entries = [entry for line in lines for entry in line.entries if entry]
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


def blocks(columns: int, most: int) -> list[range]:
    """The columns of a wide table in as few blocks as can be, of about the same width and of `most` columns at most;
    `most` below 1 counts as 1."""
    pieces = -(-columns // max(most, 1))
    size = -(-columns // max(pieces, 1))
    return [range(first, min(first + size, columns)) for first in range(0, columns, max(size, 1))]
