"""How many tests passed, failed and were skipped."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Tally:
    """Counts of tests; they add up."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped


def read_pytest_summary(line: str) -> Tally | None:
    """Reads pytest's last line, such as "== 1 failed, 7 passed, 2 errors in 0.31s =="; None if it is another line."""
    if not re.match(r"=+ .* in [\d.]+s.* =+$", line):
        return None
    counts = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", line.split(" in ")[0])}
    return Tally(
        passed=counts.get("passed", 0) + counts.get("xpassed", 0),
        failed=sum(counts.get(word, 0) for word in ("failed", "error", "errors")),
        skipped=counts.get("skipped", 0) + counts.get("xfailed", 0),
    )
