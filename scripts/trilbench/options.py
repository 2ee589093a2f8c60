"""What the command lines share: errors in one line, and values of several commands."""

import argparse
import difflib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from trilbench.paths import ROOT, implementations, instruction_sets, operations
from trilbench.stop import Stop

# Of the binaries' flags those that scripts pass on, and which of them have a value.
BINARY_FLAGS = {
    **dict.fromkeys(("--shapes", "--threads", "--only", "--isa", "--data", "--seed", "--max-call"), True),
    **dict.fromkeys(("--cold", "--misalign"), False),
}


class Parser(argparse.ArgumentParser):
    def __init__(self, **settings: str) -> None:
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        raise Stop(f"{message}{self._hint(message)} ({self.prog} --help says what there is)")

    def _hint(self, message: str) -> str:
        if found := re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message):
            return meant(found[1], re.findall(r"[\w-]+", found[2]))
        if found := re.search(r"unrecognized arguments: ([^\s=]+)", message):
            flags = BINARY_FLAGS if "FLAGS]" in (self.usage or "") else ()
            if found[1] in flags or (flags and found[1].startswith("--benchmark_")):
                return f"; flags of the binaries follow --, as in {self.prog} ... -- {found[1]}"
            return meant(found[1], [*self._option_string_actions, *flags])
        return ""


def meant(word: str, known: Iterable[str]) -> str:
    """ "; did you mean ...?" if one of the known words is near; else nothing."""
    near = difflib.get_close_matches(word, list(known), 1, 0.75)
    return f"; did you mean {near[0]}?" if near else ""


def split_flags(parser: Parser, words: Sequence[str]) -> list[str]:
    """The words that the parser does not know, which must be flags of the binaries and their values."""
    value = False  # may the next word be one?
    for word in words:
        name = word.partition("=")[0]
        flag = name in BINARY_FLAGS or name.startswith("--benchmark_")
        if not flag and (word.startswith("--") or not value):
            parser.error(f"unrecognized arguments: {word}")
        value = flag and "=" not in word and BINARY_FLAGS.get(name, True)
    return list(words)


def folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("'' is not the name of a folder")
    return Path(text)


def duration(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h)", text)
    if not match or not float(match[1]):
        raise argparse.ArgumentTypeError(f"'{text}' is not a time such as 90s, 5m, 1h")
    return float(match[1]) * {"s": 1, "m": 60, "h": 3600}[match[2]]


def share(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", text)
    share = float(match[1]) / (100 if match[2] else 1) if match else 0.0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a share such as 5% or 0.05")
    return share


def probability(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a probability between 0 and 1")
    return value


def presets() -> list[str]:
    presets = json.loads((ROOT / "CMakePresets.json").read_text(encoding="utf-8"))
    return [preset["name"] for preset in presets["buildPresets"]]


def names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if not all(names):
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of names such as causal_mean,tril_matmul")
    return names


def numbers(text: str) -> tuple[int, ...]:
    if not all(word.isdecimal() and int(word) for word in text.split(",")):
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of numbers such as 1,2")
    return tuple(map(int, text.split(",")))


def check_known(what: str, names: tuple[str, ...], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            raise Stop(f"there is no {what} '{name}'; there is: {', '.join(known)}{meant(name, known)}")


def check_operations(names: tuple[str, ...]) -> None:
    check_known("operation", names, operations())


def binary_flags(words: list[str]) -> tuple[str, ...]:
    """The flags for the binaries, each as one word: their values may follow after '=' or as the next word. Some are not
    passed on: the script decides on them itself, cell by cell."""
    flags: list[str] = []
    for word in words:
        if word.startswith("--"):
            flags.append(word)
        elif flags and "=" not in flags[-1]:
            flags[-1] += f"={word}"
        else:
            raise Stop(f"'{word}' is not a flag of the binaries; they look like --name=value")
    own = ("--list", "--help", "--version", "--benchmark_out", "--benchmark_list_tests")
    own += ("--benchmark_report_aggregates_only",)  # which leaves nothing to compute medians from
    for flag in flags:
        if flag.startswith(own):
            raise Stop(f"{flag.split('=')[0]} cannot be passed on; call build/release/bench/<operation> for it")
    return tuple(flags)


def check_near_misses(flags: Sequence[str]) -> None:
    """Raises Stop for an implementation or an instruction set that is none and nearly is one. Of others the binary
    knows more."""
    known = {"--only": ("implementation", implementations()), "--isa": ("instruction set", instruction_sets())}
    for flag in flags:
        name, _, values = flag.partition("=")
        what, names = known.get(name, ("", ()))
        for value in values.split(",") if what else ():
            if value not in names and (hint := meant(value, names)):
                raise Stop(f"there is no {what} '{value}'{hint}")
