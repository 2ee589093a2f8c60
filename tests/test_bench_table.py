"""What people see of a run by hand: a table that fits 120 columns, true, and without another program's warnings."""

import json
import os
import pty
import re
import subprocess

import pytest
from built_binaries import QUICKLY, built

WIDTH = 120
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
ONE_ROW = ("--shapes=8x64x64", "--only=running_sum", "--isa=scalar", QUICKLY)
FIGURES = re.compile(r"(?P<time>[\d.]+ [num]?s) [ !]\s+(?P<of_limit>[\d.]+ %)\s+(?P<of_peak>[\d.]+ %)"
                     r"\s+(?P<gflops>[\d.]+|-)\s+(?P<gbytes>[\d.]+|-)\s+(?P<error>[\d.e+-]+|inf)$")  # fmt: skip


def figures(text):
    """The columns of the table's lines, by what they begin with."""
    found = {}
    for line in text.splitlines():
        if match := FIGURES.search(line):
            found[" ".join(line[: match.start()].split())] = match.groupdict()
    return found


def assert_fits(result):
    for line in (*result.stdout.splitlines(), *result.stderr.splitlines()):
        if not line.startswith("skipped, "):
            assert len(line) <= WIDTH, line


def on_a_terminal(binary, *arguments, **environment):
    """What the program writes to a terminal."""
    ours, theirs = pty.openpty()
    known = {name: os.environ[name] for name in os.environ if name != "NO_COLOR"} | {"TERM": "xterm"} | environment
    with os.fdopen(theirs, "wb") as terminal:
        subprocess.run([binary.path, *arguments], stdout=terminal, stderr=terminal, check=True, env=known, timeout=120)
    text = b""
    try:
        while part := os.read(ours, 65536):
            text += part
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    return text.decode()


def test_a_row_is_a_line_with_units(binary):
    result = binary(*ONE_ROW)
    assert result.returncode == 0
    header, *rows = result.stdout.splitlines()
    assert header.split() == ["variant", "shape", "time", "of", "limit", "of", "peak", "GFLOP/s", "GB/s", "error/bound"]
    assert len([row for row in rows if not row.startswith("!")]) == 1  # a footnote, where others had the core
    row = figures(result.stdout)["running_sum/scalar 8x64x64 omp:1"]
    assert 0 <= float(row["error"]) <= 1
    assert float(row["gbytes"]) > 0
    assert_fits(result)


def test_columns_say_what_the_json_says(binary, tmp_path):
    """A column computed anew could differ from the file beside it."""
    out = tmp_path / "out.json"
    shown = figures(binary(*ONE_ROW, f"--benchmark_out={out}").stdout)["running_sum/scalar 8x64x64 omp:1"]
    (row,) = json.loads(out.read_text())["benchmarks"]
    number, unit = shown["time"].split()
    assert float(number) * UNITS[unit] == pytest.approx(row["real_time"] * UNITS[row["time_unit"]], rel=0.01)
    assert float(shown["of_limit"].split()[0]) == pytest.approx(100 * row["of_limit"], rel=0.06, abs=0.5)
    assert float(shown["gflops"]) == pytest.approx(row["flops_per_second"] / 1e9, rel=0.01, abs=0.005)
    assert float(shown["gbytes"]) == pytest.approx(row["bytes_per_second"] / 1e9, rel=0.01, abs=0.005)
    assert float(shown["error"]) == pytest.approx(row["error_over_bound"], rel=0.06)


def test_the_machine_is_named_and_nothing_is_called_debug(binary):
    """Google Benchmark's own build is no concern of the figures; Debian's calls itself DEBUG in every run."""
    result = binary(*ONE_ROW)
    assert re.search(r"\d+ CPUs? at \d+ MHz.*; load \d", result.stderr.replace("\n  ", " "))
    assert "inputs: normal" in result.stderr
    assert "DEBUG" not in result.stdout + result.stderr


def test_a_build_that_is_not_for_timing_says_so(binary):
    context = json.loads(binary(*ONE_ROW, "--benchmark_format=json").stdout)["context"]
    warned = "not as Release: its times mean little" in binary(*ONE_ROW).stderr.replace("\n  ", " ")
    assert warned == (context["trilbench_build_type"] != "Release")


def test_a_row_without_a_core_of_its_own_is_marked(faulty, tmp_path):
    """`sleeping` leaves its core to others, as a row on a shared core must."""
    out = tmp_path / "out.json"
    shown = faulty("--only=sleeping,right", QUICKLY, f"--benchmark_out={out}").stdout
    shares = [row.get("cpu_share", 1) for row in json.loads(out.read_text())["benchmarks"]]
    assert len(re.findall(r"s ! ", shown)) == sum(share < 0.95 for share in shares)
    assert ("! others had more" in shown) == (min(shares) < 0.95)


