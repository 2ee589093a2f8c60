"""From a run's rows to its figures: specifications in Vega-Lite, and the files that are made of them."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.report.curves import cache_bytes
from trilbench.report.figures.against_t import share, speedup, time
from trilbench.report.figures.bandwidth import bandwidth
from trilbench.report.figures.chart import HIDES, SMALL, WIDTH, Drawing, Nothing, Row, Spec, wrapped
from trilbench.report.figures.palette import DARK, LIGHT, Theme
from trilbench.report.figures.panels import samples, threads
from trilbench.report.figures.roofline import roofline
from trilbench.report.figures.winner import winner
from trilbench.report.kinds import DEFAULT, OF_ALL_THREADS
from trilbench.report.summary import csv_text
from trilbench.report.table import Table, make_tables
from trilbench.results.names import MACHINE
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
    inks: Sequence[tuple[str, str]]  # of the implementations: for light pages and for dark ones


@dataclass(frozen=True)
class Choice:
    """What to make; by default four figures of an operation and one of the machine."""

    kinds: tuple[str, ...] = DEFAULT
    operations: tuple[str, ...] = ()  # empty: all
    threads: tuple[int, ...] = ()  # empty: all
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
    tables = make_tables(rows)
    made = []
    for table in tables:
        if choice.operations and table.operation not in choice.operations:
            continue
        if choice.threads and table.threads not in choice.threads:
            continue
        for kind in _kinds_of(table, tables, choice):
            drawing = _drawing(kind, table, tables, rows, manifest, choice.baseline)
            if isinstance(drawing, Nothing):
                if report:
                    report(f"no figure {kind} of {table.operation}, {count(table.threads, 'thread')}: {drawing.reason}")
                continue
            of_all = kind in OF_ALL_THREADS
            name = f"{_file_name(table.operation)}-{kind}{'' if of_all else f'-omp{table.threads}'}"
            made.append(figure(name, drawing, footer(table, manifest, of_all), table.operation, table.threads))
    return tuple(made)


def _kinds_of(table: Table, tables: Sequence[Table], choice: Choice) -> Iterable[str]:
    """The kinds of figures that a table may have: the machine's limits have one of their own, and one figure shows all
    numbers of threads."""
    first = next(each for each in tables if each.operation == table.operation)
    for kind in choice.kinds:
        if (kind == "bandwidth") == (table.operation == MACHINE) and (kind not in OF_ALL_THREADS or table is first):
            yield kind


def _drawing(
    kind: str, table: Table, tables: Sequence[Table], rows: Sequence[RowResult], manifest: Manifest, baseline: str
) -> Drawing | Nothing:
    known = manifest.environment.get("caches")
    caches = cache_bytes(known if isinstance(known, dict) else {}, table.threads)
    match kind:
        case "time":
            return time(table, caches)
        case "share":
            return share(table, caches)
        case "winner":
            return winner(table, caches)
        case "roofline":
            limits = [each for each in tables if (each.operation, each.threads) == (MACHINE, table.threads)]
            return roofline(table, limits[0] if limits else None, caches)
        case "speedup":
            return speedup(table, (baseline,) if baseline else table.baselines, caches)
        case "threads":
            return threads([each for each in tables if each.operation == table.operation], caches)
        case "samples":
            return samples(table, rows, caches)
        case "bandwidth":
            return bandwidth(table, caches)
    raise ValueError(kind)


def _file_name(operation: str) -> str:
    """The operation's name, whatever a file claims it to be, in letters that every file system takes."""
    return re.sub(r"[^A-Za-z0-9_]", "_", operation)[:60]


def footer(table: Table, manifest: Manifest, of_all: bool = False) -> str:
    """What, where, when and from which sources; what is not known is left out."""
    environment = manifest.environment
    program = environment.get("program")
    compiler = program.get("compiler") if isinstance(program, dict) else None
    commit = str(environment.get("git_commit") or "")
    dirty = " with changes" if environment.get("git_dirty") else ""
    parts: Iterable[Any] = (
        table.operation,
        environment.get("cpu"),
        count(environment["cores"], "core") if isinstance(environment.get("cores"), int) else None,
        None if of_all else count(table.threads, "thread"),
        manifest.started[:10],
        compiler,
        f"commit {commit[:9]}{dirty}" if commit and commit != "unknown" else None,
    )
    return " · ".join(str(part) for part in parts if part)


def figure(name: str, drawing: Drawing, subtitle: str, operation: str = "", threads: int = 1) -> Figure:
    """The whole specification: what the drawing brings, and what all figures share."""
    spec: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": drawing.alt,
        "title": {"text": drawing.title, "subtitle": wrapped(subtitle), "limit": {"expr": "outer"}},
        "usermeta": {"beside": drawing.beside},  # what a view's width lacks of the figure's
        "params": [{"name": "outer", "value": WIDTH}, *([HIDES] if drawing.inks else [])],
        "datasets": {"points": [*drawing.points]},
        "data": {"name": "points"},
        "spacing": 26,
        "vconcat": [({"width": WIDTH - drawing.beside} if "layer" in view else {}) | view for view in drawing.views],
    }
    return Figure(
        name,
        drawing.title,
        drawing.caption,
        drawing.alt,
        operation,
        threads,
        spec,
        drawing.columns,
        drawing.lines,
        drawing.inks,
    )


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


def files(figure: Figure, folder: Path, choice: Choice) -> list[Path]:
    """What is written of it: the pictures that were asked for, and the data behind them."""
    ends = [end for end, wanted in (("", choice.light), ("-dark", choice.dark)) if wanted]
    pictures = [folder / f"{figure.name}{end}.{kind}" for kind in ("svg", "png") for end in ends]
    return [*(path for path in pictures if path.suffix[1:] in choice.formats), folder / f"{figure.name}.csv"]


def write_files(figure: Figure, folder: Path, choice: Choice) -> list[Path]:
    """Writes them into the folder, which is made if it is missing. Raises Stop if one cannot be written."""
    import vl_convert

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"cannot make {shown(folder)}: {error.strerror}") from error
    written = files(figure, folder, choice)
    for path in written:
        spec = themed(figure, DARK if path.stem.endswith("-dark") else LIGHT)
        if path.suffix == ".csv":
            write_whole(path, csv_text(list(figure.columns), list(figure.lines)))
        elif path.suffix == ".svg":
            write_whole(path, vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
        else:
            write_whole(path, vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
    return written


def print_files(figures: Iterable[Figure], folder: Path, choice: Choice) -> None:
    """Writes all figures and names their files."""
    for each in figures:
        for path in write_files(each, folder, choice):
            print(shown(path))
