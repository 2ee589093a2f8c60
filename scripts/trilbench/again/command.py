"""scripts/plot and scripts/report: the figures, the page and the tables of a run or a comparison that lies there."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trilbench.commands import COMPARISON, PlotOptions, ReportOptions, is_comparison
from trilbench.compare import page
from trilbench.compare.record import read_comparison
from trilbench.compare.verdict import outcome
from trilbench.history.figure import history_figure
from trilbench.history.store import machine_keys, read_history
from trilbench.history.text import section
from trilbench.history.verdict import Rule, Verdict, judge
from trilbench.machine.key import machine_of
from trilbench.options import Choosing
from trilbench.paths import HISTORY, shown
from trilbench.report import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE
from trilbench.report.figures.make import Choice, Figure, make_figures, print_files
from trilbench.report.publish import present, read_run
from trilbench.report.template import write_pictures
from trilbench.results.run import Manifest
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


def main(options: PlotOptions | ReportOptions) -> Exit:
    """Runs the command. An interrupted run is shown as far as it got."""
    return plot(options) if isinstance(options, PlotOptions) else report(options)


def report(options: ReportOptions) -> Exit:
    """Makes everything anew but the manifest or compare.json, which is what was measured."""
    if is_comparison(options.folder):
        comparison = read_comparison(options.folder / COMPARISON)
        if options.draw:
            write_pictures(options.folder, page.draw(outcome(comparison)))
        return page.present(options.folder, comparison)[1]
    manifest, rows = read_run(options.folder)
    chosen = {row.name for row in options.of(rows)}
    past = None
    if found := judged_history(manifest, options, options.history or HISTORY):
        past = section(found, history_figure(found))
    elif options.history:
        key = machine_of(manifest.environment).key
        raise Stop(f"{shown(options.history)} knows nothing of the machine {key}", Exit.NOTHING_MATCHED)
    fine = present(options.folder, manifest, rows, past, options.draw, chosen)
    return Exit.FINE if fine and rows else Exit.TOOL_FAILED


def plot(options: PlotOptions) -> Exit:
    """Draws the figures that were asked for, or all."""
    choice = Choice(
        kinds=tuple(kind for kind in options.figures or FIGURES if kind in FIGURES),
        threads=options.threads,
        baseline=options.baseline,
        formats=options.formats,
        dark=options.dark,
        light=options.light,
    )
    figures = (of_comparison if is_comparison(options.folder) else of_run)(options, choice)
    if not figures:
        raise Stop("there is nothing to draw", Exit.NOTHING_MATCHED)
    print_files(figures, options.out or options.folder / "figures", choice)
    return Exit.FINE


def of_comparison(options: PlotOptions, _: Choice) -> Sequence[Figure]:
    """The one figure that a comparison has."""
    refuse(options, [*FIGURES, HISTORY_FIGURE], "a comparison")
    comparison = read_comparison(options.folder / COMPARISON)
    return page.draw(outcome(comparison))


def of_run(options: PlotOptions, choice: Choice) -> Sequence[Figure]:
    """The figures of a run, and that of its machine's history if it is asked for by name."""
    refuse(options, [COMPARISON_FIGURE], "a run")
    manifest, rows = read_run(options.folder)
    if not rows:
        raise Stop(f"nothing was measured in {shown(options.folder)}", Exit.NOTHING_MATCHED)
    for what, asked, there in (
        ("operation '{}'", options.operations, {row.name.operation for row in rows}),
        ("rows on {} threads", options.threads, {row.name.threads for row in rows}),
        ("variant '{}'", filter(None, [options.baseline]), {row.name.variant for row in rows}),
    ):
        for name in asked:
            if name not in there:
                has = ", ".join(map(str, sorted(there)))
                raise Stop(f"the run has no {what.format(name)}; it has: {has}", Exit.NOTHING_MATCHED)
    wanted = dict.fromkeys(row.name.operation for row in rows if options.chooses(row.name))
    chosen = {row.name for row in options.of(rows)}
    figures = [*make_figures(rows, manifest, replace(choice, operations=tuple(wanted), chosen=chosen), say)]
    if HISTORY_FIGURE in options.figures:
        if found := judged_history(manifest, options, options.history):
            figures += filter(None, [history_figure(found)])
        else:
            key = machine_of(manifest.environment).key
            say(f"no figure history: {shown(options.history)} holds no runs of {key}")
    return figures


def judged_history(manifest: Manifest, options: Choosing, folder: Path) -> Verdict | None:
    """The history of the run's machine and the chosen benchmarks, judged; None if the folder holds none of it."""
    key = machine_of(manifest.environment).key
    return judge(read_history(folder, key), Rule(), options.chooses) if key in machine_keys(folder) else None


def refuse(options: PlotOptions, figures: Sequence[str], what: str) -> None:
    """Raises Stop if one of these figures was asked for, of which the folder has none."""
    if wrong := [name for name in options.figures if name in figures]:
        raise Stop(f"{shown(options.folder)} is {what}, which has no figure '{wrong[0]}'", Exit.NOTHING_MATCHED)
