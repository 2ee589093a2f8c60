"""The command lines of scripts/bench and scripts/test: wrong use is one line and exit code 1."""

import subprocess
import sys
from pathlib import Path

import pytest
from trilbench.options.bench import parse as parse_bench
from trilbench.options.test import parse as parse_test
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