def test_repetitions_have_a_median_and_a_minimum_of_their_own(binary):
    """Google Benchmark 1.7 computes wrong aggregates of counters: ours are those of the rows above them."""
    result = binary(*ONE_ROW, "--benchmark_repetitions=3")
    assert_fits(result)
    found = figures(result.stdout)
    each = [found[f"repetition {i}"] for i in (1, 2, 3)]

    def seconds(row):
        return float(row["time"].split()[0]) * UNITS[row["time"].split()[1]]

    assert seconds(found["median of 3"]) == sorted(map(seconds, each))[1]
    assert seconds(found["minimum"]) == min(map(seconds, each))
    rates = sorted(float(row["gbytes"]) for row in each)
    assert float(found["median of 3"]["gbytes"]) == rates[1]
    assert "standard deviation" in result.stdout


@pytest.mark.parametrize("flag", ["--benchmark_display_aggregates_only=true", "--benchmark_report_aggregates_only"])
def test_aggregates_only_leaves_the_repetitions_out(binary, flag):
    found = figures(binary(*ONE_ROW, "--benchmark_repetitions=2", flag).stdout)
    assert set(found) == {"median of 2", "minimum"}


def test_a_failed_row_says_why_within_the_width(faulty):
    result = faulty("--only=wrong,right", QUICKLY, "--benchmark_repetitions=2")
    assert result.returncode == 2
    assert result.stdout.count("FAILED") == 1
    assert "median of 2" in figures(result.stdout)
    assert_fits(result)


def test_the_repeat_command_can_be_copied(faulty, tmp_path):
    """It is broken into lines that a shell joins, holds every flag that matters and survives blanks in a path."""
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    (folder / "faulty").symlink_to(faulty.path)
    arguments = ["--only=wrong", "--data=denormal", "--cold", "--misalign", "--max-call=3", QUICKLY]
    done = subprocess.run([folder / "faulty", *arguments], capture_output=True, text=True, timeout=120, check=False)
    command = done.stdout.partition("repeat with: ")[2]
    for flag in ("--data=denormal", "--cold", "--misalign", "--max-call=3", "--seed=1337"):
        assert flag in command
    assert all(line.endswith(" \\") for line in command.splitlines()[:-1])
    again = subprocess.run(["bash", "-c", f"{command.strip()} {QUICKLY}"], capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "error_over_bound" in again.stdout


def test_long_names_have_a_line_of_their_own():
    """A product of two tensors of six sizes each would push the figures off the screen."""
    product = built("broadcast_matmul")
    shapes = "100x100x1x1x10x1@100x100x1x1x1x10,2x3@3x2"
    result = product(f"--shapes={shapes}", "--only=scalar_loop", QUICKLY)
    assert result.returncode == 0, result.stderr
    assert_fits(result)
    assert "100x100x1x1x10x1@100x100x1x1x1x10" in result.stdout
    listed = [row for row in product.plan(f"--shapes={shapes}", "--only=scalar_loop")["rows"] if not row["skipped"]]
    assert len([line for line in result.stdout.splitlines() if FIGURES.search(line)]) == len(listed)


def test_colour_on_a_terminal_alone_and_not_against_the_users_wish(binary):
    assert "\x1b[" not in binary(*ONE_ROW).stdout
    assert "\x1b[" in binary(*ONE_ROW, "--benchmark_color=true").stdout
    assert "\x1b[" in on_a_terminal(binary, *ONE_ROW)
    assert "\x1b[" not in on_a_terminal(binary, *ONE_ROW, NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(binary, *ONE_ROW, "--benchmark_color=false")
    assert "\x1b[" not in on_a_terminal(binary, *ONE_ROW, TERM="dumb")


def test_rows_appear_as_they_finish(faulty):
    """A table at the end leaves people before an empty screen for minutes."""
    slow = [faulty.path, "--only=right", "--shapes=2x8x4,2x8x6", "--benchmark_min_time=1"]
    with subprocess.Popen(slow, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        lines = [running.stdout.readline(), running.stdout.readline()]
        assert "2x8x4" in lines[1]
        assert running.poll() is None
        running.kill()


def test_a_time_unit_that_was_asked_for_is_kept(binary):
    assert re.search(r" [\d.e-]+ ms ", binary(*ONE_ROW, "--benchmark_time_unit=ms").stdout)
    assert binary.rows(*ONE_ROW, "--benchmark_time_unit=ms")[0]["time_unit"] == "ms"


@pytest.mark.parametrize("arguments", [ONE_ROW, ("--list",), (*ONE_ROW, "--benchmark_format=json")])
def test_a_full_disk_is_told(binary, arguments):
    """Would end with 0, and half a result."""
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run([binary.path, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 1
    assert "cannot write all of it to the standard output" in done.stderr.splitlines()[-1]
