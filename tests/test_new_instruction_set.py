"""CONTRIBUTING.md's promise: a new instruction set costs four files. The recipe's own edits are what is made: the set
is listed, verified, timed, and told apart in tables and figures; where the CPU lacks it, it is skipped with the reason.
"""

import csv
import platform

import additions
import pytest
from trilbench import paths
from trilbench.bench import command as bench
from trilbench.commands import BenchOptions
from trilbench.report.figures.palette import symbol
from trilbench.report.table import variant_order
from trilbench.stop import Exit

NAME = additions.NEW_SET
SHAPES = "--shapes=3x17x5,2x130x33"
OF_THE_SET = {NAME, f"auto-{NAME}"}


@pytest.fixture
def grown(tree, monkeypatch):
    """The tree, which has the set from the start."""
    if platform.machine() != "x86_64":
        pytest.skip(f"{NAME} is an instruction set of x86-64")
    tree.build("bench_causal_mean")
    monkeypatch.setattr(paths, "ROOT", tree.source)
    paths.lane_sets.cache_clear()
    monkeypatch.setattr(bench, "build", lambda *_, **__: tree.build_folder)
    yield tree
    paths.lane_sets.cache_clear()


def test_a_new_instruction_set_is_listed_verified_and_timed(grown, tmp_path, capsys):
    rows = grown.listed("bench/causal_mean", SHAPES)
    own = [row for row in rows if row["isa"] in OF_THE_SET]
    assert {row["isa"] for row in own} == OF_THE_SET
    assert {row["implementation"] for row in own} == {row["implementation"] for row in rows}
    if reasons := {row["skipped"] for row in own if row["skipped"]}:
        pytest.skip(f"listed, and no more: {reasons}")
    folder = tmp_path / "run"
    words = ["--operations=causal_mean", "--no-install", f"--out={folder}", f"--isa={NAME},auto-{NAME},sse2"]
    assert bench.main(BenchOptions.parse([*words, "--", SHAPES, "--benchmark_min_time=0.001"])) == Exit.FINE
    with (folder / "summary.csv").open(newline="") as file:
        timed = [row for row in csv.DictReader(file) if row["isa"] in OF_THE_SET]
    assert len(timed) == len(own)
    assert all(float(row["error_over_bound"]) <= 1 for row in timed)
    assert f"prefix_mean/{NAME}" in capsys.readouterr().out
    assert f"prefix_mean/{NAME}" in (folder / "report.html").read_text()


def test_it_has_its_place_in_tables_and_a_marker_of_its_own(grown):
    variants = [f"prefix_mean/{isa}" for isa in ("sse2", "avx2", NAME, "avx512")]
    assert sorted(set(variants), key=variant_order) == variants
    assert symbol(f"auto-{NAME}").startswith(symbol(NAME)) and symbol(NAME) not in {
        symbol(isa) for isa in ("scalar", "sse2", "avx2", "avx512")
    }


def test_a_cpu_without_it_skips_it_with_the_reason(grown, qemu):
    rows = grown.listed("bench/causal_mean", SHAPES, prefix=(qemu, "-cpu", "Haswell"))
    assert {row["skipped"] for row in rows if row["isa"] in OF_THE_SET} == {"this CPU has no AVX-512 F"}
    assert not any(row["skipped"] for row in rows if row["isa"] == "sse2")
