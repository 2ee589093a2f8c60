"""Programs that take cores from a measurement: what --self-test must not be fooled by."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable

from trilbench.machine import cores

_WORK = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"  # ends with us, however we end


class Hog:
    """Keeps every core busy that our programs may use, since the system lets them make way for one that is, from the
    first third of the rounds to the second; a context manager that leaves nothing running."""

    def __init__(self, rounds: int) -> None:
        self._between = range(rounds // 3, 2 * rounds // 3)
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Callable[[int], None]:
        return self._before_round

    def __exit__(self, *_: object) -> None:
        self._end()

    def _before_round(self, number: int) -> None:
        if number in self._between and not self._processes:
            for core in cores.allowed() or range(cores.allowed_count()):
                self._processes.append(subprocess.Popen([sys.executable, "-c", _WORK]))
                with contextlib.suppress(
                    OSError, AttributeError
                ):  # a machine that does not allow it has it on any core
                    os.sched_setaffinity(self._processes[-1].pid, {core})
        elif number not in self._between:
            self._end()

    def _end(self) -> None:
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.wait()
