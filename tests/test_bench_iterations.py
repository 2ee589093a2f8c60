"""--iterations=FILE of the benchmark binaries: as many calls as the file says, and still no wrong row timed as fine."""

import json

import pytest
from built_binaries import QUICKLY, one_line

SUM = "causal_mean/running_sum/scalar/f32/B:4/T:8/C:2/omp:1"
LOOP = "causal_mean/scalar_loop/scalar/f32/B:3/T:17/C:5/omp:1"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "rows.txt"


def rows(program, file, *arguments):
    result = program(f"--iterations={file}", *arguments, "--benchmark_format=json")
    assert result.returncode == 0, result.stderr
    return [row for row in json.loads(result.stdout)["benchmarks"] if row["run_type"] == "iteration"]


def test_each_row_makes_its_own_number_of_calls(binary, file):
    # Would catch: one number for all rows, rows that were not named, a number that Google Benchmark chooses.
    file.write_text(f"{SUM} 1234\n\n{LOOP} 7\n")
    found = rows(binary, file, "--benchmark_repetitions=3")
    assert {row["name"].partition("/iterations:")[0] for row in found} == {SUM, LOOP}
    assert sorted(row["iterations"] for row in found) == [7] * 3 + [1234] * 3


def test_limits_and_full_verification_are_left_out(binary, file):
    # Would catch: rounds in which most of the time goes to what a first run has done already.
    file.write_text(f"{SUM} 1000\n")
    (row,) = rows(binary, file)
    assert "of_limit" not in row
    assert 0 <= row["error_over_bound"] <= 1


@pytest.mark.parametrize("name", ["wrong", "wrong_later", "skipping", "changing_mode"])
def test_faults_are_caught_all_the_same(faulty, file, name):
    # Would catch: an implementation that is fast because it stopped computing. One that remembers its answer is the
    # business of the first run: the inputs do not change here.
    file.write_text(f"causal_mean/{name}/scalar/f32/B:4/T:16/C:4/omp:1 50000\n")
    result = faulty(f"--iterations={file}", "--benchmark_format=json")
    assert result.returncode == 2
    assert json.loads(result.stdout)["benchmarks"][0]["error_occurred"] is True


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no row"),
        ("\n\n", "names no row"),
        ("causal_mean/running_sum 5", "is no benchmark's name"),
        (SUM, "is not a benchmark's name and a number of calls"),
        (f"{SUM} 0", "is not a benchmark's name and a number of calls"),
        (f"{SUM} -1", "is not a benchmark's name and a number of calls"),
        (f"{SUM} 99999999999999999999", "is not a benchmark's name and a number of calls"),
        (f"{SUM} 5 6", "is not a benchmark's name and a number of calls"),
        (SUM.replace("running", "walking") + " 5", "is no benchmark of this program"),
        (SUM.replace("B:4/T:8", "T:4/B:8") + " 5", "is no benchmark of this program"),
        (SUM.replace("omp:1", "omp:100000") + " 5", "more threads than this process may use"),
        (SUM.replace("T:8", "T:0") + " 5", "is less than 1"),
        ("\x00\xff\x01", "is no"),
    ],
)
def test_a_file_that_says_nothing_useful_is_one_line_and_exit_1(binary, file, text, words):
    file.write_text(text, encoding="latin-1")
    result = binary(f"--iterations={file}", QUICKLY)
    assert result.returncode == 1
    assert words in one_line(result.stderr)


def test_a_file_that_is_not_there(binary, tmp_path):
    result = binary(f"--iterations={tmp_path / 'none'}")
    assert result.returncode == 1
    assert "cannot read" in one_line(result.stderr)
    assert "No such file" in result.stderr
