"""What the values of the command lines may be. Each reads a text, or raises ArgumentTypeError with a reason that names
it."""

import argparse
import difflib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from trilbench.paths import ROOT


def like(pattern: str, what: str, make: Callable[[str], Any] = str) -> Callable[[str], Any]:
    """A text of that form, and what is made of it."""

    def value(text: str) -> Any:
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f"'{text}' is not {what}")
        return make(text)

    return value


folder = like(r"(?s).+", "the name of a folder", Path)
share = like(
    r"(?=.*[1-9])(\d{1,2}(\.\d+)?%|0?\.\d+)",
    "a share such as 5% or 0.05",
    lambda text: float(text.rstrip("%")) / (100 if "%" in text else 1),
)
duration = like(
    r"(?=.*[1-9])\d+(\.\d+)?[smh]",
    "a time such as 90s, 5m, 1h",
    lambda text: float(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]],
)
seconds = like(r"(?=[^e]*[1-9])(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", "a number of seconds", float)
numbers = like(
    r"0*[1-9]\d*(,0*[1-9]\d*)*", "a list of numbers such as 1,2", lambda text: tuple(map(int, text.split(",")))
)
names = like(
    "[^,]+(,[^,]+)*",
    "a list of names such as causal_mean,tril_matmul",
    lambda text: tuple(dict.fromkeys(text.split(","))),
)
SETS = ("quick", "full", "odd")  # of shapes, which the binaries know by name
_SIZE = r"[1-9]\d*(g[1-9]\d*)?"  # 8g2: 8 heads that share the keys of 2
_SHAPE = rf"({'|'.join(SETS)}|{_SIZE}([x@]{_SIZE})*)"  # what an operation takes of these its binary knows
shapes = like(f"{_SHAPE}(,{_SHAPE})*", "a list of shapes such as 8x1024x64,512 or 3x1x2x2@5x2x3", names)


def shapes_themselves(text: str) -> tuple[str, ...]:
    """A list of shapes without names of sets, which no benchmark that was measured has."""
    found = shapes(text)
    if of_set := [name for name in found if name in SETS]:
        raise argparse.ArgumentTypeError(no_set(of_set[0]))
    return found


def no_set(name: str) -> str:
    return f"'{name}' is the name of a set, which is for what measures; of what was measured name shapes: 8x1024x64"


def known(what: str, names_of: Callable[[], Sequence[str]], others: bool = False) -> Callable[[str], tuple[str, ...]]:
    """A list of known names; where there may be `others`, only those are refused that are nearly a known one."""

    def value(text: str) -> tuple[str, ...]:
        there = names_of()
        for name in names(text):
            hint = meant(name, there)
            if name not in there and (hint or not others):
                raise argparse.ArgumentTypeError(f"there is no {what} '{name}'; there is: {', '.join(there)}{hint}")
        return names(text)

    return value


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean ...?" if one of the known words is near; else nothing."""
    near = difflib.get_close_matches(word, list(known), 1, 0.75)
    return f"; did you mean {near[0]}?" if near else ""


def expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise argparse.ArgumentTypeError(f"'{text}' is no regular expression: {error}") from error
    return text


def there(text: str) -> Path:
    """A folder that must be there."""
    if not folder(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder '{text}'")
    return Path(text)


def presets() -> list[str]:
    text = (ROOT / "CMakePresets.json").read_text(encoding="utf-8")
    return [preset["name"] for preset in json.loads(text)["buildPresets"]]
