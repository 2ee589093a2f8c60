"""From a run's rows to the files of its figures."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.report.curves import cache_bytes
from trilbench.report.figures.palette import DARK, LIGHT, Theme
from trilbench.report.kinds import FIGURES
from trilbench.report.summary import csv_text
from trilbench.report.table import Table, make_tables
from trilbench.results.names import MACHINE
from trilbench.results.rows import RowResult
from trilbench.results.run import Manifest
from trilbench.results.units import count
from trilbench.stop import Stop

if TYPE_CHECKING:
    from trilbench.report.figures.drawing import Drawing, Nothing

_OF_ALL_THREADS = ("threads",)  # one figure for all numbers of threads


@dataclass(frozen=True)
class Figure:
    """A figure's words and its files. Files that were not asked for are not there."""

    name: str  # causal_mean-time-omp1
    title: str
    caption: str
    alt: str
    svg: Path
    svg_dark: Path
    png: Path
    png_dark: Path
    csv: Path
    operation: str = ""  # empty: it is not of one
    threads: int = 1  # the least, if it is of several numbers


@dataclass(frozen=True)
class Choice:
    """What to make; by default everything there is data for."""

    kinds: tuple[str, ...] = FIGURES
    operations: tuple[str, ...] = ()  # empty: all
    threads: tuple[int, ...] = ()  # empty: all
    baseline: str = ""  # a variant, as running_sum/avx2; empty: the tables' own
    formats: tuple[str, ...] = ("svg", "png")
    dark: bool = True
    light: bool = True


def make_figures(
    rows: Sequence[RowResult],
    manifest: Manifest,
    folder: Path,
    report: Callable[[str], None] | None = None,
    choice: Choice | None = None,
) -> tuple[Figure, ...]:
    """Draws into `folder`, which is made if it is missing. `report` is told in a sentence of each figure that is left
    out for want of data. Raises Stop if a file cannot be written."""
    from trilbench.report.figures import canvas

    choice = choice or Choice()
    tables = make_tables(rows)
    made = []
    for table in tables:
        if choice.operations and table.operation not in choice.operations:
            continue
        if choice.threads and table.threads not in choice.threads:
            continue
        for kind in _kinds_of(table, tables, choice):
            with canvas.style():
                drawing = _drawing(kind, table, tables, rows, manifest, choice.baseline)
                if reason := getattr(drawing, "reason", ""):
                    if report:
                        report(f"no figure {kind} of {table.operation}, {count(table.threads, 'thread')}: {reason}")
                    continue
                of_all = kind in _OF_ALL_THREADS
                name = f"{_file_name(table.operation)}-{kind}{'' if of_all else f'-omp{table.threads}'}"
                figure = write_figure(name, drawing, folder, choice)
                made.append(dataclasses.replace(figure, operation=table.operation, threads=table.threads))
    return tuple(made)


def _kinds_of(table: Table, tables: Sequence[Table], choice: Choice) -> Iterable[str]:
    """The kinds of figures that a table may have: the machine's limits have one of their own, and one figure shows all
    numbers of threads."""
    first = next(each for each in tables if each.operation == table.operation)
    for kind in choice.kinds:
        if (kind == "bandwidth") == (table.operation == MACHINE) and (kind not in _OF_ALL_THREADS or table is first):
            yield kind


def _drawing(
    kind: str,
    table: Table,
    tables: Sequence[Table],
    rows: Sequence[RowResult],
    manifest: Manifest,
    baseline: str,
) -> "Drawing | Nothing":
    from trilbench.report.figures.bandwidth import bandwidth
    from trilbench.report.figures.roofline import roofline
    from trilbench.report.figures.samples import samples
    from trilbench.report.figures.share import share
    from trilbench.report.figures.shares import shares
    from trilbench.report.figures.speedup import speedup
    from trilbench.report.figures.threads import threads
    from trilbench.report.figures.time_per_element import time_per_element
    from trilbench.report.figures.winner import winner

    foot = footer(table, manifest, of_all=kind in _OF_ALL_THREADS)
    known = manifest.environment.get("caches")
    caches = cache_bytes(known if isinstance(known, dict) else {}, table.threads)
    match kind:
        case "share":
            return share(table, caches, foot)
        case "time":
            return time_per_element(table, caches, foot)
        case "limit":
            return shares(table, foot)
        case "speedup":
            return speedup(table, (baseline,) if baseline else table.baselines, foot)
        case "winner":
            return winner(table, foot)
        case "roofline":
            limits = [each for each in tables if (each.operation, each.threads) == (MACHINE, table.threads)]
            return roofline(table, limits[0] if limits else None, caches, foot)
        case "threads":
            return threads([each for each in tables if each.operation == table.operation], foot)
        case "samples":
            return samples(table, rows, foot)
        case "bandwidth":
            return bandwidth(table, caches, foot)
    raise ValueError(kind)


def _file_name(operation: str) -> str:
    """The operation's name, whatever a file claims it to be, in letters that every file system takes."""
    return re.sub(r"[^A-Za-z0-9_]", "_", operation)[:60]


def write_figure(name: str, drawing: "Drawing", folder: Path, choice: Choice) -> Figure:
    from trilbench.report.figures.canvas import save

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"cannot make {shown(folder)}: {error.strerror}") from error
    figure = Figure(
        name=name,
        title=drawing.title,
        caption=drawing.caption,
        alt=drawing.alt,
        svg=folder / f"{name}.svg",
        svg_dark=folder / f"{name}-dark.svg",
        png=folder / f"{name}.png",
        png_dark=folder / f"{name}-dark.png",
        csv=folder / f"{name}.csv",
    )
    write_whole(figure.csv, csv_text(list(drawing.columns), list(drawing.lines)))
    files: list[tuple[Theme, bool, Path, Path]] = [
        (LIGHT, choice.light, figure.svg, figure.png),
        (DARK, choice.dark, figure.svg_dark, figure.png_dark),
    ]
    for theme, wanted, svg, png in files:
        if wanted:
            drawn = drawing.draw(theme)
            for path in (svg, png):
                if path.suffix[1:] in choice.formats:
                    save(drawn, path)
    return figure


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


def print_files(figure: Figure, choice: Choice) -> None:
    """Names the files that were asked for, and the data behind them."""
    for file in (figure.svg, figure.svg_dark, figure.png, figure.png_dark):
        theme = choice.dark if file.stem.endswith("-dark") else choice.light
        if theme and file.suffix[1:] in choice.formats:
            print(shown(file))
    print(shown(figure.csv))
