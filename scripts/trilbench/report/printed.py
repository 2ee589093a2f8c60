"""The tables as text, as wide as the screen."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from trilbench.machine.noise import LEAST_SHARE, MOST_OF_LIMIT, NOISY_SPREAD
from trilbench.report.answer import Overview, Rival, Win, overviews, wins
from trilbench.report.blocks import blocks
from trilbench.report.limits import Limits
from trilbench.report.reasons import by_reason
from trilbench.report.table import Entry, Line, Table, fastest, tied
from trilbench.report.terminal import print_prose
from trilbench.results.run import NamedReason
from trilbench.results.units import binary_bytes, count, duration, factor, rate, ratio, share

_ENTRY, _SPEEDUP, _ERROR, _RATE = 14, 7, 6, 8  # columns
_FASTEST = "fastest variant"


def print_operations(console: Console, tables: Sequence[Table]) -> None:
    """Prints an overview if there are several operations, then each one's table, then what the columns mean."""
    told = set()
    for overview in overviews(tables):
        _print_overview(console, overview)
        told |= {(brief.table.operation, overview.threads) for brief in overview.operations if brief.whole}
    for table in tables:
        _print_table(console, table, with_wins=(table.operation, table.threads) not in told)
    if tables:
        console.print()
        for line in _legend(tables):
            print_prose(console, line)


def _print_overview(console: Console, overview: Overview) -> None:
    """Prints who wins at some shapes of each operation."""
    console.print()
    _line(console, f"all operations, float32, {count(overview.threads, 'thread')}", "bold")
    every = [win for brief in overview.operations for win in brief.wins]
    shape, name = max(len(win.shape) for win in every), max(len(win.variant) for win in every)
    name = max(name, len(_FASTEST))
    console.print()
    head = f"  {'':<{shape}} {_FASTEST:<{name}} {'time':>8} of limit"
    heads = [f"{'x loop':>8}", f"{'x plain':>9}", f"{'x next':>8}", *[f"{'x library':>11}"] * _any_library(overview)]
    heads = _that_fit(console, head, heads)
    _line(console, head + "".join(heads), "bold")
    for brief in overview.operations:
        some = "" if brief.whole else f", {len(brief.wins)} of {count(brief.shapes, 'shape')}"
        _line(console, f"{brief.table.operation} {brief.table.axes}{some}")
        for win in brief.wins:
            text = f"  {win.shape:<{shape}} {win.variant:<{name}} {_time(win.entry):>8} {_of_limit(win.entry):>8}"
            over = (_factor(brief.over_loop(win)), _factor(brief.over_plain(win)), _over(win.next), _over(win.peer))
            _line(console, text + "".join(f"{value:>{len(head)}}" for head, value in zip(heads, over, strict=False)))
    console.print()
    print_prose(console, "x loop: over scalar_loop/scalar; x plain: over plain code that the compiler vectorises")


def _any_library(overview: Overview) -> bool:
    return any(brief.table.peers for brief in overview.operations)


