"""Every JSON file of the project, read and written. What is wrong with one is told in a line: the file, the place in
it, and what is there instead of what.

A kind of file is a subclass of Document, whose fields say what it may hold. A field with a default may be missing, as
it is in files of before there was such a field; any other key is an error. What programs print is read by decode() into
plain msgspec.Struct classes, which let pass what they do not name.
"""

import json
import re
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import msgspec

from trilbench.files import write_whole
from trilbench.paths import shown
from trilbench.stop import Exit, Stop

T = TypeVar("T")
D = TypeVar("D", bound="Document")


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of ours, or a part of one. Changed copies come from msgspec.structs.replace()."""

    FORMAT: ClassVar[int] = 1  # stands in the file as "format"; a greater one is a newer version's


def write(path: Path, document: Document, indent: int | None = 1) -> None:
    """Replaces the file as a whole. Raises Stop if that fails; the old one stands then."""
    fields = {"format": document.FORMAT} | msgspec.to_builtins(document)
    write_whole(path, json.dumps(fields, indent=indent, allow_nan=False) + "\n")


def read(path: Path, kind: type[D]) -> D:
    """Raises Stop if the file cannot be read, is damaged, or was written by a newer version."""
    try:
        fields = parse(path.read_text(encoding="utf-8"))
        number = fields.pop("format", None) if isinstance(fields, dict) else None
        if not isinstance(number, int):
            raise ValueError("$.format: expected `int`")
        if number > kind.FORMAT:
            raise Stop(
                f"{shown(path)} has format {number}; this version reads formats up to {kind.FORMAT}: use a newer one",
                Exit.NOT_COMPARABLE,
            )
        return convert(fields, kind)
    except OSError as error:
        raise Stop(f"cannot read {shown(path)}: {error.strerror}") from error
    except ValueError as error:
        raise Stop(f"{shown(path)} is damaged: {error}") from error


def decode(text: str, kind: type[T]) -> T:
    """What a program printed. Raises ValueError."""
    return convert(parse(text), kind)


def convert(value: Any, kind: type[T]) -> T:
    """What parse() returned, as a value of that type. Raises ValueError, which names the place: $.cells[3].threads."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        raise ValueError(f"{place.strip('`') or '$'}: {what[:1].lower()}{what[1:]}") from error


# JSON as benchmark binaries write it.

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
    for mend in (str, _without_bare_words, _without_locale):
        text = mend(text)
        try:
            return json.loads(text, strict=False)
        except json.JSONDecodeError as found:
            error = found
    raise ValueError(_fault(text, error))


def _without_bare_words(text: str) -> str:
    return _BARE.sub(_bare, text)


def _without_locale(text: str) -> str:
    return _LOAD.sub(r"\1[]", _NUMBER.sub(_plain, text))


def _bare(match: re.Match[str]) -> str:
    if match[3].lower() == "nan":
        return f"{match[1]}NaN"
    return f"{match[1]}{'-' if match[2] == '-' else ''}Infinity"


def _plain(match: re.Match[str]) -> str:
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
