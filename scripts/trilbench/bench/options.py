"""The command line of scripts/bench."""

from dataclasses import dataclass
from pathlib import Path

from trilbench.options import Parser, binary_flags, check_near_misses, check_operations, folder, names, split_flags
from trilbench.stop import Stop


@dataclass(frozen=True)
class BenchOptions:
    """What scripts/bench was asked for."""

    mode: str  # "quick" or "full"
    out: Path | None
    operations: tuple[str, ...]  # empty: all
    peers: bool  # libraries too
    resume: Path | None
    strict: bool
    no_install: bool
    flags: tuple[str, ...]  # for the benchmark binaries


def parse(arguments: list[str]) -> BenchOptions:
    """Reads the arguments of scripts/bench; flags of the benchmark binaries may follow `--`."""
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = Parser(
        prog="scripts/bench",
        usage="%(prog)s [--quick | --full] [--out DIR] [--operations A,B] [--peers] [--resume DIR] [--strict] "
        "[--no-install] [[--] FLAGS]",
        description="Installs what is missing, builds, measures every implementation and prints the table.",
        epilog="FLAGS of the benchmark binaries need no -- before them: --shapes=8x1024x64, --threads=1,2, "
        "--only=prefix_mean, Google Benchmark's own flags; build/release/bench/<operation> --help lists them. "
        "Exit codes: 0 fine, 1 wrong use or a tool failed, 2 a verification failed, 3 too noisy (--strict), "
        "4 not comparable (--resume after a rebuild), 5 nothing matched.",
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--quick", action="store_true", help="two minutes at most (the default)")
    length.add_argument("--full", action="store_true", help="more shapes and repetitions: two hours or so")
    parser.add_argument("--out", type=folder, metavar="DIR", help="the run's folder; default: runs/<time>-...")
    parser.add_argument("--operations", type=names, default=(), metavar="A,B", help="only these; default: all")
    parser.add_argument("--peers", action="store_true", help="measure the libraries that users would call instead, too")
    parser.add_argument("--resume", type=folder, metavar="DIR", help="finish an interrupted run, as it was started")
    parser.add_argument("--strict", action="store_true", help="exit with 3 if the measurement was too noisy")
    parser.add_argument("--no-install", action="store_true", help="install nothing; say what is missing")
    chosen, rest = parser.parse_known_args(arguments[:split])
    flags = binary_flags([*split_flags(parser, rest), *arguments[split + 1 :]])
    check_near_misses(flags)
    if chosen.resume and (chosen.quick or chosen.full or chosen.out or chosen.operations or chosen.peers or flags):
        raise Stop("--resume goes on with the run's own options: only --strict and --no-install go with it")
    check_operations(chosen.operations)
    return BenchOptions(
        mode="full" if chosen.full else "quick",
        out=chosen.out,
        operations=chosen.operations,
        peers=chosen.peers,
        resume=chosen.resume,
        strict=chosen.strict,
        no_install=chosen.no_install,
        flags=flags,
    )
