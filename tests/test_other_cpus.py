"""The built programs on CPUs that this machine is not: an instruction that the emulated one lacks ends them.

What a CPU lacks is skipped with the reason; the rest is listed, verified and timed, by each program and by
scripts/bench. The programs are those of the build folder in TRILBENCH_BUILD (default build/release).
"""

import csv
import dataclasses
import json
import math
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from built_binaries import built_programs, operation_of
from trilbench.bench import command as bench
from trilbench.commands import BenchOptions
from trilbench.stop import Exit

ROOT = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ.get("TRILBENCH_BUILD", ROOT / "build" / "release")).resolve()
# What qemu 7.2 runs of a Haswell and its like is AVX2; of AVX-512 it has nothing.
WITHOUT_AVX2 = {"scalar", "auto-sse2", "sse2"}
WITH_AVX2 = WITHOUT_AVX2 | {"auto-avx2", "avx2"}
KNOWN = WITH_AVX2 | {"auto-avx512", "avx512"}  # what is said here of sets; of newer ones nothing is
RUNS = {
    "Nehalem": WITHOUT_AVX2,
    "SandyBridge": WITHOUT_AVX2,
    "Haswell": WITH_AVX2,
    "Skylake-Client": WITH_AVX2,
    "EPYC": WITH_AVX2,
}
OF_HEADS = "2x3x17x5,1x4g2x70x33"
SHAPES = {
    "machine": "1000",
    "causal_softmax": "33",
    "broadcast_matmul": "2x5x9@9x7",
    "causal_attention": OF_HEADS,
    "attention_decode": OF_HEADS,
}
OF_SEQUENCES = "3x17x5,1x130x33"


def lacks(cpu: str) -> str:
    return "this CPU has no AVX-512 F" if RUNS[cpu] is WITH_AVX2 else "this CPU has no AVX2"


PROGRAMS = built_programs()


@pytest.fixture(scope="module", autouse=True)
def plain_build() -> None:
    cache = BUILD / "CMakeCache.txt"
    if cache.exists() and "-fsanitize" in cache.read_text():
        pytest.skip("sanitizers do not run under qemu")


def run(qemu: str, cpu: str, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    path = BUILD / program
    if not path.exists():
        pytest.skip(f"{path} is not built")
    command = [qemu, "-cpu", cpu, path, *arguments]
    # Long enough for a machine that has much else to do.
    return subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)


