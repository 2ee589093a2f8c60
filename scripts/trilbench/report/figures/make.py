"""From a run's rows to its figures: specifications in Vega-Lite, and the files that are made of them."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.report import DEFAULT
from trilbench.report.curves import cache_bytes
from trilbench.report.figures.against_t import share, speedup, time
from trilbench.report.figures.bandwidth import bandwidth
from trilbench.report.figures.chart import SHOWN, SMALL, TOLD, WIDTH, Drawing, Nothing, Row, Spec, told, wrapped
from trilbench.report.figures.palette import DARK, LIGHT, Theme, both
from trilbench.report.figures.panels import samples, threads
from trilbench.report.figures.roofline import roofline
from trilbench.report.figures.winner import winner
from trilbench.report.summary import csv_text
from trilbench.report.table import Table, make_tables
from trilbench.results.names import MACHINE, BenchmarkName
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest
from trilbench.results.units import count
from trilbench.stop import Stop


@dataclass(frozen=True)
class Figure:
    """A figure: its words, its specification without a theme's colours, and the lines of its CSV."""

    name: str  # causal_mean-time-omp1
    title: str
    caption: str
    alt: str
    operation: str  # empty: it is not of one
    threads: int  # the least, if it is of several numbers
    spec: Spec
    columns: Sequence[str]
    lines: Sequence[Row]
    inks: Sequence[tuple[str, str]]  # of the key's names: for light pages and for dark ones


@dataclass(frozen=True)
class Choice:
    """What to make; by default four figures of an operation and one of the machine."""

    kinds: tuple[str, ...] = DEFAULT
    operations: tuple[str, ...] = ()  # empty: all
    threads: tuple[int, ...] = ()  # empty: all
    chosen: Collection[BenchmarkName] | None = None  # None: all; the others are what speed-ups are over
    baseline: str = ""  # a variant, as running_sum/avx2; empty: the tables' own
    formats: tuple[str, ...] = ("svg", "png")
    dark: bool = True
    light: bool = True


def make_figures(
    rows: Sequence[RowResult],
    manifest: Manifest,
    choice: Choice | None = None,
    report: Callable[[str], None] | None = None,
) -> tuple[Figure, ...]:
    """The figures that a run has data for. `report` is told in a sentence of each that is left out for want of it."""
    choice = choice or Choice()
    tables, whole = make_tables(rows, choice.chosen), make_tables(rows)
    made: list[Figure] = []
    for table in tables:
        if choice.operations and table.operation not in choice.operations:
            continue
        if choice.threads and table.threads not in choice.threads:
            continue
        for kind in choice.kinds:
            of_all = kind == "threads"  # one figure of all numbers of threads
            name = f"{_file_name(table.operation)}-{kind}{'' if of_all else f'-omp{table.threads}'}"
            if (kind == "bandwidth") != (table.operation == MACHINE) or any(each.name == name for each in made):
                continue
            drawing = _drawing(kind, table, tables, whole, rows, manifest, choice.baseline)
            if isinstance(drawing, Drawing):
                made.append(figure(name, drawing, footer(table, manifest, of_all), table.operation, table.threads))
            elif report:
                report(f"no figure {kind} of {table.operation}, {count(table.threads, 'thread')}: {drawing.reason}")
    return tuple(made)


def _drawing(
    kind: str,
    table: Table,
    tables: Sequence[Table],
    whole: Sequence[Table],
    rows: Sequence[RowResult],
    manifest: Manifest,
    baseline: str,
) -> Drawing | Nothing:
    """Of one of the `tables`, which hold what was chosen of the `whole` ones."""
    known = manifest.environment.get("caches")
    caches = cache_bytes(known if isinstance(known, dict) else {}, table.threads)
    machine = next((each for each in tables if (each.operation, each.threads) == (MACHINE, table.threads)), None)
    own, of_all = ([each for each in some if each.operation == table.operation] for some in (tables, whole))
    bases = next(each for each in of_all if each.threads == table.threads)
    makers: dict[str, Callable[[], Drawing | Nothing]] = {
        "time": lambda: time(table, caches),
        "share": lambda: share(table, caches),
        "winner": lambda: winner(table, caches),
        "roofline": lambda: roofline(table, machine, caches),
        "bandwidth": lambda: bandwidth(table, caches),
        "speedup": lambda: speedup(table, (baseline,) if baseline else table.baselines, bases, caches),
        "threads": lambda: threads(own, of_all, caches),
        "samples": lambda: samples(table, rows, caches),
    }
    return makers[kind]()


def _file_name(operation: str) -> str:
    """The operation's name, whatever a file claims it to be, in letters that every file system takes."""
    return re.sub(r"[^A-Za-z0-9_]", "_", operation)[:60]


def footer(table: Table, manifest: Manifest, of_all: bool = False) -> str:
    """What, where, when and from which sources; what is not known is left out."""
    environment = manifest.environment
    program = environment.get("program")
    commit = str(environment.get("git_commit") or "")
    dirty = " with changes" if environment.get("git_dirty") else ""
    parts = (
        table.operation,
        environment.get("cpu"),
        count(environment["cores"], "core") if isinstance(environment.get("cores"), int) else None,
        None if of_all else count(table.threads, "thread"),
        manifest.started[:10],
        program.get("compiler") if isinstance(program, dict) else None,
        f"commit {commit[:9]}{dirty}" if commit and commit != "unknown" else None,
    )
    return " · ".join(str(part) for part in parts if part)


