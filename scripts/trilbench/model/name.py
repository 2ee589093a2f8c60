"""The name of a benchmark: <operation>/<implementation>/<isa>/f32/<axis>:<n>/.../omp:<threads>."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BenchmarkName:
    """A benchmark's name in its parts."""

    text: str
    operation: str
    implementation: str
    isa: str
    element: str
    axes: tuple[tuple[str, int], ...]  # (("B", 8), ("T", 1024), ("C", 64)), in the operation's order
    threads: int

    @property
    def shape(self) -> str:
        """The sizes as the binaries take them: 8x1024x64."""
        return "x".join(str(size) for _, size in self.axes)

    @property
    def way(self) -> str:
        """Implementation and instruction set: prefix_mean/avx2."""
        return f"{self.implementation}/{self.isa}"


def parse_name(text: str) -> BenchmarkName:
    """Takes a name apart; what Google Benchmark appended (/real_time) is dropped. Raises ValueError."""
    parts = text.split("/")
    last = next((i for i, part in enumerate(parts) if part.startswith("omp:")), None)
    if last is None or last < 5:
        raise ValueError(f"'{text}' is not the name of a benchmark of this suite")
    operation, implementation, isa, element = parts[:4]
    axes = tuple((axis, int(size)) for axis, _, size in (part.partition(":") for part in parts[4:last]))
    threads = int(parts[last].removeprefix("omp:"))
    return BenchmarkName("/".join(parts[: last + 1]), operation, implementation, isa, element, axes, threads)
