"""A bank of rounds of builds whose truth is known, kept as bank.json: comparisons are drawn from it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from trilbench.compare.record import Moment, Round
from trilbench.files import write_whole
from trilbench.stop import Stop

FORMAT = 1


@dataclass(frozen=True)
class Bank:
    """The rounds, each with a process of every side."""

    command: str
    started: str
    calls: Mapping[str, int]  # benchmark: calls of a repetition
    rounds: tuple[Round, ...]
    times: Mapping[str, Mapping[str, tuple[float, ...]]]  # side: benchmark: seconds of a call, round by round
    environment: Mapping[str, Any] = field(default_factory=dict)
    finished: str = ""
    format: int = FORMAT


def write_bank(path: Path, bank: Bank) -> None:
    """Raises Stop if that fails; the old file stands then."""
    write_whole(path, json.dumps(asdict(bank), allow_nan=False) + "\n")


def read_bank(path: Path) -> Bank:
    """Raises Stop if there is none or it is of another format."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise Stop(f"{path} has format {document['format']}; this version reads format {FORMAT}")
        rounds = tuple(
            Round(tuple(each["order"]), {side: Moment(**moment) for side, moment in each["moments"].items()})
            for each in document["rounds"]
        )
        times = {
            side: {name: tuple(values) for name, values in rows.items()} for side, rows in document["times"].items()
        }
        return Bank(**document | {"rounds": rounds, "times": times})
    except OSError as error:
        raise Stop(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(f"{path} is damaged: {error!r}") from error
