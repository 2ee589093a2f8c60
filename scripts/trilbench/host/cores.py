"""How many cores there are for us."""

import os


def usable() -> int:
    """Those that this process may run on; where the system does not tell (macOS), all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
