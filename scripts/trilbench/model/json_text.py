"""JSON as benchmark binaries write it."""

import json
import re
from typing import Any


def parse(text: str) -> Any:
    """Reads JSON in which numbers may be a bare nan or inf of any spelling and sign (Google Benchmark 1.7 writes
    them), and strings may hold control characters (a label's colours). Raises ValueError for anything else that is no
    JSON, such as a file that ends early."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(
            re.sub(r"(?<=[:\[,])(\s*)([+-]?)(nan|inf(?:inity)?)\b(?=\s*[,}\]\n])", _bare, text, flags=re.I),
            strict=False,
        )


def _bare(match: re.Match[str]) -> str:
    if match[3].lower() == "nan":
        return f"{match[1]}NaN"
    return f"{match[1]}{'-' if match[2] == '-' else ''}Infinity"
