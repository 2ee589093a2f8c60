"""The cores that this program and those that it starts may use."""

import os


def allowed() -> frozenset[int]:
    """The numbers of the CPUs; empty where the system does not tell, as macOS does not."""
    return frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else frozenset()


def allowed_count() -> int:
    """How many there are; at least one."""
    return len(allowed()) or os.cpu_count() or 1
