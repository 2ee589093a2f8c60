"""A program that takes a core from a measurement: what --self-test must not be fooled by."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable

_WORK = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"  # ends with us, however we end


class Hog:
    """Keeps the core busy on which our programs run, from the first third of the rounds to the second; a context
    manager that leaves nothing running."""

    def __init__(self, rounds: int) -> None:
        self._between = range(rounds // 3, 2 * rounds // 3)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Callable[[int], None]:
        return self._before_round

    def __exit__(self, *_: object) -> None:
        self._end()

    def _before_round(self, number: int) -> None:
        if number in self._between and not self._process:
            self._process = subprocess.Popen([sys.executable, "-c", _WORK])
            with contextlib.suppress(OSError, AttributeError):  # where that is not allowed, or not known, on any core
                os.sched_setaffinity(self._process.pid, {min(os.sched_getaffinity(0))})
        elif number not in self._between:
            self._end()

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
