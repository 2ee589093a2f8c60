"""One setup at a time, when scripts/bench and scripts/test are started together."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from trilbench.paths import DEPENDENCIES
from trilbench.setup.tools import say
from trilbench.stop import Stop


@contextmanager
def alone() -> Iterator[None]:
    """Holds the project's setup lock; waits for whoever has it. The kernel frees it when a process dies."""
    try:
        DEPENDENCIES.mkdir(exist_ok=True)
        file = (DEPENDENCIES / "lock").open("w")
    except OSError as error:
        raise Stop(f"cannot write to {DEPENDENCIES}: {error.strerror}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another scripts/bench or scripts/test to finish installing and building")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
