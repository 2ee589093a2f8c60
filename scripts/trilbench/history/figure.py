"""Times over the runs of one machine: a panel for each benchmark, commits on the axis they share."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from trilbench.history.series import Series
from trilbench.history.store import History
from trilbench.history.verdict import Judged, Verdict
from trilbench.report.figures.canvas import SMALL, TINY, WIDTH, Canvas, style
from trilbench.report.figures.drawing import Drawing
from trilbench.report.figures.make import Choice, Figure, write_figure
from trilbench.report.figures.palette import Theme, colour
from trilbench.report.table import variant_order
from trilbench.results.names import Size
from trilbench.results.statistics import quantile
from trilbench.results.units import count, duration, percent

MOST_PANELS = 12
_PANEL, _NAME, _LABELS = 1.0, 0.34, 0.62  # inches: a panel's height, the name above it, the commits below the last
_LEFT, _GAP = 0.78, 0.86  # left of a column, and between two: the times' numbers
_LEAST_RANGE = 0.10  # of the times; less would make mountains of noise


def history_figure(
    history: History, verdict: Verdict, folder: Path, choice: Choice, most: int = MOST_PANELS
) -> Figure | None:
    """Draws the judged series, `most` of them at most, into `folder`. None if there is nothing to draw. Raises Stop if
    a file cannot be written."""
    with style():
        drawing = history_drawing(history, verdict, most)
        return write_figure(f"history-{history.key}", drawing, folder, choice) if drawing else None


def history_drawing(history: History, verdict: Verdict, most: int = MOST_PANELS) -> Drawing | None:
    """The figure's words, data and how it is drawn; None if nothing was judged."""
    chosen = pick(verdict.judged, most)
    if not chosen:
        return None
    cores = count(history.machine.cores, "core") if isinstance(history.machine.cores, int) else ""
    since, until = history.runs[0].started[:10], history.runs[-1].started[:10]
    footer = " · ".join(
        filter(None, (history.machine.cpu, cores, count(len(history.runs), "run"), f"{since} to {until}"))
    )
    return Drawing(
        title="time of a call, run by run",
        caption="A panel for each benchmark; every dot is a run's median with its p10 and p90, in the order in which "
        "they were measured, with the commit that was measured; a plus says that the sources were changed. Lines are "
        "levels: stretches without a change. A vertical line is a change for good, dashed where the code is not its "
        "cause. Hollow dots are runs that other programs disturbed; they do not count. Triangles lie beyond the "
        "panel's edge. The diamond is the baseline, "
        "the dotted line its level." + left_out(verdict, most),
        alt=f"Times of {count(len(chosen), 'benchmark')} over {count(len(history.runs), 'run')}, with "
        f"{count(sum(len(each.changes) for each in chosen), 'change')} of level.",
        columns=_COLUMNS,
        lines=[line for each in chosen for line in _lines(history, each)],
        draw=partial(_draw, history, chosen, footer),
    )


def left_out(verdict: Verdict, most: int = MOST_PANELS) -> str:
    """A sentence on what the figure has no room for; empty if it shows everything."""
    missing = len(verdict.judged) - most
    return f" {count(missing, 'more benchmark')} not shown: choose with --select." if missing > 0 else ""


_COLUMNS = (
    *("benchmark", "conditions", "run", "started", "commit", "dirty", "counts", "baseline"),
    *("median_seconds", "p10_seconds", "p90_seconds", "of_limit", "level_seconds", "change"),
)


def _lines(history: History, each: Judged) -> list[dict[str, str | float | int]]:
    changes = {change.after: change.ratio for change in each.changes}
    lines = []
    for point in each.series.points:
        run = history.runs[point.place]
        level = next((level.seconds for level in each.levels if level.first <= point.place <= level.last), "")
        lines.append(
            {
                "benchmark": each.series.name.text,
                "conditions": each.series.apart,
                "run": run.name,
                "started": run.started,
                "commit": run.commit,
                "dirty": "" if run.dirty is None else int(run.dirty),
                "counts": int(point.counts),
                "baseline": int(point.place in history.baseline_places),
                "median_seconds": point.row.median,
                "p10_seconds": point.row.p10,
                "p90_seconds": point.row.p90,
                "of_limit": "" if point.row.of_limit is None else point.row.of_limit,
                "level_seconds": level,
                "change": changes.get(point.place, ""),
            }
        )
    return lines


