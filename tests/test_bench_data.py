"""--data: what is timed, and that it is what is verified."""

import json

import pytest
from built_binaries import QUICKLY, built, one_line

PATIENTLY = "--benchmark_min_time=0.2"  # for what goes wrong after many calls
NAMES = ["normal", "positive", "spread", "denormal"]
PROBLEMS = {
    "causal_mean": "3x37x17",
    "tril_matmul": "3x37x17",
    "causal_softmax": "67",
    "causal_weighted_mean": "3x67x17",
    "causal_attention": "1x2x67x17",
    "attention_decode": "2x4g2x67x17",
    "broadcast_matmul": "2x1x9x17@3x17x5",
    "machine": "1000",
}


@pytest.mark.parametrize("operation", PROBLEMS)
@pytest.mark.parametrize("name", NAMES)
def test_every_variant_is_right_on_the_data_that_are_timed(operation, name):
    """A reference of other inputs than those that were timed would fail every row; so would a bound that does not
    hold for them."""
    program = built(operation)
    result = program(f"--data={name}", f"--shapes={PROBLEMS[operation]}", QUICKLY, "--benchmark_format=json")
    assert result.returncode == 0, result.stdout
    document = json.loads(result.stdout)
    assert document["context"]["data"] == name
    assert all(row["error_over_bound"] <= 1 for row in document["benchmarks"])


@pytest.mark.parametrize("operation", PROBLEMS)
def test_help_says_what_the_names_mean(operation):
    lines = built(operation)("--help").stdout.splitlines()
    assert [line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in NAMES] == NAMES


def test_the_data_of_timing_are_those_asked_for(faulty):
    """`wrong_later` is wrong only while it is timed: the message tells on which inputs."""
    for name, kind in (("normal", "PyTorch's randn"), ("positive", "uniform on [0, 1)"), ("denormal", "denormals")):
        result = faulty("--only=wrong_later", f"--data={name}", PATIENTLY, "--benchmark_format=json")
        assert result.returncode == 2
        message = json.loads(result.stdout)["benchmarks"][0]["error_message"]
        assert f" on {kind} at row 15 column 3" in message
        assert f" --data={name} " in message


def test_one_that_remembers_is_found_on_any_data(faulty):
    for name in NAMES:
        result = faulty("--only=memorising", f"--data={name}", PATIENTLY)
        assert result.returncode == 2, name
        assert "with other inputs" in " ".join(result.stdout.split())


@pytest.mark.parametrize("text", ["abnormal", "normal,denormal", ""])
def test_other_names_are_refused(binary, text):
    result = binary(f"--data={text}")
    assert result.returncode == 1
    assert ("there is normal, positive, spread, denormal" if text else "needs a value") in one_line(result.stderr)