@pytest.mark.parametrize("cpu", RUNS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_lists_verifies_and_times_what_the_cpu_runs(qemu, cpu, program, tmp_path):
    own = operation_of(program) == program
    shapes = f"--shapes={SHAPES.get(operation_of(program), OF_SEQUENCES)}"
    listed = run(qemu, cpu, f"bench/{program}", shapes, "--list=json")
    assert listed.returncode == 0, listed.stderr
    rows = json.loads(listed.stdout)["rows"]
    assert rows
    for row in rows:
        assert (row["workspace_bytes"] is None) == bool(row["skipped"]), row  # which a kernel alone can say
        assert row["bytes"] > 0, row
        assert all(row[figure] >= 0 for figure in ("growth", "flops")), row  # a copy has neither
    if own:
        assert {row["isa"] for row in rows if not row["skipped"]} & KNOWN == RUNS[cpu]
        assert {row["skipped"] for row in rows if row["isa"] in ("avx512", "auto-avx512")} == {lacks(cpu)}
    text = run(qemu, cpu, f"bench/{program}", shapes, "--list")
    assert text.returncode == 0, text.stderr
    assert text.stdout.count("  skipped: ") == sum(bool(row["skipped"]) for row in rows)
    # A few calls of each, for the limits beside a whole run take ten seconds of an emulated FMA.
    running = [row["name"] for row in rows if not row["skipped"]]
    if not own and not running:
        return
    calls = tmp_path / "calls"
    calls.write_text("".join(f"{name} 3\n" for name in running))
    done = run(qemu, cpu, f"bench/{program}", f"--iterations={calls}", "--benchmark_format=json")
    assert done.returncode == 0, done.stderr
    timed = json.loads(done.stdout)["benchmarks"]
    assert [row["name"].partition("/iterations:")[0] for row in timed] == running
    assert all(row["real_time"] > 0 for row in timed)
    assert not own or all(row["error_over_bound"] <= 1 for row in timed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cpu", "operations"),
    [("Nehalem", ["causal_mean", "tril_matmul", "causal_weighted_mean"]), ("Haswell", ["causal_mean"])],
)
def test_scripts_bench_measures_what_the_cpu_runs(qemu, cpu, operations, tmp_path, monkeypatch, capsys):
    """The whole of it: plan, cells with their limits and full verification, tables and report; each program started
    as the script starts it, but on the emulated CPU."""
    programs = tmp_path / "bench"
    programs.mkdir()
    for name in PROGRAMS:
        emulated = programs / name
        emulated.write_text(f'#!/bin/sh\nexec {qemu} -cpu {cpu} {BUILD}/bench/{name} "$@"\n')
        emulated.chmod(0o755)
    monkeypatch.setattr(bench, "build", lambda *_, **__: tmp_path)
    patient = dataclasses.replace(bench.MODES["quick"], deadline=math.inf)
    monkeypatch.setitem(bench.MODES, "quick", patient)  # an emulator on a busy machine is no reason to stop
    folder = tmp_path / "run"
    words = ["--no-install", f"--out={folder}", f"--operations={','.join(operations)}"]
    flags = ["--shapes=3x17x5", "--benchmark_min_time=1e-9"]
    assert bench.main(BenchOptions.parse([*words, "--", *flags])) == Exit.FINE

    manifest = json.loads((folder / "manifest.json").read_text())
    cells = {cell["operation"]: cell["status"] for cell in manifest["cells"]}
    assert cells == dict.fromkeys(operations, "done")
    assert {row["reason"] for row in manifest["skipped"]} == {lacks(cpu)}
    with (folder / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for operation in cells:
        assert {row["isa"] for row in rows if row["operation"] == operation} & KNOWN == RUNS[cpu]
    assert all(float(row["error_over_bound"]) <= 1 for row in rows)
    assert "<table" in (folder / "report.html").read_text()
    said = capsys.readouterr().out
    assert "prefix_mean" in said
    assert lacks(cpu) in said


# Not on Haswell: qemu's masked loads touch the lanes that are masked off, and end at the guard pages.
def test_the_checks_pass_and_name_what_they_could_not_verify(qemu):
    cpu = "Nehalem"
    done = run(qemu, cpu, "tests/trilbench_tests", "--test-case=causal_mean: one problem of each kind")
    assert done.returncode == 0, done.stdout
    assert "causal_mean/prefix_mean/sse2: 5 problems" in done.stdout
    for row in ["prefix_mean/avx2", "prefix_mean/avx512", "running_sum/auto-avx2"]:
        assert f"not verified on this CPU: causal_mean/{row}: {lacks(cpu)}" in done.stdout


def test_an_instruction_too_many_would_be_seen(qemu, tmp_path):
    """The emulator is only worth something if it refuses what the CPU lacks."""
    compiler = shutil.which("c++") or shutil.which("g++")
    assert compiler, "there is no C++ compiler"
    source = tmp_path / "leak.cpp"
    source.write_text("float x[8]; int main() { for (float& v : x) v += 1; }")
    subprocess.run([compiler, "-O3", "-mavx", source, "-o", tmp_path / "leak"], check=True)
    assert subprocess.run([qemu, "-cpu", "Haswell", tmp_path / "leak"], check=False).returncode == 0
    assert subprocess.run([qemu, "-cpu", "Nehalem", tmp_path / "leak"], check=False).returncode != 0
