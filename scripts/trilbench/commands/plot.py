"""scripts/plot: the figures of a run that lies there."""

from trilbench.commands.report import judged, resuming_command
from trilbench.measure.session import results
from trilbench.model.run import read_manifest
from trilbench.options.plot import PlotOptions
from trilbench.paths import shown
from trilbench.render.figures import Choice, make_figures
from trilbench.setup.tools import say
from trilbench.stop import Exit, Stop


def main(options: PlotOptions) -> Exit:
    """Runs the command. An interrupted run is drawn as far as it got."""
    manifest = read_manifest(options.folder)
    measured = results(options.folder, manifest)
    manifest = judged(manifest, measured, resuming_command(options.folder))
    rows = [row for result in measured for row in result.rows]
    if not rows:
        raise Stop(f"nothing was measured in {shown(options.folder)}", Exit.NOTHING_MATCHED)
    check(options, {row.name.operation for row in rows}, {row.name.threads for row in rows})
    if options.baseline and options.baseline not in (ways := sorted({row.name.way for row in rows})):
        raise Stop(f"the run has no way '{options.baseline}'; it has: {', '.join(ways)}", Exit.NOTHING_MATCHED)
    choice = Choice(
        kinds=options.figures or Choice.kinds,
        operations=options.operations,
        threads=options.threads,
        baseline=options.baseline,
        formats=options.formats,
        dark=options.dark,
        light=options.light,
    )
    figures = make_figures(rows, manifest, options.out or options.folder / "figures", say, choice)
    if not figures:
        raise Stop("there is nothing to draw", Exit.NOTHING_MATCHED)
    for figure in figures:
        for file in (figure.svg, figure.svg_dark, figure.png, figure.png_dark):
            theme = options.dark if file.stem.endswith("-dark") else options.light
            if theme and file.suffix[1:] in options.formats:
                print(shown(file))
        print(shown(figure.csv))
    return Exit.FINE


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