def figure(name: str, drawing: Drawing, subtitle: str, operation: str = "", threads: int = 1) -> Figure:
    """The whole specification: what the drawing brings, and what all figures share."""
    names = TOLD | dict(drawing.told or {})
    have = set().union(*drawing.rows)
    tooltip = [{"field": key, "title": title} for key, title in names.items() if key in have]
    views = [_view(view, WIDTH - drawing.beside, tooltip) for view in drawing.views]
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": drawing.alt,
        "title": {"text": drawing.title, "subtitle": wrapped(subtitle), "limit": {"expr": "outer"}},
        "usermeta": {"beside": drawing.beside},  # what a view's width lacks of the figure's
        "params": [
            {"name": "outer", "value": WIDTH},
            {"name": "hidden", "select": {"type": "point", "fields": [drawing.key], "toggle": "true"}}
            | {"bind": "legend", "views": ["marks"]},
        ],
        "data": {"name": "points"},
        "datasets": {"points": [_marks(row) | told(row, names) for row in drawing.rows]},
        "spacing": 26,
        "vconcat": views,
    }
    columns = [key for key in dict.fromkeys(key for row in drawing.rows for key in row) if not key.startswith("_")]
    lines = [line for row in drawing.rows if (line := {key: row[key] for key in columns if key in row})]
    inks = drawing.inks or [both(each) for each in drawing.names]
    return Figure(name, drawing.title, drawing.caption, drawing.alt, operation, threads, spec, columns, lines, inks)


def _view(view: Spec, width: int, tooltip: Sequence[Spec]) -> Spec:
    """A view that hides what is hidden, and tells of each mark."""
    if "spec" in view:  # panels
        return view | {"spec": _view(view["spec"], view["spec"]["width"], tooltip)}
    layers = []
    for layer in view["layer"]:
        tells = layer["mark"]["type"] in ("point", "rect", "bar") and "data" not in layer
        layers.append(layer | {"encoding": layer["encoding"] | ({"tooltip": tooltip} if tells else {})})
    return {"width": width} | view | {"transform": [*view.get("transform", []), SHOWN], "layer": layers}


def _marks(row: Row) -> Row:
    """What the marks need; six digits are more than a screen shows."""
    return {
        key: float(f"{value:.6g}") if isinstance(value, float) else value
        for key, value in row.items()
        if key.startswith("_")
    }


def themed(figure: Figure, theme: Theme) -> Spec:
    """The specification with the theme's colours, as Vega-Lite draws it."""
    return figure.spec | {"config": config(theme, figure.inks)}


def config(theme: Theme, inks: Sequence[tuple[str, str]] = ()) -> Spec:
    """A theme as Vega-Lite's configuration."""
    text, quiet, line = theme.text, theme.quiet, theme.line
    letters = {"fontSize": SMALL, "color": text}
    return {
        "background": theme.page,
        "padding": 8,
        "font": "Arial, Helvetica, Liberation Sans, sans-serif",
        "range": {"category": [ink[theme is DARK] for ink in inks]},
        "view": {"stroke": None},
        "title": {"anchor": "start", "color": text, "fontSize": 15, "subtitleColor": quiet, "subtitleFontSize": SMALL}
        | {"offset": 10, "subtitlePadding": 4},
        "axis": {"labelColor": text, "titleColor": text, "domainColor": quiet, "tickColor": quiet, "gridColor": line}
        | {"labelFontSize": SMALL, "titleFontSize": 12, "titleFontWeight": "normal", "labelPadding": 4},
        "axisLeft": {"minExtent": 38, "maxExtent": 38, "titlePadding": 2},
        "legend": {"orient": "top", "direction": "horizontal", "title": None, "labelColor": text, "labelLimit": 170}
        | {"labelFontSize": 12, "symbolSize": 70, "unselectedOpacity": 1, "symbolFillColor": text, "columnPadding": 14}
        | {"symbolStrokeWidth": 0, "layout": {"top": {"direction": "vertical", "anchor": "start", "margin": 6}}},
        "header": {"labelColor": text, "labelFontSize": 12, "labelAnchor": "start"},
        "style": {
            "words": letters,
            "quiet": letters | {"color": quiet},
            "on-mark": letters | {"color": theme.page},
            "halo": letters | {"fill": theme.page, "stroke": theme.page, "strokeWidth": 4},
            "rule": {"color": text, "strokeWidth": 1.2},
            "guide": {"color": quiet, "strokeWidth": 1, "strokeDash": [5, 3]},
            "roof": {"color": quiet, "strokeWidth": 1.3},
            "band": {"color": theme.shade, "strokeWidth": 0},
            "floor": {"color": theme.line, "strokeWidth": 0},
            "edged": {"stroke": theme.page},
        },
    }


def write_files(figure: Figure, folder: Path, choice: Choice) -> list[Path]:
    """Writes the pictures that were asked for and the data behind them into the folder, which is made if it is missing.
    Raises Stop if a file cannot be written."""
    import vl_convert

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"cannot make {shown(folder)}: {error.strerror}") from error
    written = [folder / f"{figure.name}.csv"]
    write_whole(written[0], csv_text(list(figure.columns), list(figure.lines)))
    for theme, wanted in ((LIGHT, choice.light), (DARK, choice.dark)):
        for kind in choice.formats if wanted else ():
            path = folder / f"{figure.name}{'' if theme is LIGHT else '-dark'}.{kind}"
            spec = themed(figure, theme)
            if kind == "svg":
                write_whole(path, vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
            else:
                write_whole(path, vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
            written.append(path)
    return written


def print_files(figures: Iterable[Figure], folder: Path, choice: Choice) -> None:
    """Writes all figures and names their files."""
    for each in figures:
        for path in write_files(each, folder, choice):
            print(shown(path))
