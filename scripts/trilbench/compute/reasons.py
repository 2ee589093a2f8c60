"""What was left out or failed, folded for people."""

from collections.abc import Iterable

from trilbench.model.name import parse_name
from trilbench.model.run import NamedReason


def by_reason(rows: Iterable[NamedReason]) -> dict[str, list[str]]:
    """For each reason what it stopped, one line for each way: causal_mean/prefix_mean/avx512 at 8x256x64, 8x1024x64."""
    reasons: dict[str, list[str]] = {}
    for row in rows:
        reasons.setdefault(row.reason, []).append(row.name)
    return {reason: _folded(names) for reason, names in reasons.items()}


def _folded(names: Iterable[str]) -> list[str]:
    shapes: dict[str, list[str]] = {}
    for name in names:
        try:
            row = parse_name(name)
        except ValueError:  # a program's name
            shapes.setdefault(name, [])
        else:
            shapes.setdefault(f"{row.operation}/{row.way}", []).append(row.shape)
    return [f"{what} at {', '.join(dict.fromkeys(at))}" if at else what for what, at in shapes.items()]
