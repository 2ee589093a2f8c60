"""The command line of scripts/prove."""

from trilbench.options import Options, Parser, read


def parse(arguments: list[str]) -> Options:
    """Reads the arguments of scripts/prove."""
    parser = Parser(
        prog="scripts/prove",
        usage="%(prog)s [--no-install]",
        description="Proves on this machine, in about two minutes, that the harness measures what it must: calls of "
        "known time, a kernel of known flops, copies at each level of the memory against the limit, and every variant "
        "against itself.",
        epilog="Exit codes: 0 proven, 1 wrong use or a tool failed, 2 a verification failed, 3 not proven: the harness "
        "is wrong or the machine too noisy.",
    )
    return read(Options, parser, arguments)
