"""The variables that steer every program of Google Benchmark's: BENCHMARK_FILTER is --benchmark_filter. The scripts
say themselves what a program is to do, so that a variable left over from elsewhere would only spoil what they read."""

import functools
import os

from trilbench.setup.tools import say

_FLAGS = (
    *("list_tests", "filter", "min_time", "min_warmup_time", "repetitions", "dry_run", "enable_random_interleaving"),
    *("report_aggregates_only", "display_aggregates_only", "format", "out", "out_format", "color"),
    *("counters_tabular", "perf_counters", "context", "time_unit"),
)
GOOGLE_BENCHMARK = (*(f"BENCHMARK_{flag.upper()}" for flag in _FLAGS), "V")  # V is --v, how much it says


def environment() -> dict[str, str]:
    """What the programs see: this process's variables without those, which are named once."""
    aside = tuple(name for name in GOOGLE_BENCHMARK if name in os.environ)
    if aside:
        _name(aside)
    return {name: value for name, value in os.environ.items() if name not in aside}


@functools.cache
def _name(variables: tuple[str, ...]) -> None:
    say(f"without effect here: {', '.join(variables)}; flags for the programs follow after --")
