"""The name of a benchmark: <operation>/<implementation>/<isa>/f32/<axis>:<size>/.../omp:<threads>. A size is a length,
as in T:1024, a tensor's shape, as in X:3x1x2x2, or heads that share keys and values, as in H:8g2."""

import functools
import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

MACHINE = "machine"  # the operation whose implementations are the machine's limits
PEER = "peer"  # the instruction set of a library's row

Size = int | tuple[int, ...] | str  # a length, a tensor's shape, or 8g2: 8 heads that share the keys of 2


@dataclass(frozen=True)
class BenchmarkName:
    """A benchmark's name in its parts."""

    text: str
    operation: str
    implementation: str
    isa: str
    element: str
    axes: tuple[tuple[str, Size], ...]  # (("B", 8), ("T", 1024), ("C", 64)), in the operation's order
    threads: int

    @property
    def shape(self) -> str:
        """The sizes as the binaries take them: 8x1024x64, or 3x1x2x2@5x2x3 of tensors."""
        return self._joined(size_text(size) for _, size in self.axes)

    @property
    def axis_names(self) -> str:
        """What the shape's sizes are of: BxTxC, or X@Y."""
        return self._joined(axis for axis, _ in self.axes)

    @functools.cached_property
    def sizes(self) -> dict[str, int]:
        """The length of each axis that has one: a tensor has not."""
        return {axis: lengths(size)[0] for axis, size in self.axes if not isinstance(size, tuple)}

    @functools.cached_property
    def elements(self) -> int:
        """The product of the axes' lengths, as the result of most operations has; of an axis T alone the triangle of a
        T by T matrix, diagonal included; of two tensors those of their product, batch dimensions broadcast."""
        if self.axis_names == "T":
            return math.comb(self.sizes["T"] + 1, 2)
        shapes = [lengths(size) for _, size in self.axes]
        if len(shapes) != 2 or max(map(len, shapes)) == 1:
            return math.prod(itertools.chain(*shapes))
        x, y = shapes
        batch = itertools.zip_longest(reversed(x[:-2]), reversed(y[:-2]), fillvalue=1)
        return math.prod(map(max, batch)) * math.prod(x[-2:-1]) * math.prod(y[1:][-1:])

    @property
    def variant(self) -> str:
        """Implementation and instruction set: prefix_mean/avx2."""
        return f"{self.implementation}/{self.isa}"

    def _joined(self, words: Iterable[str]) -> str:
        return ("@" if any(isinstance(size, tuple) for _, size in self.axes) else "x").join(words)


def size_text(size: Size) -> str:
    """1024, 3x1x2x2 or 8g2."""
    return "x".join(map(str, size)) if isinstance(size, tuple) else str(size)


def lengths(size: Size) -> tuple[int, ...]:
    """Of a size's dimensions: one, unless it is a tensor's."""
    if isinstance(size, tuple):
        return size
    return (int(size.partition("g")[0]) if isinstance(size, str) else size,)


@functools.lru_cache(maxsize=1 << 16)  # a history names the same benchmarks in every run
def parse_name(text: str) -> BenchmarkName:
    """Takes a name apart; what Google Benchmark appended (/real_time) is dropped. Raises ValueError."""
    parts = text.split("/")
    last = next((i for i, part in enumerate(parts) if part.startswith("omp:")), None)
    if last is None or last < 5 or not all(parts):
        raise ValueError(f"'{text}' is not the name of a benchmark of this suite")
    operation, implementation, isa, element = parts[:4]
    axes = tuple((axis, _size(size)) for axis, _, size in (part.partition(":") for part in parts[4:last]))
    threads = int(parts[last].removeprefix("omp:"))
    return BenchmarkName("/".join(parts[: last + 1]), operation, implementation, isa, element, axes, threads)


def other_name(text: str) -> BenchmarkName:
    """Of another project's benchmark."""
    return BenchmarkName(text, operation="", implementation=text, isa="", element="", axes=(), threads=1)


def _size(text: str) -> Size:
    if re.fullmatch(r"\d+g\d+", text):
        return text
    found = tuple(map(int, text.split("x")))
    return found if len(found) > 1 else found[0]
