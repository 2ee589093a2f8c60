"""The command lines of scripts/bench and scripts/test: wrong use is one line and exit code 1."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from trilbench.bench.options import parse as parse_bench
from trilbench.compare.options import parse as parse_compare
from trilbench.options import BINARY_FLAGS
from trilbench.paths import instruction_sets
from trilbench.setup.test_options import parse as parse_test
from trilbench.stop import Exit, Stop

SCRIPTS = Path(__file__).parents[1] / "scripts"


def test_bench_without_arguments_is_a_quick_run_of_everything():
    options = parse_bench([])
    assert (options.mode, options.operations, options.flags, options.strict) == ("quick", (), (), False)


def test_what_follows_two_dashes_goes_to_the_binaries():
    options = parse_bench(["--full", "--operations=causal_mean", "--", "--only", "prefix_mean", "--shapes=1x2x3"])
    assert (options.mode, options.operations) == ("full", ("causal_mean",))
    assert options.flags == ("--only=prefix_mean", "--shapes=1x2x3")


@pytest.mark.parametrize(
    ("arguments", "flags"),
    [
        (["--threads", "2", "--strict"], ("--threads=2",)),
        (["--shapes=1x2x3", "--cold", "--only", "prefix_mean"], ("--shapes=1x2x3", "--cold", "--only=prefix_mean")),
        (["--benchmark_min_time", "0.1", "--", "--seed=1"], ("--benchmark_min_time=0.1", "--seed=1")),
    ],
)
def test_flags_of_the_binaries_need_no_dashes_before_them(arguments, flags):
    # Would catch: "unrecognized arguments" for what the help shows.
    assert parse_bench(arguments).flags == flags


def test_every_flag_of_the_binaries_is_known(binary):
    # Would catch: a flag that a binary learns and scripts/bench refuses.
    flags = set(re.findall(r"^  (--[a-z-]+)", binary("--help").stdout, re.MULTILINE))
    assert flags - {"--iterations", "--list", "--machine", "--help"} == set(BINARY_FLAGS)
    assert {"scalar", "sse2", "avx2", "avx512", "neon", "auto-avx2"} <= set(instruction_sets())


@pytest.mark.parametrize(
    ("parse", "arguments", "words"),
    [
        (parse_bench, ["--quik"], r"--quik; did you mean --quick\?"),
        (parse_bench, ["--operation", "causal_mean"], r"--operation; did you mean --operations\?"),
        (parse_bench, ["--operations=causal_maen"], r"'causal_maen'; there is: .*; did you mean causal_mean\?"),
        (parse_bench, ["--thread", "2"], r"--thread; did you mean --threads\?"),
        (parse_bench, ["--only=tril_gemm,prefix_maen"], r"'prefix_maen'; did you mean prefix_mean\?"),
        (parse_bench, ["--", "--isa", "avx-512"], r"no instruction set 'avx-512'; did you mean avx512\?"),
        (parse_bench, ["--cold", "2"], "unrecognized arguments: 2"),
        (
            parse_compare,
            ["--threads", "2", "a", "b"],
            r"flags of the binaries follow --, as in .* -- --threads",
        ),
        (parse_compare, ["--selct=x", "a", "b"], r"--selct=x; did you mean --select\?"),
        (parse_test, ["--preset", "relaese"], r"did you mean release\?"),
    ],
)
def test_a_near_miss_is_told(parse, arguments, words):
    # Would catch: a list of everything, or nothing, for one letter too few.
    with pytest.raises(Stop, match=words):
        parse(arguments)


@pytest.mark.parametrize("flag", ["--only=nonsense", "--isa=nonsense", "--only="])
def test_what_is_far_from_any_name_is_the_binarys_to_refuse(flag):
    # Would catch: a variant refused that a binary knows and the sources do not show.
    assert parse_bench([flag]).flags == (flag,)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--quick", "--full"], "not allowed with"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--ful"], "unrecognized arguments"),
        (["extra"], "unrecognized arguments"),
        (["--out", ""], "is not the name of a folder"),
        (["--operations", "nonsense"], "no operation 'nonsense'; there is: .*causal_mean"),
        (["--operations", "causal_mean,"], "not a list of names"),
        (["--out"], "expected one argument"),
        (["--resume=x", "--full"], "only --strict and --no-install"),
        (["--resume=x", "--peers"], "only --strict and --no-install"),
        (["--resume=x", "--", "--only=prefix_mean"], "only --strict and --no-install"),
        (["--", "--benchmark_out=x"], "--benchmark_out cannot be passed on"),
        (["--", "--benchmark_report_aggregates_only=true"], "aggregates_only cannot be passed on"),
        (["--", "stray"], "'stray' is not a flag"),
        (["--", "--seed=1", "stray"], "'stray' is not a flag"),
        (["--", "--list"], "--list cannot be passed on"),
    ],
)
def test_wrong_use_of_bench(arguments, words):
    with pytest.raises(Stop, match=words) as stop:
        parse_bench(arguments)
    assert stop.value.code == Exit.TOOL_FAILED
    assert "\n" not in str(stop.value)


def test_wrong_use_of_test():
    with pytest.raises(Stop, match="invalid choice: 'fast'"):
        parse_test(["--preset", "fast"])


@pytest.mark.parametrize("command", ["bench", "test"])
def test_wrong_use_is_told_before_anything_is_installed(command, tmp_path):
    # Would catch: a traceback, a usage screen, an installation of a hundred megabytes before "unknown flag".
    done = subprocess.run(
        [sys.executable, SCRIPTS / command, "--nonsense"], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert done.returncode == Exit.TOOL_FAILED
    assert done.stdout == ""
    assert done.stderr.startswith("error: unrecognized arguments: --nonsense")
    assert len(done.stderr.splitlines()) == 1
