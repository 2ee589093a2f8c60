"""Which machine a run was measured on: what stays the same from boot to boot, and decides how fast it is.

Never a measured clock, which differs from run to run, nor the host's name or a date, which say nothing of the speed.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from msgspec import to_builtins

from trilbench.machine import UNKNOWN
from trilbench.results.documents import Document
from trilbench.results.units import count


class Machine(Document):
    """The facts behind a key."""

    cpu: str
    cores: int | str
    instruction_sets: str
    caches: Mapping[str, str]  # {"L2": "2048K, of 1 CPU"}
    hypervisor: str

    @property
    def key(self) -> str:
        """A name for a folder: what people recognise, then a hash of everything."""
        digest = hashlib.sha256(json.dumps(to_builtins(self), sort_keys=True).encode()).hexdigest()[:8]
        plain = re.sub(r"\((r|tm)\)", " ", self.cpu.lower())
        words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
        cores = re.sub(r"[^a-z0-9]+", "-", str(self.cores).lower())[:10]
        return f"{words}-{cores}-cores-{digest}"


def machine_of(environment: Mapping[str, Any]) -> Machine:
    """The machine of a manifest's `environment`. What it does not say is unknown."""
    cores = environment.get("cores")
    caches = environment.get("caches")
    return Machine(
        cpu=str(environment.get("cpu") or UNKNOWN),
        cores=cores if isinstance(cores, int) else UNKNOWN,
        instruction_sets=" ".join(sorted(str(environment.get("instruction_sets") or UNKNOWN).split())),
        caches={level: _cache(str(text)) for level, text in sorted(caches.items())} if isinstance(caches, dict) else {},
        hypervisor=str(environment.get("hypervisor") or UNKNOWN),
    )


def _cache(text: str) -> str:
    """`48K, shared by CPUs 0-3,8` as `48K, of 5 CPUs`: their numbers may differ from boot to boot."""
    size, _, cpus = text.partition(", shared by CPUs ")
    spans = [re.fullmatch(r"(\d+)(?:-(\d+))?", span) for span in cpus.split(",")]
    if not all(spans):
        return size
    number = sum(int(span[2] or span[1]) - int(span[1]) + 1 for span in spans if span)
    return f"{size}, of {count(number, 'CPU')}"
