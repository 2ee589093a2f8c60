"""summary.csv."""

import csv
import io
from collections.abc import Mapping, Sequence


def csv_text(columns: Sequence[str], lines: Sequence[Mapping[str, str | float | int]]) -> str:
    """The lines under a header; what a line lacks stays empty. Numbers keep every digit."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue()
