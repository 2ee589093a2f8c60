"""scripts/compare --instructions, on a small program compiled for it and on the suite's own where that is built."""

import json
import shutil
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from built_binaries import built
from trilbench.commands import CompareOptions
from trilbench.compare import command as compare
from trilbench.compare import instructions
from trilbench.setup import debian
from trilbench.setup.binary import Program
from trilbench.stop import Exit, Stop

NAME = "causal_mean/prefix_mean/avx2/f32/B:4/T:8/C:2/omp:1"
ROW = {"name": NAME, "skipped": None, "bytes": 512.0, "predicted_seconds": 1e-6, "flops": 1.0}

needs_valgrind = pytest.mark.skipif(not shutil.which("valgrind"), reason="valgrind is missing")


@pytest.fixture(scope="module")
def build_folder(tmp_path_factory):
    """Build folders whose one kernel takes so many steps."""
    if not shutil.which("g++"):
        pytest.skip("g++ is missing")
    place = tmp_path_factory.mktemp("counted")

    def make(steps):
        folder = place / str(steps)
        if not folder.exists():
            (folder / "bench").mkdir(parents=True)
            (folder / "CMakeCache.txt").touch()
            source = Path(__file__).parent / "stand_ins/counted_program.cpp"
            settings = [f"-DSTEPS={steps}", f'-DROW=R"({json.dumps(ROW)})"']
            subprocess.run(["g++", "-O1", *settings, source, "-o", folder / "bench/causal_mean"], check=True)
        return str(folder)

    return make


@pytest.fixture
def run(tmp_path):
    return lambda *words: compare.main(CompareOptions.parse(["--instructions", "--out", str(tmp_path / "out"), *words]))


@needs_valgrind
def test_the_same_differs_by_nothing(run, build_folder, capsys, tmp_path):
    # Would catch: a count with the loop's start in it, or the warming call; anything that differs from run to run.
    assert run(build_folder(1000), build_folder(1000)) == Exit.FINE
    shown = capsys.readouterr().out
    assert "the same to the instruction: 1 benchmark" in shown
    assert "not seen: AVX-512" in shown
    (row,) = json.loads((tmp_path / "out/instructions.json").read_text())["benchmarks"]
    assert row["base"] == row["head"]
    assert row["base"] % instructions.CALLS == 0


@needs_valgrind
def test_a_loop_that_is_one_per_cent_longer_is_found(run, build_folder, capsys, monkeypatch):
    # Would catch: a margin made for times, sides exchanged.
    monkeypatch.setattr("sys.__stdout__", io := StringIO())
    assert run(build_folder(1000), build_folder(1010), "--json") == Exit.WRONG_RESULT
    shown = capsys.readouterr().out
    assert "+1.0%" in shown
    assert "regression: 1 of 1 benchmark longer by 0.5% or more" in shown
    (row,) = json.loads(io.getvalue())["benchmarks"]
    assert row["head"] / row["base"] == pytest.approx(1.01, rel=1e-3)


@needs_valgrind
@pytest.mark.parametrize(("steps", "words", "code"), [
    ((1010, 1000), "-1.0%", Exit.FINE),
    ((10_000, 10_001), "+0.01%", Exit.FINE),  # told, though it is far from the margin
    ((1000, 13), f"FAILED {NAME}: failed verification", Exit.WRONG_RESULT),
    ((13, 1000), f"{NAME} fails in base already", Exit.NOT_COMPARABLE),
])  # fmt: skip
def test_what_is_shorter_hardly_longer_or_wrong(run, build_folder, capsys, steps, words, code):
    assert run(*map(build_folder, steps)) == code
    assert words in capsys.readouterr().out


@needs_valgrind
def test_a_real_kernel_is_counted_to_the_instruction(tmp_path):
    # Would catch: another function for the kernel, or a harness in which none is called from the loop.
    binary = built("causal_mean").path
    of = Program(binary, "causal_mean")
    name = "causal_mean/running_sum/scalar/f32/B:4/T:8/C:2/omp:1"
    first, second = (instructions.instructions(["valgrind"], of, (), name, tmp_path) for _ in range(2))
    assert first == second
    assert first / instructions.CALLS > 4 * 8 * 2


@pytest.mark.parametrize(
    ("sides", "words", "message"),
    [
        (["HEAD", "HEAD"], ["--isa=avx512"], "valgrind does not know AVX-512"),
        (["HEAD", "HEAD"], ["--threads=2"], "counts what one thread executes"),
        (["HEAD", "HEAD"], [], "needs valgrind, which is missing here"),
    ],
)
def test_what_cannot_be_counted_is_refused_before_a_build(run, tmp_path, monkeypatch, sides, words, message):
    # Would catch: minutes of building before it is seen that valgrind is missing.
    monkeypatch.setattr(instructions.shutil, "which", lambda *_: None)
    monkeypatch.setattr(instructions, "_VALGRIND", tmp_path)
    monkeypatch.setattr(debian, "available", lambda: False)
    monkeypatch.setattr(compare, "find_both", lambda *_: pytest.fail("it is built"))
    with pytest.raises(Stop, match=message):
        run(*sides, *words)
    assert not (tmp_path / "out").exists()
    with pytest.raises(Stop, match="counts anew, of two builds"):
        compare.main(CompareOptions.parse(["--instructions", str(tmp_path)]))


@pytest.mark.parametrize(
    "text", ["", "fn=(1) main\n0 3\n", "fn=(6) trilbench::bench::Measurement::timed_calls(int)\n0 3\n"]
)
def test_a_program_whose_loop_is_not_found_is_told(text):
    with pytest.raises(ValueError, match="calls one function 5 times"):
        instructions.kernels_of(text)