def _print_table(console: Console, table: Table, with_wins: bool) -> None:
    """Prints who wins each shape, if an overview has not, then every variant on every shape."""
    console.print()
    title = f"{table.operation}, float32, {count(table.threads, 'thread')}, shapes {table.axes}"
    _line(console, title, "bold")
    won = wins(table) if with_wins else ()
    if won:
        console.print()
        _print_wins(console, table, won)
    name = max([len(line.variant) for line in (*table.lines, *table.peers)], default=0)
    room = console.width - name - _ERROR
    entry = max([_ENTRY, *(len(shape) + 2 for shape in table.shapes)])
    most = 0
    for places in blocks(len(table.shapes), room // entry):
        console.print()
        spare = (room // len(places) - entry - 1) // _SPEEDUP
        speedups = max(min(spare, len(table.baselines)), 0)
        most = max(most, speedups)
        _print_block(console, table, places, speedups, name, entry)
    legend = [*_legend_of_one(table, len(table.baselines) if won else most)]
    if legend:
        console.print()
    for line in legend:
        print_prose(console, line)


def print_limits(console: Console, limits: Limits) -> None:
    """Prints what the machine can do, without speed-ups: there is nothing to beat."""
    console.print()
    _line(console, f"the machine's limits, {count(limits.threads, 'thread')}", "bold")
    for what, rates in (
        ("copies, GB/s read and written; x and y together take", limits.copies),
        ("fused multiply-adds, GFLOP/s; x and y together take", limits.arithmetic),
    ):
        name = max((len(line.variant) for line in rates.lines), default=0)
        for places in blocks(len(rates.sizes), (console.width - name) // _RATE):
            console.print()
            _line(console, what)
            _line(console, " " * name + "".join(f"{binary_bytes(rates.sizes[i]):>{_RATE}}" for i in places), "bold")
            for line in rates.lines:
                values = ("-" if line.values[i] is None else rate(line.values[i]) for i in places)
                _line(console, f"{line.variant:<{name}}" + "".join(f"{value:>{_RATE}}" for value in values))


def print_reasons(console: Console, title: str, rows: Sequence[NamedReason]) -> None:
    """Prints rows grouped by reason, variants and shapes folded."""
    if not rows:
        return
    console.print()
    _line(console, title)
    for reason, names in by_reason(rows).items():
        if len(names) == 1:
            print_prose(console, f"  {names[0]}: {reason}")
            continue
        print_prose(console, f"  {reason}:")
        for name in names:
            print_prose(console, f"    {name}")


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text.rstrip(), style=style), soft_wrap=True)


def _print_wins(console: Console, table: Table, won: Sequence[Win]) -> None:
    shape = max(len(win.shape) for win in won)
    name = max(len(_FASTEST), *(len(win.variant) for win in won))
    peers = [win.peer for win in won if win.peer]
    heads = [*(f"x {_mark(i)}" for i in range(len(table.baselines))), "x next"] + (["x library"] if peers else [])
    head = f"{'':<{shape}} {_FASTEST:<{name}} {'time':>8} of limit"
    heads = _that_fit(console, head, [f"{text:>{_head_width(text)}}" for text in heads])
    _line(console, head + "".join(heads), "bold")
    for win in won:
        figures = [*map(_factor, win.entry.speedups), _over(win.next)] + ([_over(win.peer)] if peers else [])
        line = f"{win.shape:<{shape}} {win.variant:<{name}} {_time(win.entry):>8} {_of_limit(win.entry):>8}"
        _line(console, line + "".join(f"{text:>{len(head)}}" for head, text in zip(heads, figures, strict=False)))


def _that_fit(console: Console, before: str, heads: Sequence[str]) -> list[str]:
    """The first columns of those that fit beside what stands before them."""
    return [head for i, head in enumerate(heads) if len(before) + sum(map(len, heads[: i + 1])) <= console.width]


def _head_width(head: str) -> int:
    return max(len(head) + 2, _SPEEDUP + 1)


def _print_block(console: Console, table: Table, places: range, speedups: int, name: int, entry: int) -> None:
    """`entry` columns for a shape's name, its time and its share; with speed-ups there is a space before the next."""
    width = entry + (speedups * _SPEEDUP + 1 if speedups else 0)
    columns = f"{'time':>8} limit" + "".join(f"{'x ' + _mark(i):>{_SPEEDUP}}" for i in range(speedups))
    shapes = "".join(f"{table.shapes[place]:>{width - 1}} " for place in places)
    _line(console, " " * name + shapes + f"{'error/':>{_ERROR}}", "bold")
    _line(console, f"{'variant':<{name}}" + f"{columns:<{width}}" * len(places) + f"{'bound':>{_ERROR}}", "bold")
    for lines in (table.lines, table.peers):
        if lines is table.peers and lines:
            _line(console, "─" * (name + width * len(places) + _ERROR))
        marks = {(found[0].variant, place): "*" for place in places if (found := fastest(lines, place))}
        marks |= {(variant, place): "=" for place in places for variant in tied(lines, place)}
        for line in lines:
            row = Text(f"{line.variant:<{name}}")
            for place in places:
                row.append(_cell(line, place, marks.get((line.variant, place), " "), speedups, width))
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


def _mark(baseline: int) -> str:
    return "ab"[baseline]


def _legend_of_one(table: Table, speedups: int) -> Iterator[str]:
    if over := [f"x {_mark(i)}: speed-up over {variant}" for i, variant in enumerate(table.baselines[:speedups])]:
        yield "; ".join(over)
    for line in table.peers:
        if line.less_accurate:
            yield f"{line.variant}: less accurate, its error is up to {ratio(line.worst_error)} times the bound"


def _legend(tables: Sequence[Table]) -> Iterator[str]:
    lines = [line for table in tables for line in (*table.lines, *table.peers)]
    entries = [entry for line in lines for entry in line.entries if entry]
    libraries = any(table.peers for table in tables)
    yield "time: median of a call; limit: the least time this machine allows over it, 1 is best"
    ties = "; = or level: within the noise" * _any_level(tables)
    yield "x next: over the next implementation" + "; x library: over the best library" * libraries + ties
    yield "fastest: the largest limit, which repeats better than the time; by time where it is unknown"
    marks = ["* fastest variant" + " and fastest library" * libraries]
    if any(entry.noisy for entry in entries):
        marks.append(f"~ spread above {NOISY_SPREAD:.0%}")
    if any(entry.above_limit for entry in entries):
        marks.append(f"! above {MOST_OF_LIMIT:.2f} of the limit: do not trust")
    if any(entry.shared for entry in entries):
        marks.append(f"busy: had less than {LEAST_SHARE:.0%} of its cores, so its time says little")
    yield "; ".join(marks)


def _any_level(tables: Sequence[Table]) -> bool:
    rivals = (rival for table in tables for win in wins(table) for rival in (win.next, win.peer))
    places = ((of, i) for table in tables for of in (table.lines, table.peers) for i in range(len(table.shapes)))
    return any(rival and rival.level for rival in rivals) or any(tied(of, i) for of, i in places)
