"""What makes a measurement doubtful."""

from collections.abc import Mapping, Sequence
from typing import Any

from trilbench.compute.statistics import summarise
from trilbench.model.result import RowResult

BUSY_CORES = 0.5
NOISY_SPREAD = 0.10


def warnings(rows: Sequence[RowResult], state_before: Mapping[str, Any], context: Mapping[str, Any]) -> list[str]:
    """One line for each reason to doubt the times; the state is host.moment's, the context Google Benchmark's."""
    found = []
    busy = state_before.get("busy_cores")
    if isinstance(busy, int | float) and busy > BUSY_CORES:
        found.append(f"other programs kept {busy:.1f} cores busy before the run")
    build = context.get("trilbench_build_type", "Release")
    if build != "Release":
        found.append(f"this is a {build} build; only the release preset's timings count")
    if any("-fsanitize" in str(value) for value in context.values()):
        found.append("the program was built with sanitizers")
    spreads = {row.name.text: summarise([r.seconds for r in row.repetitions]).spread for row in rows if row.repetitions}
    noisy = [name for name, spread in spreads.items() if spread > NOISY_SPREAD]
    if noisy:
        worst = max(noisy, key=lambda name: spreads[name])
        found.append(
            f"{len(noisy)} of {len(spreads)} rows spread by more than {NOISY_SPREAD:.0%} between repetitions "
            f"(marked ~; worst {spreads[worst]:.0%}: {worst})"
        )
    return found
