"""The order of the rounds: balanced, so that a drift of the machine meets all sides alike, and drawn anew, so that no
rhythm of the machine can keep step with it."""

import random
from collections.abc import Sequence


def orders(sides: Sequence[str], rounds: int, seed: int) -> list[tuple[str, ...]]:
    """The order of the sides in each round. Rounds come in pairs: a random order, then the same backwards (ABBA), so
    that over a pair every side runs, on average, at the same time."""
    draw = random.Random(seed)
    found: list[tuple[str, ...]] = []
    while len(found) < rounds:
        order = draw.sample(sides, len(sides))
        found += [tuple(order), tuple(reversed(order))]
    return found[:rounds]
