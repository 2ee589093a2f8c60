"""From the command line to a command: read the options, enter the project's environment, run, report errors."""

import codecs
import contextlib
import importlib
import io
import sys

from trilbench.commands import COMMANDS
from trilbench.setup import environment
from trilbench.stop import Exit, Stop


def main(command: str, arguments: list[str]) -> int:
    """Runs `command` ("bench", "test") and returns its exit code.

    The options are read first, so that wrong use is told before anything is installed. This module and what it
    imports use the standard library alone: the environment may not exist yet.
    """
    codecs.register_error("plain", _plain)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")
    try:
        if command not in COMMANDS:
            raise Stop(f"there is no command '{command}'; there is: {', '.join(COMMANDS)}")
        options, performer = COMMANDS[command]
        chosen = options.parse(arguments)
        environment.enter(command, install=not chosen.no_install)
        with contextlib.redirect_stdout(sys.stderr if getattr(chosen, "json", False) else sys.stdout):
            return int(importlib.import_module(f"trilbench.{performer}").main(chosen))
    except Stop as stop:
        print(f"error: {stop}", file=sys.stderr)
        return int(stop.code)
    except OSError as error:  # a full disk, above all
        print(f"error: {error}", file=sys.stderr)
        return int(Exit.TOOL_FAILED)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return int(Exit.TOOL_FAILED)


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What a screen shows of letters that it lacks: a rule stays one."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join("-" if letter == "─" else "?" for letter in error.object[error.start : error.end]), error.end
