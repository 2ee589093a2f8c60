"""What a self-test found out about a machine and this tool. Kept as calibration.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trilbench.files import write_whole
from trilbench.stop import Stop

FORMAT = 1


@dataclass(frozen=True)
class Trial:
    """Comparisons of two builds whose truth is known, each drawn from rounds of its own."""

    what: str  # "the same program again", "tril_gemm/avx2 slower by 5%"
    margin: float
    comparisons: int
    red: int  # in which the gate fell for a benchmark that is the same on both sides
    wrong: int  # in which such a benchmark was called slower or faster
    found: int | None  # in which the gate fell for the slowed kernel; None: there is none
    untold: int  # in which nothing could be told


@dataclass(frozen=True)
class Calibration:
    """The rates, and what later comparisons need."""

    started: str
    machine: str  # the key of the machine
    commit: str
    rounds: int  # of the bank
    disturbed: int  # of them, that do not count
    seconds: float  # the bank took
    rounds_each: int  # of a comparison
    trials: tuple[Trial, ...]
    hog: str  # how a comparison ended in the midst of which other programs kept every core busy
    floors: Mapping[str, float]  # benchmark: the largest share by which builds of the same code came out apart
    spreads: Mapping[str, float]  # benchmark: how far apart single rounds of the same code lie, a standard deviation
    format: int = FORMAT


def parse_calibration(document: Mapping[str, Any]) -> Calibration:
    """Raises KeyError or TypeError if it is something else."""
    return Calibration(**document | {"trials": tuple(Trial(**trial) for trial in document["trials"])})


def write_calibration(path: Path, calibration: Calibration) -> None:
    """Raises Stop if that fails; the old file stands then."""
    write_whole(path, json.dumps(asdict(calibration), indent=1, allow_nan=False) + "\n")


def read_calibration(path: Path) -> Calibration:
    """Raises Stop if there is none or it is of another format."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise Stop(f"{path} has format {document['format']}; this version reads format {FORMAT}")
        return parse_calibration(document)
    except OSError as error:
        raise Stop(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(f"{path} is damaged: {error!r}") from error
