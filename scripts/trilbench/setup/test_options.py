"""The command line of scripts/test."""

from trilbench.options import Options, Parser, read


class TestOptions(Options):
    """What scripts/test was asked for."""

    preset: str
    compiled_only: bool
    all: bool
    filters: list[str]  # words of test names; empty: every test


def parse(arguments: list[str]) -> TestOptions:
    """Reads the arguments of scripts/test."""
    parser = Parser(
        prog="scripts/test",
        usage="%(prog)s [OPTIONS] [FILTER ...]",
        description="Installs what is missing, builds and runs every test.",
        epilog="A filter is part of a test's name; without one every test runs. "
        "Exit codes: 0 all passed, 1 wrong use or a tool failed, 2 a test failed, 5 nothing matched.",
    )
    return read(TestOptions, parser, arguments)
