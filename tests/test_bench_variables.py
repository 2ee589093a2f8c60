"""The variables and flags of Google Benchmark's: honoured by a program that is run by hand, or refused with the
reason; without effect where the scripts run it."""

import json
import os
import re

import pytest
from built_binaries import QUICKLY, one_line
from test_bench_table import figures
from trilbench.compare.runner import list_names
from trilbench.results.rows import read_cell
from trilbench.results.run import Status
from trilbench.setup import variables
from trilbench.setup.binary import Program, list_rows, measure

FEW = ("--shapes=4x8x2", "--only=running_sum")
POISON = {
    "BENCHMARK_FILTER": "nothing",
    "BENCHMARK_FORMAT": "csv",
    "BENCHMARK_LIST_TESTS": "true",
    "BENCHMARK_OUT_FORMAT": "csv",
    "BENCHMARK_PERF_COUNTERS": "CYCLES",
    "BENCHMARK_REPETITIONS": "7",
    "BENCHMARK_REPORT_AGGREGATES_ONLY": "true",
    "BENCHMARK_MIN_WARMUP_TIME": "100",
}


def version(binary):
    context = json.loads(binary(*FEW, QUICKLY, "--benchmark_format=json").stdout)["context"]
    return tuple(map(int, context["google_benchmark_version"].split(".")))


def test_every_flag_that_the_library_names_is_known(binary):
    flags = set(re.findall(r"--benchmark_(\w+)", binary("--help=benchmark").stdout))
    assert flags
    assert {f"BENCHMARK_{flag.upper()}" for flag in flags} <= set(variables.GOOGLE_BENCHMARK)


# --- By hand ---


def by_hand(binary, *arguments, **environment):
    result = binary(*FEW, "--benchmark_min_time=0.005", *arguments, **environment)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_format_and_filter(binary):
    text = by_hand(binary, BENCHMARK_FORMAT="json", BENCHMARK_FILTER="running_sum/scalar")
    assert [row["name"].split("/")[2] for row in json.loads(text)["benchmarks"]] == ["scalar"]
    assert figures(by_hand(binary, "--benchmark_format=console", BENCHMARK_FORMAT="json"))  # a flag wins


def test_repetitions_and_aggregates(binary):
    text = by_hand(binary, BENCHMARK_REPETITIONS="2", BENCHMARK_DISPLAY_AGGREGATES_ONLY="true")
    assert set(figures(text)) == {"median of 2", "minimum"}


def test_out(binary, tmp_path):
    out = tmp_path / "out.json"
    by_hand(binary, BENCHMARK_OUT=str(out), BENCHMARK_REPORT_AGGREGATES_ONLY="1", BENCHMARK_REPETITIONS="2")
    kinds = {row["run_type"] for row in json.loads(out.read_text())["benchmarks"]}
    assert kinds == {"aggregate"}
    assert figures(by_hand(binary, BENCHMARK_OUT=""))


def test_min_time_and_others(binary):
    out = binary(*FEW, BENCHMARK_MIN_TIME="0.001", BENCHMARK_CONTEXT="who=me", BENCHMARK_COLOR="yes", timeout=30)
    assert "who=me" in out.stderr
    assert "\x1b[" in out.stdout
    assert " ms " in by_hand(binary, BENCHMARK_TIME_UNIT="ms")
    names = binary(*FEW, BENCHMARK_LIST_TESTS="true").stdout.splitlines()
    assert names
    assert all(name.startswith("causal_mean/running_sum/") for name in names)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("BENCHMARK_FILTER", "(", "--benchmark_filter: '('"),
        ("BENCHMARK_UNKNOWN", "x", ""),
        ("BENCHMARK_MIN_TIME", "long", "'long' is no time such as 0.1s"),
        ("BENCHMARK_COLOR", "", "a --benchmark flag has a value that it does not take"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_variables_name(binary, variable, value, words):
    result = binary(*FEW, "--benchmark_format=json", *([] if words else [QUICKLY]), **{variable: value})
    assert result.returncode == (1 if words else 0)
    if words:
        assert words in result.stderr.splitlines()[-1]
        assert f"({variable} is set)" in result.stderr or not value


# --- What this Google Benchmark lacks ---


@pytest.mark.parametrize(
    ("flag", "since"), [("--benchmark_min_time=5x", (1, 8, 0)), ("--benchmark_dry_run=true", (1, 9, 1))]
)
def test_a_flag_that_this_library_lacks_names_the_version(binary, flag, since):
    result = binary(*FEW, flag)
    if version(binary) >= since:
        assert result.returncode == 0, result.stderr
    else:
        assert result.returncode == 1
        assert "needs Google Benchmark 1." in one_line(result.stderr)
        assert "this program was built with 1." in result.stderr


@pytest.mark.parametrize("text", ["0.005", "0.005s"])
def test_a_time_is_taken_with_its_unit_and_without(binary, text):
    result = binary(*FEW, f"--benchmark_min_time={text}")
    assert (result.returncode, result.stderr.count("min_time")) == (0, 0)


@pytest.mark.parametrize("value", ["0", "-1", "two", ""])
def test_repetitions_are_at_least_one(binary, value):
    """Google Benchmark measures nothing then, and exits with 0."""
    result = binary(*FEW, f"--benchmark_repetitions={value}")
    assert (result.returncode, result.stdout) == (1, "")
    assert "is not a whole number from 1 on" in one_line(result.stderr)


def test_perf_counters_that_are_not_counted_are_an_error(binary, tmp_path):
    """It would measure without them and exit with 0."""
    out = tmp_path / "out.json"
    result = binary(*FEW, QUICKLY, "--benchmark_perf_counters=NO_SUCH_COUNTER", f"--benchmark_out={out}")
    assert (result.returncode, result.stdout) == (1, "")
    assert "'NO_SUCH_COUNTER' is not counted" in one_line(result.stderr)
    assert "leave the flag out" in result.stderr
    assert list(tmp_path.iterdir()) == []


# --- Scripts ---


@pytest.fixture
def poisoned(monkeypatch):
    for name, value in POISON.items():
        monkeypatch.setenv(name, value)
    variables._name.cache_clear()


def test_scripts_measure_what_they_would_without(binary, poisoned, tmp_path, capfd):
    # Would catch: "no row was measured", of a filter or of aggregates that a variable asks for.
    program = Program(binary.path, "causal_mean")
    assert list_rows(program, FEW, 1.0)
    command = [*program.command, *FEW, QUICKLY, "--benchmark_repetitions=2"]
    out = tmp_path / "cell.json"
    assert measure(command, out, tmp_path / "log.txt", 60).status is Status.DONE
    assert {len(row.repetitions) for row in read_cell(out).rows} == {2}
    told = [line for line in capfd.readouterr().err.splitlines() if "BENCHMARK_" in line]
    assert len(told) == 1
    assert all(name in told[0] for name in POISON)


def test_other_projects_programs_see_none_either(binary, poisoned):
    assert len(list_names(Program(binary.path, ""), FEW)) > 1


def test_other_variables_reach_the_programs(monkeypatch):
    monkeypatch.setenv("BENCHMARK_OF_MY_OWN", "x")
    assert variables.environment()["BENCHMARK_OF_MY_OWN"] == "x"
    assert variables.environment()["PATH"] == os.environ["PATH"]
