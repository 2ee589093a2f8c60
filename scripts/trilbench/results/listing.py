"""What a benchmark binary says it would run: the answer to --list=json."""

from dataclasses import dataclass

from trilbench.results import documents
from trilbench.results.names import BenchmarkName, parse_name


@dataclass(frozen=True)
class ListedRow:
    """A variant and a problem."""

    name: BenchmarkName
    skipped: str  # why it does not run; empty if it does
    seconds: float  # predicted, of one call; 0 if unknown
    bytes: float  # compulsory traffic of one call
    flops: float = 0.0  # useful ones of one call


def read_listing(text: str) -> tuple[ListedRow, ...]:
    """Reads the JSON list. Raises ValueError, KeyError or TypeError if it is something else."""
    return tuple(
        ListedRow(
            name=parse_name(row["name"]),
            skipped=row["skipped"] or "",
            seconds=row["predicted_seconds"] or 0.0,
            bytes=row["bytes"] or 0.0,
            flops=row.get("flops") or 0.0,
        )
        for row in documents.parse(text)["rows"]
    )
