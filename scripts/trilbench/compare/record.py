"""A comparison of two builds: what was measured, round by round. Kept as compare.json, from which every verdict can be
computed again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from trilbench.compare.calibration import Calibration, parse_calibration
from trilbench.files import write_whole
from trilbench.results.run import NamedReason, SideRecord
from trilbench.stop import Stop

FORMAT = 1
FILE = "compare.json"  # in its folder


@dataclass(frozen=True)
class Moment:
    """One side's process of a round, and how quiet the machine was meanwhile."""

    seconds: float  # that it took
    sentinels: Mapping[str, float]  # seconds of a call of work that is the same on both sides
    others: float | None  # cores that other programs kept busy; None: unknown
    steal: float | None  # share of the time of the cores in use that the hypervisor took; None: unknown
    free: float | None = None  # cores that the round left to other programs; None: unknown
    core_share: float | None = None  # of the cores' time that our threads had: the median benchmark; None: unknown


@dataclass(frozen=True)
class Round:
    """A process of each side."""

    order: tuple[str, ...]
    moments: Mapping[str, Moment]


@dataclass(frozen=True)
class Measured:
    """One benchmark on both sides."""

    name: str
    calls: int  # of each repetition, on both sides; 0: each side found a number of its own
    base: tuple[float, ...]  # seconds of a call, round by round; of two runs, repetition by repetition
    head: tuple[float, ...]
    same_code: bool | None = None  # whether both sides run the same machine code; None: unknown
    base_error: float | None = None  # over the bound
    head_error: float | None = None
    base_of_limit: float | None = None
    head_of_limit: float | None = None

    @property
    def ratios(self) -> tuple[float, ...]:
        """Head over base, round by round."""
        return tuple(head / base for head, base in zip(self.head, self.base, strict=True))


@dataclass(frozen=True)
class Comparison:
    """Everything that a verdict rests on."""

    command: str
    started: str
    base: SideRecord
    head: SideRecord
    margin: float
    alpha: float
    benchmarks: tuple[Measured, ...]
    rounds: tuple[Round, ...]
    failures: tuple[NamedReason, ...] = ()  # of head: wrong results, and benchmarks that it lacks or fails to run
    added: tuple[str, ...] = ()  # benchmarks that only head has
    paired: bool = True  # False: two runs, one after the other; the times are those of their repetitions
    doubts: tuple[str, ...] = ()  # what the two runs warn of, and what was not compared
    unequal: bool = False  # whether the sides ran for equal time rather than an equal number of calls
    environment: Mapping[str, Any] = field(default_factory=dict)
    calibration: Calibration | None = None  # what was known of the machine and this tool when it was judged
    finished: str = ""
    format: int = FORMAT


def is_comparison(folder: Path) -> bool:
    """Whether scripts/compare left it."""
    return (folder / FILE).is_file()


def write_comparison(path: Path, comparison: Comparison) -> None:
    """Raises Stop if that fails; the old file stands then."""
    write_whole(path, json.dumps(asdict(comparison), indent=1, allow_nan=False) + "\n")


def read_comparison(path: Path) -> Comparison:
    """Raises Stop if there is none or it is of another format."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise Stop(f"{path} has format {document['format']}; this version reads format {FORMAT}")
        return Comparison(
            **document
            | {
                "base": SideRecord(**document["base"]),
                "head": SideRecord(**document["head"]),
                "benchmarks": tuple(
                    Measured(**row | {"base": tuple(row["base"]), "head": tuple(row["head"])})
                    for row in document["benchmarks"]
                ),
                "rounds": tuple(
                    Round(tuple(each["order"]), {side: Moment(**m) for side, m in each["moments"].items()})
                    for each in document["rounds"]
                ),
                "failures": tuple(NamedReason(**row) for row in document["failures"]),
                "added": tuple(document["added"]),
                "doubts": tuple(document.get("doubts", ())),
                "calibration": parse_calibration(document["calibration"]) if document.get("calibration") else None,
            }
        )
    except OSError as error:
        raise Stop(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Stop(f"{path} is damaged: {error!r}") from error
