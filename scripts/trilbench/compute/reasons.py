"""What was left out or failed, folded for people."""

import re
from collections.abc import Iterable, Sequence

from trilbench.model.name import parse_name
from trilbench.model.run import NamedReason

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])")


def by_reason(rows: Iterable[NamedReason]) -> dict[str, list[str]]:
    """For each reason what it stopped, one line for each way: causal_mean/prefix_mean/avx512 at 8x256x64, 8x1024x64.
    Reasons that differ in their numbers alone become one: a call takes 0.3 to 3.9 s."""
    alike: dict[str, list[NamedReason]] = {}
    for row in rows:
        alike.setdefault(_NUMBER.sub("#", row.reason), []).append(row)
    return {_merged([row.reason for row in group]): _folded(row.name for row in group) for group in alike.values()}


def _merged(reasons: Sequence[str]) -> str:
    columns = zip(*(_NUMBER.findall(reason) for reason in reasons), strict=True)
    ranges = ((min(numbers, key=float), max(numbers, key=float)) for numbers in columns)
    texts = (least if float(least) == float(most) else f"{least} to {most}" for least, most in ranges)
    return _NUMBER.sub(lambda _: next(texts), reasons[0])


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
