"""JSON as benchmark binaries write it."""

import json
import re
from typing import Any

_BARE = re.compile(r"(?<=[:\[,])(\s*)([+-]?)(nan|inf(?:inity)?)\b(?=\s*[,}\]\n])", re.I)
# A line with one number, in which a locale may have had a say: 12,345,678 and 1,5e+00, 12.345.678, 12'345'678, 12 345.
_SEPARATOR = "[.,' \u00a0\u202f\ufffd]"
_NUMBER = re.compile(rf'^(\s*"(?:[^"\\]|\\.)*": )([+-]?\d(?:\d|{_SEPARATOR})*\d)(e[+-]\d+)?(,?)$', re.M)
_GROUPS = re.compile(rf"[+-]?\d{{1,3}}(?:{_SEPARATOR}\d{{2,3}})*{_SEPARATOR}\d{{3}}")
_LOAD = re.compile(r'^(\s*"load_avg": )\[.*\]', re.M)  # of which a locale leaves no telling where a number ends


def parse(text: str) -> Any:
    """Reads JSON in which numbers may be a bare nan or inf of any spelling and sign (Google Benchmark 1.7 writes
    them), or as the program's locale writes them (up to 1.9.4), and strings may hold control characters (a label's
    colours). Raises ValueError for anything else that is no JSON, such as a file that ends early."""
    try:
        return json.loads(text, strict=False)
    except ValueError:
        text = _BARE.sub(_bare, text)
    try:
        return json.loads(text, strict=False)
    except ValueError:
        text = _LOAD.sub(r"\1[]", _NUMBER.sub(_without_locale, text))
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise ValueError(_fault(text, error)) from error


def _bare(match: re.Match[str]) -> str:
    if match[3].lower() == "nan":
        return f"{match[1]}NaN"
    return f"{match[1]}{'-' if match[2] == '-' else ''}Infinity"


def _without_locale(match: re.Match[str]) -> str:
    """A number with an exponent has one digit before the separator of its decimals; one without is a whole one, in
    groups."""
    key, number, exponent, comma = match.groups(default="")
    if exponent:
        number = re.sub(_SEPARATOR, ".", number, count=1)
    elif _GROUPS.fullmatch(number):
        number = re.sub(_SEPARATOR, "", number)
    return f"{key}{number}{exponent}{comma}"


def _fault(text: str, error: json.JSONDecodeError) -> str:
    if not text[error.pos :].strip():
        return "it ends in the midst of its JSON"
    line = text.splitlines()[error.lineno - 1].strip()
    return f"its line {error.lineno} is no JSON: {line[:60]}"
