"""What was left out or failed, folded for people."""

import re
from collections.abc import Iterable, Sequence

from trilbench.results.names import parse_name
from trilbench.results.run import NamedReason

_MOST_NAMED = 4  # variants in a line
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])")


def by_reason(rows: Iterable[NamedReason]) -> dict[str, list[str]]:
    """For each reason what it stopped, one line for the variants that it stopped at the same shapes:
    causal_mean/prefix_mean/avx512 at 8x256x64, 8x1024x64; or causal_mean: 17 variants at 1x4096x384. Reasons that
    differ in their numbers alone become one: a call takes 0.3 to 3.9 s."""
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
    shapes: dict[tuple[str, str], dict[str, None]] = {}
    for name in names:
        try:
            row = parse_name(name)
        except ValueError:  # a program's name
            shapes.setdefault((name, ""), {})
        else:
            shapes.setdefault((row.operation, row.variant), {})[row.shape] = None
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (operation, variant), at in shapes.items():
        together.setdefault((operation, tuple(at)), []).append(variant)
    return [_line(operation, variants, at) for (operation, at), variants in together.items()]


def _line(operation: str, variants: Sequence[str], at: Sequence[str]) -> str:
    if not at:
        return operation
    named = ", ".join(variants) if len(variants) <= _MOST_NAMED else f"{len(variants)} variants"
    return f"{operation}{'/' if len(variants) == 1 else ': '}{named} at {', '.join(at)}"
