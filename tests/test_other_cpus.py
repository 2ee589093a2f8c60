"""The built programs on CPUs that this machine is not: an instruction that the emulated one lacks ends them.

What a CPU lacks is skipped with the reason; the rest is verified. The programs are those of the build folder in
TRILBENCH_BUILD (default build/release).
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = Path(os.environ.get("TRILBENCH_BUILD", ROOT / "build" / "release")).resolve()
WITHOUT_AVX2 = {"scalar", "auto-sse2", "sse2"}
# What qemu 7.2 runs of a Haswell is AVX2; of AVX-512 it has nothing.
RUNS = {"Nehalem": WITHOUT_AVX2, "SandyBridge": WITHOUT_AVX2, "Haswell": WITHOUT_AVX2 | {"auto-avx2", "avx2"}}
LACKS = {
    "Nehalem": "this CPU has no AVX2",
    "SandyBridge": "this CPU has no AVX2",
    "Haswell": "this CPU has no AVX-512 F",
}


@pytest.fixture(scope="module", autouse=True)
def plain_build() -> None:
    cache = BUILD / "CMakeCache.txt"
    if cache.exists() and "-fsanitize" in cache.read_text():
        pytest.skip("sanitizers do not run under qemu")


def run(qemu: str, cpu: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = BUILD / program
    if not path.exists():
        pytest.skip(f"{path} is not built")
    # A program that set its OpenMP policy would start itself again, and outside the emulator.
    env = os.environ | {"OMP_WAIT_POLICY": "passive", "OMP_PROC_BIND": "false"}
    command = [qemu, "-cpu", cpu, path, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=300, check=False)


@pytest.mark.parametrize("cpu", RUNS)
def test_the_benchmark_skips_what_the_cpu_lacks_and_verifies_the_rest(qemu, cpu):
    arguments = ["--shapes=3x17x5,1x130x33", "--benchmark_min_time=0.001"]
    done = run(qemu, cpu, "bench/causal_mean", *arguments, "--benchmark_format=json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["benchmarks"]
    assert {row["name"].split("/")[2] for row in rows} == RUNS[cpu]
    assert all(row["error_over_bound"] <= 1 for row in rows)
    assert f"skipped, {LACKS[cpu]}: " in done.stderr


# Not on Haswell: qemu's masked loads touch the lanes that are masked off, and end at the guard pages.
@pytest.mark.parametrize("cpu", ["Nehalem", "SandyBridge"])
def test_the_checks_pass_and_name_what_they_could_not_verify(qemu, cpu):
    done = run(qemu, cpu, "tests/trilbench_tests", "--test-case=*: one problem of each kind")
    assert done.returncode == 0, done.stdout
    assert "causal_mean/prefix_mean/sse2: 5 problems" in done.stdout
    for row in ["prefix_mean/avx2", "prefix_mean/avx512", "running_sum/auto-avx2"]:
        assert f"not verified on this CPU: causal_mean/{row}: {LACKS[cpu]}" in done.stdout


def test_an_instruction_too_many_would_be_seen(qemu, tmp_path):
    """The emulator is only worth something if it refuses what the CPU lacks."""
    compiler = shutil.which("c++") or shutil.which("g++")
    assert compiler, "there is no C++ compiler"
    source = tmp_path / "leak.cpp"
    source.write_text("float x[8]; int main() { for (float& v : x) v += 1; }")
    subprocess.run([compiler, "-O3", "-mavx", source, "-o", tmp_path / "leak"], check=True)
    assert subprocess.run([qemu, "-cpu", "Haswell", tmp_path / "leak"], check=False).returncode == 0
    assert subprocess.run([qemu, "-cpu", "Nehalem", tmp_path / "leak"], check=False).returncode != 0
