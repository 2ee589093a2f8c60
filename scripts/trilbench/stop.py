"""The one way a command ends early."""

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
