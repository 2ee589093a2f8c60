"""What cannot be asked of a comparison."""

import inspect

from trilbench.again.plot_options import PlotOptions
from trilbench.again.report_options import ReportOptions
from trilbench.options import Choosing, spelt
from trilbench.paths import HISTORY, shown
from trilbench.stop import Stop

_OF_RUNS = (*inspect.get_annotations(Choosing), "history", "baseline")


def refuse_choice(options: ReportOptions | PlotOptions) -> None:
    """Raises Stop if something was asked for that only runs have: what is ignored in silence is taken for done. A
    comparison is judged, and so shown, as a whole: fewer benchmarks would be another judgement."""
    if asked := [field for field in _OF_RUNS if getattr(options, field, None) not in (None, "", (), HISTORY)]:
        raise Stop(f"{shown(options.folder)} is a comparison, which is shown whole: {spelt(asked[0])} is for runs")
