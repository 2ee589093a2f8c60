"""The programs of a build for another machine, started by its emulator (TRILBENCH_LAUNCHER): they list, verify and
time, and say what they ran on."""

import json

import pytest
from built_binaries import LAUNCHER, ROOT, built, lane_sets

pytestmark = pytest.mark.skipif(not LAUNCHER, reason="the build is this machine's own")

# causal_mean's: rows narrower than a register, long enough for a quotient that an approximate division misses.
SHAPES = {
    "attention_decode": "1x2x17x5,1x4g2x65x16",
    "broadcast_matmul": "3x1x2x3@5x3x4,17x5@5x33",
    "causal_attention": "1x2x17x5,1x1x65x16",
    "causal_mean": "3x17x1,2x64x2,2x64x3,2x64x4,3x17x5",
    "causal_softmax": "17,1,130",
    "causal_weighted_mean": "2x17x5,1x64x33",
    "machine": "4096",
    "tril_matmul": "2x17x5,1x64x33",
}
SETS = {"scalar", *lane_sets(), *(f"auto-{name}" for name in lane_sets())}


def test_every_operation_is_tried():
    assert {file.parent.name for file in ROOT.glob("src/operations/*/operation.cpp")} == set(SHAPES)


@pytest.mark.parametrize("program", SHAPES)
def test_it_lists_verifies_and_times(program):
    binary = built(program)
    listed = [row for row in binary.plan(f"--shapes={SHAPES[program]}")["rows"] if not row["skipped"]]
    assert listed
    done = binary(f"--shapes={SHAPES[program]}", "--benchmark_min_time=0.001", "--benchmark_format=json", timeout=300)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["context"]["isa_supported"].split() == lane_sets()
    rows = document["benchmarks"]
    sets = {row["name"].split("/")[2] for row in rows}
    assert set(lane_sets()) <= sets <= SETS
    assert all(row["error_over_bound"] <= 1 and not row.get("error_occurred") for row in rows)
