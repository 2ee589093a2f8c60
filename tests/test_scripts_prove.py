"""scripts/prove: what it takes for proven, against rows whose figures are known; and its flow against stand-ins."""

import os
from pathlib import Path

import pytest
from trilbench.prove import command as prove
from trilbench.prove.command import agree, counts, reaches, takes, twin_differences
from trilbench.results.names import parse_name
from trilbench.results.rows import Repetition, RowResult
from trilbench.setup.binary import Program, list_rows
from trilbench.stop import Exit, Stop

BUILD = Path(__file__).resolve().parents[1] / os.environ.get("TRILBENCH_BUILD", "build/release")


def row(variant, *seconds, shape="B:4/T:8/C:2", **counters):
    name = parse_name(f"causal_mean/{variant}/f32/{shape}/omp:1")
    return RowResult(name, tuple(Repetition(value, 1000, counters) for value in seconds), "")


@pytest.mark.parametrize(("median", "holds"), [(2e-3, True), (1.97e-3, True), (2.05e-3, False), (1.95e-3, False)])
def test_a_call_of_known_time(median, holds):
    # Would catch: the minimum in place of the median, a bound on one side only.
    assert takes(row("sleeps_2ms/scalar", 0.1e-3, median, 9e-3), 2e-3).holds is holds


def test_a_kernel_of_known_flops():
    # Would catch: a rate by total time, one repetition of several looked at.
    assert counts(row("fma/avx2", 0.5, 0.5, flops_per_second=8.0), 4.0).holds
    assert not counts(row("fma/avx2", 0.5, 0.51, flops_per_second=8.0), 4.0).holds


def test_the_fastest_row_must_reach_the_limit_and_not_pass_it():
    # Would catch: every instruction set asked for what only the fastest can, a share above the limit that is fine.
    good, slow = row("copy/avx2", 1.0, of_limit=0.95, of_peak=0.98), row("copy/sse2", 2.0, of_limit=1.0, of_peak=0.2)
    above = row("copy/avx512", 0.9, of_limit=1.04, of_peak=1.04)
    for share in (("of_limit", prove.SHARE_OF_LIMIT), ("of_peak", prove.SHARE_OF_PEAK)):
        assert reaches([slow, good], *share, "").holds
        assert not reaches([good, above], *share, "").holds
    assert not reaches([slow], "of_peak", prove.SHARE_OF_PEAK, "").holds


def test_twins_are_compared_pair_by_pair():
    # Would catch: means over rows that hide a pair, a pair whose second half was skipped, one outlier that decides.
    rows = [
        *(row("a/avx2", 1.0), row("a_again/avx2", 1.0)),
        *(row("b/avx2", 1.0), row("b_again/avx2", 1.01)),
        *(row("c/avx2", 1.0), row("c_again/avx2", 2.0)),
        row("d/avx2", 7.0),
    ]
    assert sorted(twin_differences(rows).values()) == pytest.approx([0.0, 0.01 / 1.01, 0.5])
    claim = agree(rows)
    assert claim.holds
    assert "3 pairs" in claim.what
    assert "worst 50.0% (causal_mean/c/avx2" in claim.measured
    assert not agree(rows[2:]).holds


def test_copies_lie_where_they_are_said_to():
    # Would catch: arrays that do not fit into the cache they are named after, or that fit into the one before.
    caches = {"L1d": 48 * 2**10, "L2": 2 * 2**20, "L3": 480 * 2**20}
    places = dict(prove.copies(caches))
    assert list(places) == ["L1d, 24 KiB", "L2, 1024 KiB", "L3, 16384 KiB", "DRAM"]
    assert places["L2, 1024 KiB"] == ("--shapes=131072",)
    assert "--cold" in places["DRAM"]
    assert list(prove.copies({})) == [("DRAM", places["DRAM"])]


def bench_of(fake_binary, tmp_path):
    for name in ("known_rows", "machine", "twins"):
        fake_binary.beside(name)
    return prove.Bench(fake_binary.path.parent, tmp_path)


def test_rows_come_from_the_binary_asked_for(fake_binary, tmp_path):
    rows = bench_of(fake_binary, tmp_path).rows("machine", "--shapes=4x8x2")
    assert {row.name.operation for row in rows} == {"machine"}
    assert [len(row.repetitions) for row in rows] == [9, 9, 9]


@pytest.mark.parametrize(("behaviour", "code"), [("wrong", Exit.WRONG_RESULT), ("crash", Exit.TOOL_FAILED)])
def test_a_binary_that_fails_proves_nothing(fake_binary, tmp_path, behaviour, code, capsys):
    # Would catch: a claim made of an earlier result, a crash without a word of it.
    bench = bench_of(fake_binary, tmp_path)
    bench.rows("machine", "--shapes=4x8x2")
    fake_binary.misbehave(**{"machine/4x8x2": behaviour})
    with pytest.raises(Stop, match="machine: ") as stop:
        bench.rows("machine", "--shapes=4x8x2")
    assert stop.value.code == code
    assert "--shapes=4x8x2" in capsys.readouterr().err


def test_a_missing_binary_is_told(tmp_path):
    with pytest.raises(Stop, match="TRILBENCH_TESTS"):
        prove.Bench(tmp_path, tmp_path).program("twins")


def test_every_variant_has_its_twin():
    # Would catch: names that point into memory which moved, variants or limits that are compared with nothing.
    programs = [Program(BUILD / "bench" / name, name) for name in ("causal_mean", "twins")]
    if not all(program.path.exists() for program in programs):
        pytest.skip("the binaries are not built")
    variants, twins = ({row.name.variant for row in list_rows(program, ["--shapes=4x8x2"], 1)} for program in programs)
    assert twins == variants | {variant.replace("/", "_again/") for variant in variants}
