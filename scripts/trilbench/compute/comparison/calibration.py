"""What a machine and this tool can tell: rates of false alarms and of finds, from a bank of rounds of builds whose truth
is known."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

Times = Mapping[str, float]  # benchmark: seconds of a call


@dataclass(frozen=True)
class Rate:
    """How often something happened, with the exact 95 % interval of its share (Clopper and Pearson's)."""

    events: int
    trials: int

    @property
    def interval(self) -> tuple[float, float]:
        found = binomtest(self.events, self.trials).proportion_ci(0.95, method="exact")
        return float(found.low), float(found.high)


def draws(rounds: int, comparisons: int, seed: int) -> list[list[int]]:
    """The rounds of each of several comparisons, drawn without replacement: no round serves two of them, so that they
    are independent."""
    order = random.Random(seed).sample(range(rounds), rounds)
    each = rounds // comparisons
    return [sorted(order[i * each : (i + 1) * each]) for i in range(comparisons)]


def ratios(base: Sequence[Times], head: Sequence[Times]) -> dict[str, list[float]]:
    """Head over base, round by round, for each benchmark."""
    return {name: [h[name] / b[name] for h, b in zip(head, base, strict=True)] for name in base[0]} if base else {}


def floors(of_equals: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, float]:
    """For each benchmark the largest share by which builds of the same code came out apart."""
    apart = [{name: abs(np.median(np.log(values))) for name, values in each.items()} for each in of_equals]
    return {name: math.expm1(max(each[name] for each in apart)) for name in apart[0]} if apart else {}


def spreads(of_equals: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """For each benchmark how far single rounds of equal builds lie apart: the standard deviation of a normal
    distribution with the same middle half."""
    quartiles = {name: np.quantile(np.log(values), [0.25, 0.75]) for name, values in of_equals.items()}
    return {name: float((high - low) / 1.349) for name, (low, high) in quartiles.items()}