def _draw(history: History, chosen: Sequence[Judged], footer: str, theme: Theme) -> Picture:
    columns = 1 if len(chosen) == 1 else 2
    rows = -(-len(chosen) // columns)
    height = 1.12 + rows * (_PANEL + _NAME) + _LABELS
    canvas = Canvas(theme, "time of a call, run by run", footer, height=height)
    canvas.figure.text(
        (WIDTH - 0.12) / WIDTH,
        (height - 0.14) / height,
        "◆ baseline    ○ disturbed    | change",
        va="top",
        ha="right",
        fontsize=SMALL,
        color=theme.quiet,
    )
    names = [each.series.name for each in chosen]
    canvas.key(list(dict.fromkeys(name.implementation for name in names)))
    one_operation = len({name.operation for name in names}) == 1
    width = (WIDTH - _LEFT - 0.15 - _GAP * (columns - 1)) / columns
    room = canvas.room - 0.05
    for i, each in enumerate(chosen):
        row, column = divmod(i, columns)
        left = _LEFT + column * (width + _GAP)
        top = row * (_PANEL + _NAME) + _NAME
        axes = canvas.axes(left, left + width, bottom=room - top - _PANEL, top=top)
        _panel(axes, history, each, theme)
        title = each.series.title
        axes.set_title(
            _fitting(title.partition("/")[2] if one_operation else title, int(width / 0.078)),
            loc="left",
            fontsize=SMALL - 0.5,
            color=theme.text,
            pad=4,
        )
        axes.tick_params(axis="x", labelbottom=i + columns >= len(chosen))
        _commits(axes, history, each, width, theme)
    return canvas.figure


def _fitting(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _panel(axes: Axes, history: History, each: Judged, theme: Theme) -> None:
    _scales(axes, history, each)
    ink = colour(each.series.name.implementation, theme)
    low, high = axes.get_ylim()
    for point in each.series.points:
        row = point.row
        axes.plot([point.place] * 2, [row.p10, row.p90], color=ink, linewidth=0.9, alpha=0.8, zorder=2)
        face = ink if point.counts else theme.page
        seen = min(max(row.median, low + 0.04 * (high - low)), high - 0.04 * (high - low))
        mark = "o" if seen == row.median else "^" if seen < row.median else "v"
        axes.plot([point.place], [seen], mark, markersize=3.6, mfc=face, mec=ink, mew=0.9, zorder=4)
    for level in each.levels:
        ends = [level.first - 0.3, level.last + 0.3]
        axes.plot(ends, [level.seconds] * 2, color=ink, linewidth=2, alpha=0.8, zorder=3)
    _changes(axes, each, theme)
    _baseline(axes, history, each, theme)


def _scales(axes: Axes, history: History, each: Judged) -> None:
    """Every level is in sight, and all but the oddest times: one spike must not make a line of the others."""
    seconds = [point.row.median for point in each.series.counted or each.series.points]
    levels = [level.seconds for level in each.levels]
    low, high = min([quantile(seconds, 0.05), *levels]), max([quantile(seconds, 0.95), *levels])
    spare = max(_LEAST_RANGE * high - (high - low), 0.3 * (high - low)) / 2
    axes.set_ylim(low - spare, high + 1.8 * spare)  # above: the changes' numbers
    axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: duration(value)))
    axes.set_xlim(-0.8, len(history.runs) - 0.2)
    axes.tick_params(labelsize=TINY + 0.5)


def _changes(axes: Axes, each: Judged, theme: Theme) -> None:
    for change in each.changes:
        place = (change.before + change.after) / 2
        dash = (0, (3, 2)) if change.advisory else "solid"
        ink = theme.quiet if change.advisory else theme.text
        axes.axvline(place, color=ink, linewidth=1.1, linestyle=dash, zorder=1)
        on_the_right = place > 0.8 * axes.get_xlim()[1]
        axes.annotate(
            percent(change.ratio),
            (place, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-3 if on_the_right else 3, -1),
            textcoords="offset points",
            ha="right" if on_the_right else "left",
            va="top",
            fontsize=TINY + 0.5,
            weight="normal" if change.advisory else "bold",
            color=ink,
            bbox={"facecolor": theme.page, "edgecolor": "none", "pad": 0.5},
            zorder=5,
        )


def _baseline(axes: Axes, history: History, each: Judged, theme: Theme) -> None:
    places = history.baseline_places
    for point in each.series.points:
        if point.place in places:
            ink = {"mfc": theme.page, "mec": theme.text, "mew": 1.3}
            axes.plot([point.place], [point.row.median], "D", markersize=6, **ink, zorder=6)
    held = [level for level in each.levels if places and level.first <= places[-1]]
    if held:
        axes.plot(
            [places[-1], len(history.runs) - 0.3],
            [held[-1].seconds] * 2,
            color=theme.text,
            linewidth=1,
            linestyle=(0, (1, 1.5)),
            zorder=2.5,
        )


def _commits(axes: Axes, history: History, each: Judged, width: float, theme: Theme) -> None:
    """Commits as far as there is room, first those that matter: the baseline, what changed, the newest."""
    last = len(history.runs) - 1
    apart = 0.14 / (width / (last + 1.6))  # runs from one label to the next
    told = [*history.baseline_places, *(change.after for change in each.changes), last]
    places: list[int] = []
    for place in (*told, *range(last, -1, -1)):
        if all(abs(place - other) >= apart for other in places):
            places.append(place)
    axes.set_xticks(sorted(places), [history.runs[place].label for place in sorted(places)])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.tick_params(axis="x", rotation=90, labelsize=TINY, length=2, pad=1.5)
    axes.grid(False, axis="x")


def pick(judged: Sequence[Judged], most: int) -> tuple[Judged, ...]:
    """At most `most`: first what is slower than the baseline, then what changed, then of each implementation the widest
    instruction set on one shape after the other; what the newest runs no longer measure comes last. In order of their
    names."""
    newest = max((each.series.points[-1].place for each in judged), default=0)
    turns: dict[tuple[str, str], int] = {}
    ranked = []
    for each in sorted(judged, key=lambda each: _wide_first(each.series)):
        name = each.series.name
        turn = turns[name.operation, name.implementation] = turns.get((name.operation, name.implementation), -1) + 1
        told = not each.regressed, not any(not change.advisory for change in each.changes)
        alive = each.series.points[-1].place == newest
        ranked.append(((*told, not alive, not each.series.ours, turn), each))
    chosen = [each for _, each in sorted(ranked, key=lambda pair: pair[0])[:most]]
    return tuple(sorted(chosen, key=lambda each: _order(each.series)))


def _wide_first(series: Series) -> tuple[str, str, int]:
    of_set = variant_order(f"_/{series.name.isa}")
    return series.name.operation, series.name.implementation, -of_set[-1]


def _order(series: Series) -> tuple[object, ...]:
    name = series.name
    return (
        name.operation,
        variant_order(name.variant),
        [_lengths(size) for _, size in name.axes],
        name.threads,
        series.points[0].place,
    )


def _lengths(size: Size) -> tuple[int, ...]:
    return size if isinstance(size, tuple) else (size,)
