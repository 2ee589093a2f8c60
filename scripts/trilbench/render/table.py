"""The tables as text: a hundred columns, as readable in a log as on a screen."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from trilbench.compute.answer import Rival, Win, wins
from trilbench.compute.limits import Limits
from trilbench.compute.noise import MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.compute.reasons import by_reason
from trilbench.compute.table import Entry, Line, Table, fastest
from trilbench.model.run import NamedReason
from trilbench.render.blocks import blocks
from trilbench.render.units import binary_bytes, count, duration, factor, rate, ratio, share

WIDTH = 100
_ENTRY, _SPEEDUP, _ERROR, _RATE = 14, 7, 6, 8  # columns


def print_table(console: Console, table: Table) -> None:
    """Prints who wins each shape, then every way on every shape."""
    console.print()
    title = f"{table.operation}, float32, {count(table.threads, 'thread')}, shapes {table.axes}"
    _line(console, title, "bold")
    won = wins(table)
    if won:
        console.print()
        _print_wins(console, table, won)
    name = max([len(line.way) for line in (*table.lines, *table.peers)], default=0)
    room = WIDTH - name - _ERROR
    for places in blocks(len(table.shapes), room // _ENTRY):
        console.print()
        spare = (room // len(places) - _ENTRY - 1) // _SPEEDUP
        _print_block(console, table, places, max(min(spare, len(table.baselines)), 0), name)
    console.print()
    for line in _legend(table):
        _line(console, line)


def print_limits(console: Console, limits: Limits) -> None:
    """Prints what the machine can do, without speed-ups: there is nothing to beat."""
    console.print()
    _line(console, f"the machine's limits, {count(limits.threads, 'thread')}", "bold")
    for what, rates in (
        ("copies, GB/s read and written; x and y together take", limits.copies),
        ("fused multiply-adds, GFLOP/s; x and y together take", limits.arithmetic),
    ):
        name = max((len(line.way) for line in rates.lines), default=0)
        for places in blocks(len(rates.sizes), (WIDTH - name) // _RATE):
            console.print()
            _line(console, what)
            _line(console, " " * name + "".join(f"{binary_bytes(rates.sizes[i]):>{_RATE}}" for i in places), "bold")
            for line in rates.lines:
                values = ("-" if line.values[i] is None else rate(line.values[i]) for i in places)
                _line(console, f"{line.way:<{name}}" + "".join(f"{value:>{_RATE}}" for value in values))


def print_reasons(console: Console, title: str, rows: Sequence[NamedReason]) -> None:
    """Prints rows grouped by reason, ways and shapes folded."""
    if not rows:
        return
    console.print()
    _line(console, title)
    for reason, names in by_reason(rows).items():
        if len(names) == 1:
            _line(console, f"  {names[0]}: {reason}")
            continue
        _line(console, f"  {reason}:")
        for name in names:
            _line(console, f"    {name}")


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text.rstrip(), style=style), soft_wrap=True)


def _print_wins(console: Console, table: Table, won: Sequence[Win]) -> None:
    shape = max(len(win.shape) for win in won)
    name = max(len(win.way) for win in won)
    peers = [win.peer for win in won if win.peer]
    heads = [*(f"x {_mark(i)}" for i in range(len(table.baselines))), "x next"] + (["x library"] if peers else [])
    head = f"{'':<{shape}} {'fastest way':<{name}} {'time':>8} of limit"
    _line(console, head + "".join(f"{text:>{_head_width(text)}}" for text in heads), "bold")
    for win in won:
        figures = [*map(_factor, win.entry.speedups), _over(win.next)] + ([_over(win.peer)] if peers else [])
        line = f"{win.shape:<{shape}} {win.way:<{name}} {_time(win.entry):>8} {_of_limit(win.entry):>8}"
        columns = zip(heads, figures, strict=True)
        _line(console, line + "".join(f"{text:>{_head_width(head)}}" for head, text in columns))


def _head_width(head: str) -> int:
    return max(len(head) + 2, _SPEEDUP + 1)


def _width(speedups: int) -> int:
    """Columns of a shape; with speed-ups there is room for a space before the next."""
    return _ENTRY + (speedups * _SPEEDUP + 1 if speedups else 0)


def _print_block(console: Console, table: Table, places: range, speedups: int, name: int) -> None:
    width = _width(speedups)
    columns = f"{'time':>8} limit" + "".join(f"{'x ' + _mark(i):>{_SPEEDUP}}" for i in range(speedups))
    shapes = "".join(f"{table.shapes[place]:>{width - 1}} " for place in places)
    _line(console, " " * name + shapes + f"{'error/':>{_ERROR}}", "bold")
    _line(console, f"{'way':<{name}}" + f"{columns:<{width}}" * len(places) + f"{'bound':>{_ERROR}}", "bold")
    for lines in (table.lines, table.peers):
        if lines is table.peers and lines:
            _line(console, "─" * (name + width * len(places) + _ERROR))
        best = {place: found[0].way for place in places if (found := fastest(lines, place))}
        for line in lines:
            row = Text(f"{line.way:<{name}}")
            for place in places:
                row.append(_cell(line, place, best.get(place) == line.way, speedups))
            row.append("" if line.worst_error is None else f"{ratio(line.worst_error):>{_ERROR}}")
            console.print(row, soft_wrap=True)


def _cell(line: Line, place: int, best: bool, speedups: int) -> Text:
    width = _width(speedups)
    if line.failed[place]:
        return Text(f"{'FAILED':>8}".ljust(width), style="bold red")
    entry = line.entries[place]
    if entry is None:
        return Text(f"{'-':>8}".ljust(width))
    text = f"{_time(entry):>8}{_of_limit(entry):>5}{'*' if best else ' '}"
    text += "".join(f"{_factor(value):>{_SPEEDUP}}" for value in entry.speedups[:speedups])
    return Text(text.ljust(width), style="bold green" if best else "")


def _time(entry: Entry) -> str:
    return ("~" if entry.noisy else "") + duration(entry.seconds)


def _of_limit(entry: Entry) -> str:
    if entry.of_limit is None:
        return "-"
    return ("!" if entry.above_limit else "") + share(entry.of_limit.median)


def _factor(value: float | None) -> str:
    return "-" if value is None else factor(value)


def _over(rival: Rival | None) -> str:
    return "-" if rival is None else "level" if rival.level else factor(rival.factor)


def _mark(baseline: int) -> str:
    return "ab"[baseline]


def _legend(table: Table) -> Iterator[str]:
    entries = [entry for line in (*table.lines, *table.peers) for entry in line.entries if entry]
    over = [f"x {_mark(i)}: speed-up over {way}" for i, way in enumerate(table.baselines)]
    yield "time: median of a call; limit: the least time this machine allows over it, 1 is best"
    if over:
        yield "; ".join(over)
    yield "x next: over the best other way" + "; x library: over the best library" * bool(table.peers)
    marks = ["* fastest of its block"]
    if any(entry.noisy for entry in entries):
        marks.append(f"~ spread above {NOISY_SPREAD:.0%}")
    if any(entry.above_limit for entry in entries):
        marks.append(f"! above {MOST_OF_LIMIT:.2f} of the limit: do not trust")
    if any(rival and rival.level for win in wins(table) for rival in (win.next, win.peer)):
        marks.append("level: within each other's spread")
    yield "; ".join(marks)
    for line in table.peers:
        if line.less_accurate:
            yield f"{line.way}: less accurate, its error is up to {ratio(line.worst_error)} times the bound"
