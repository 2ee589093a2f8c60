"""The one way a command ends early."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    FINE = 0
    TOOL_FAILED = 1  # or wrong use
    WRONG_RESULT = 2  # a failed verification, a regression
    TOO_NOISY = 3  # or inconclusive
    NOT_COMPARABLE = 4
    NOTHING_MATCHED = 5


class Stop(Exception):
    """A message for the user, one line, and the exit code."""

    def __init__(self, message: str, code: Exit = Exit.TOOL_FAILED) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def telling(more: Callable[[], str]) -> Iterator[None]:
    """Where it ends early, interrupted or on a full disk, says that much more: what is kept, and what goes on with
    it."""
    try:
        yield
    except (KeyboardInterrupt, OSError, Stop) as end:
        why = "interrupted" if isinstance(end, KeyboardInterrupt) else str(end)
        raise Stop(f"{why}{more()}", end.code if isinstance(end, Stop) else Exit.TOOL_FAILED) from None
