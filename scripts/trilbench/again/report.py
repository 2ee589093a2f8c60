"""scripts/report: makes the outputs of a run or a comparison that lies there anew."""

from trilbench.again.report_options import ReportOptions
from trilbench.again.whole import refuse_choice
from trilbench.compare import outputs as comparison
from trilbench.compare import page
from trilbench.compare.record import FILE, is_comparison, read_comparison
from trilbench.history.figure import history_figure
from trilbench.history.section import section
from trilbench.history.series import series_of
from trilbench.history.store import machine_keys, read_history
from trilbench.history.verdict import Rule, judge
from trilbench.machine.key import machine_of
from trilbench.paths import HISTORY, shown
from trilbench.report.page import Past
from trilbench.report.publish import present, read_run
from trilbench.report.template import write_pictures
from trilbench.results.run import Manifest
from trilbench.stop import Exit, Stop


def main(options: ReportOptions) -> Exit:
    """Makes everything anew but the manifest or compare.json, which is what was measured."""
    if is_comparison(options.folder):
        refuse_choice(options)
        found = read_comparison(options.folder / FILE)
        if options.draw:
            write_pictures(options.folder, page.draw(found, *comparison.judge(found)))
        return comparison.present(options.folder, found)[1]
    manifest, rows = read_run(options.folder)
    chosen = {row.name for row in options.of(rows)}
    past = history(options, manifest)
    fine = present(options.folder, manifest, rows, past, options.draw, chosen)
    return Exit.FINE if fine and rows else Exit.TOOL_FAILED


def history(options: ReportOptions, manifest: Manifest) -> Past | None:
    """The history of the run's machine and the chosen benchmarks, judged and drawn; None if there is none where it is
    usually kept. Raises Stop if there is none where it was said to be."""

    folder = options.history or HISTORY
    key = machine_of(manifest.environment).key
    if key not in machine_keys(folder):
        if options.history:
            raise Stop(f"{shown(folder)} knows nothing of the machine {key}", Exit.NOTHING_MATCHED)
        return None
    known, rule = read_history(folder, key), Rule()
    verdict = judge(known, rule, [series for series in series_of(known.runs) if options.chooses(series.name)])
    return section(known, verdict, rule, history_figure(known, verdict))
