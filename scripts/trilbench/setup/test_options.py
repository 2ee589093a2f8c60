"""The command line of scripts/test."""

from dataclasses import dataclass

from trilbench.options import Parser, presets


@dataclass(frozen=True)
class TestOptions:
    """What scripts/test was asked for."""

    no_install: bool
    preset: str
    compiled_only: bool
    filters: tuple[str, ...]  # words of test names; empty: every test


def parse(arguments: list[str]) -> TestOptions:
    """Reads the arguments of scripts/test."""
    parser = Parser(
        prog="scripts/test",
        usage="%(prog)s [--no-install] [--preset NAME] [--compiled-only] [FILTER ...]",
        description="Installs what is missing, builds and runs every test.",
        epilog="A filter is part of a test's name; without one every test runs. "
        "Exit codes: 0 all passed, 1 wrong use or a tool failed, 2 a test failed, 5 nothing matched.",
    )
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    parser.add_argument("--preset", choices=presets(), default="release", help="the build to test (default: release)")
    parser.add_argument(
        "--compiled-only", action="store_true", help="only what differs between presets: the C++ tests and the objects"
    )
    parser.add_argument("filters", nargs="*", metavar="FILTER", help="run only tests whose names contain this")
    chosen = parser.parse_args(arguments)
    return TestOptions(
        no_install=chosen.no_install,
        preset=chosen.preset,
        compiled_only=chosen.compiled_only,
        filters=tuple(chosen.filters),
    )
