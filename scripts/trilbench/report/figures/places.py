"""Where labels go so that they cover neither one another nor what they tell of. All in inches from a plot's lower left
corner, so that it holds at every resolution."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

_STEP, _REACH = 0.08, 40  # inches; steps in each direction
_STEPS = sorted(
    itertools.product(range(-_REACH, _REACH + 1), repeat=2), key=lambda step: (math.hypot(*step), step)
)  # the nearest first


@dataclass(frozen=True)
class Box:
    """A rectangle by its middle."""

    x: float
    y: float
    width: float
    height: float

    def covers(self, other: "Box") -> bool:
        return (
            2 * abs(self.x - other.x) < self.width + other.width
            and 2 * abs(self.y - other.y) < self.height + other.height
        )


def size(axes: Axes) -> tuple[float, float]:
    """The plot's width and height in inches."""
    width, height = axes.get_position().size * axes.figure.get_size_inches()
    return float(width), float(height)


def inches(axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Where a point of the data lies. The scales must be final."""
    share = axes.transAxes.inverted().transform(axes.transData.transform((x, y)))
    width, height = size(axes)
    return float(share[0]) * width, float(share[1]) * height


def free(
    points: Sequence[tuple[float, float]],
    labels: Sequence[tuple[float, float]],
    room: tuple[float, float],
    taken: Sequence[Box] = (),
    on_point: bool = False,
) -> list[Box | None]:
    """For each point the place nearest to it for its label of that width and height, within the room and where nothing
    is covered that is `taken` already; None if there is none. A label may lie on its own point if `on_point`."""
    placed: list[Box | None] = []
    for (x, y), (width, height) in zip(points, labels, strict=True):
        own = Box(x, y, 0, 0)
        covered = [box for box in taken if not (on_point and own.covers(box))] + [box for box in placed if box]
        boxes = (Box(x + i * _STEP, y + j * _STEP, width, height) for i, j in _STEPS)
        placed.append(
            next(
                (
                    box
                    for box in boxes
                    if width / 2 <= box.x <= room[0] - width / 2
                    and height / 2 <= box.y <= room[1] - height / 2
                    and not any(box.covers(other) for other in covered)
                ),
                None,
            )
        )
    return placed
