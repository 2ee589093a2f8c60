"""scripts/plot: the figures of a run or a comparison that lies there."""

from collections.abc import Sequence
from dataclasses import replace

from trilbench.again.plot_options import PlotOptions
from trilbench.again.whole import refuse_choice
from trilbench.compare import outputs as comparison_command
from trilbench.compare.record import FILE, is_comparison, read_comparison
from trilbench.history.series import series_of
from trilbench.history.store import machine_keys, read_history
from trilbench.history.verdict import Rule, judge
from trilbench.machine.key import machine_of
from trilbench.paths import shown
from trilbench.report.figures.make import Choice, Figure, make_figures, print_files
from trilbench.report.kinds import COMPARISON_FIGURE, FIGURES, HISTORY_FIGURE
from trilbench.report.publish import read_run
from trilbench.results.run import Manifest
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


def main(options: PlotOptions) -> Exit:
    """Runs the command. An interrupted run is drawn as far as it got."""
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


def of_run(options: PlotOptions, choice: Choice) -> tuple[Figure, ...]:
    """The figures of a run, and that of its machine's history if it is asked for by name."""
    refuse(options, [COMPARISON_FIGURE], "a run")
    manifest, rows = read_run(options.folder)
    if not rows:
        raise Stop(f"nothing was measured in {shown(options.folder)}", Exit.NOTHING_MATCHED)
    check(options, {row.name.operation for row in rows}, {row.name.threads for row in rows})
    if options.baseline and options.baseline not in (variants := sorted({row.name.variant for row in rows})):
        raise Stop(f"the run has no variant '{options.baseline}'; it has: {', '.join(variants)}", Exit.NOTHING_MATCHED)
    wanted = dict.fromkeys(row.name.operation for row in rows if options.chooses(row.name))
    chosen = {row.name for row in options.of(rows)}
    figures = make_figures(rows, manifest, replace(choice, operations=tuple(wanted), chosen=chosen), say)
    return (*figures, *history(manifest, options)) if HISTORY_FIGURE in options.figures else figures


def of_comparison(options: PlotOptions, choice: Choice) -> tuple[Figure, ...]:
    """The one figure that a comparison has."""
    from trilbench.compare.figure import comparison_figure

    refuse(options, [*FIGURES, HISTORY_FIGURE], "a comparison")
    refuse_choice(options)
    comparison = read_comparison(options.folder / FILE)
    outcome, rule = comparison_command.judge(comparison)
    figure = comparison_figure(comparison, outcome, rule)
    return (figure,) if figure else ()


def history(manifest: Manifest, options: PlotOptions) -> tuple[Figure, ...]:
    """The figure of the runs that the history keeps of the run's machine, if it does."""
    from trilbench.history.figure import history_figure

    key = machine_of(manifest.environment).key
    if key not in machine_keys(options.history):
        say(f"no figure history: {shown(options.history)} holds no runs of {key}")
        return ()
    found = read_history(options.history, key)
    of_run = [series for series in series_of(found.runs) if options.chooses(series.name)]
    figure = history_figure(found, judge(found, Rule(), of_run))
    return (figure,) if figure else ()


def refuse(options: PlotOptions, figures: Sequence[str], what: str) -> None:
    """Raises Stop if one of these figures was asked for, of which the folder has none."""
    if wrong := [name for name in options.figures if name in figures]:
        raise Stop(f"{shown(options.folder)} is {what}, which has no figure '{wrong[0]}'", Exit.NOTHING_MATCHED)


def check(options: PlotOptions, operations: set[str], threads: set[int]) -> None:
    """Raises Stop if the run has none of what was asked for by name."""
    for name in options.operations:
        if name not in operations:
            there = ", ".join(sorted(operations))
            raise Stop(f"the run has no operation '{name}'; it has: {there}", Exit.NOTHING_MATCHED)
    for number in options.threads:
        if number not in threads:
            there = ", ".join(map(str, sorted(threads)))
            raise Stop(f"the run has no rows on {number} threads; it has: {there}", Exit.NOTHING_MATCHED)
