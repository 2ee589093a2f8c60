"""CONTRIBUTING.md's promise: a new operation costs its folder, a file in bench/ and one in tests/. The recipe's own
files are what is added: the operation is tested, verified, timed, drawn and in the report without another edit."""

import csv

import additions
import pytest
from trilbench import paths
from trilbench.again import command as again
from trilbench.bench import command as bench
from trilbench.commands import BenchOptions, PlotOptions
from trilbench.stop import Exit

NAME = "causal_maximum"


@pytest.fixture
def grown(tree, monkeypatch):
    """The tree with the operation."""
    for file, code in additions.recipe("An operation").items():
        tree.add(file, code)
    monkeypatch.setattr(paths, "ROOT", tree.source)
    monkeypatch.setattr(bench, "build", lambda *_, **__: tree.build_folder)
    return tree


def test_a_new_operation_is_tested_timed_drawn_and_reported(grown, tmp_path, capsys):
    grown.build(f"bench_{NAME}", "trilbench_tests")

    tests = grown.run("tests/trilbench_tests", f"--test-case={NAME}*")
    assert tests.returncode == 0, tests.stdout
    assert f"{NAME}/scalar_loop/scalar: 3 problems" in tests.stdout

    folder = tmp_path / "run"
    flags = [f"--operations={NAME}", "--no-install", f"--out={folder}"]
    assert bench.main(BenchOptions.parse([*flags, "--", "--benchmark_min_time=0.001"])) == Exit.FINE
    assert f"{NAME}, float32, 1 thread" in capsys.readouterr().out
    with (folder / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["operation"] for row in rows} == {NAME}
    assert {"4x8x2", "8x256x64"} == {f"{row['B']}x{row['T']}x{row['C']}" for row in rows}
    assert all(float(row["error_over_bound"]) == 0 for row in rows)  # a maximum does not round
    page = (folder / "report.html").read_text()
    assert NAME in page and "scalar_loop" in page
    assert (
        again.main(PlotOptions.parse(["--no-install", str(folder), "--figure=time", f"--operations={NAME}"]))
        == Exit.FINE
    )
    assert list((folder / "figures").glob(f"*{NAME}*.svg"))


def test_a_wrong_one_is_seen(grown):
    """Nothing of this worth anything if the operation's checks let a kernel through that loses a NaN, or a term."""
    file = f"src/operations/{NAME}/scalar_loop.cpp"
    code = additions.recipe("An operation")[file]
    for right, wrong in ((" || std::isnan(x[k * C + c])", ""), ("k <= t", "k < t")):
        assert right in code
        grown.add(file, code.replace(right, wrong))
        grown.build(f"bench_{NAME}")
        done = grown.run(f"bench/{NAME}", "--shapes=2x33x5", "--isa=scalar", "--benchmark_min_time=0.001")
        assert done.returncode == 2, done.stdout
    grown.add(file, code)
