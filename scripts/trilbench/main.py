"""From the command line to a command: read the options, enter the project's environment, run, report errors."""

import importlib
import sys

from trilbench.setup import environment
from trilbench.stop import Exit, Stop


def main(command: str, arguments: list[str]) -> int:
    """Runs `command` ("bench", "test") and returns its exit code.

    The options are read first, so that wrong use is told before anything is installed. This module and what it
    imports use the standard library alone: the environment may not exist yet.
    """
    try:
        chosen = importlib.import_module(f"trilbench.options.{command}").parse(arguments)
        environment.enter(install=not chosen.no_install)
        return int(importlib.import_module(f"trilbench.commands.{command}").main(chosen))
    except Stop as stop:
        print(f"error: {stop}", file=sys.stderr)
        return int(stop.code)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return int(Exit.TOOL_FAILED)
