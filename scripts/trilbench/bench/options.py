"""The command line of scripts/bench."""

from pathlib import Path

from trilbench.options import Measuring, Parser, read
from trilbench.results.names import PEER
from trilbench.stop import Stop


class BenchOptions(Measuring):
    """What scripts/bench was asked for."""

    max_call: float | None  # seconds; the binaries are told by the plan, which may need less
    quick: bool
    full: bool
    out: Path | None
    peers: bool
    resume: Path | None
    strict: bool
    json: bool
    draw: bool  # --figures

    @property
    def mode(self) -> str:
        return "full" if self.full else "quick"


def parse(arguments: list[str]) -> BenchOptions:
    """Reads the arguments of scripts/bench."""
    parser = Parser(
        prog="scripts/bench",
        usage="%(prog)s [OPTIONS] [-- FLAGS]",
        description="Installs what is missing, builds, measures every implementation and prints the table.",
        epilog="FLAGS are Google Benchmark's own, such as --benchmark_repetitions=20; they need no -- before them. "
        "Exit codes: 0 fine, 1 wrong use or a tool failed, 2 a verification failed, 3 too noisy (--strict), "
        "4 not comparable (--resume after a rebuild), 5 nothing matched.",
    )
    chosen = read(BenchOptions, parser, arguments)
    begun = (chosen.quick, chosen.full, chosen.out, chosen.operations, chosen.select, chosen.peers)
    begun = (*begun, chosen.flags, chosen.max_call)
    if chosen.resume and any(begun):
        allowed = "only --strict, --json, --figures and --no-install go with it"
        raise Stop(f"--resume goes on with the run's own options: {allowed}")
    if chosen.select and any(flag.startswith("--benchmark_filter") for flag in chosen.flags):
        raise Stop("--select and --benchmark_filter choose both: give one of them")
    if PEER in chosen.isa:
        raise Stop(f"--isa chooses among our own variants: --peers adds libraries, --select=/{PEER}/ leaves only them")
    return chosen
