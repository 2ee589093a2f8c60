"""The program that measures OpenBLAS, with the library if this machine has one and without it."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from trilbench.setup import peers

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / os.environ.get("TRILBENCH_BUILD", "build/release") / "bench" / "causal_mean_openblas"


def run(*arguments, library=None):
    """Runs the program with the library at that path; None: with what the scripts installed or the system has."""
    if not PROGRAM.exists():
        pytest.skip(f"{PROGRAM} is not built")
    variables = peers.ensure(install=False) if library is None else {"TRILBENCH_OPENBLAS": str(library)}
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=120, env={**os.environ, **variables}
    )


def test_its_products_are_right_at_odd_sizes_and_named_as_peers():
    """A transposed triangle, the upper one, or a wrong leading dimension: any would break the bound by far."""
    done = run("--shapes=2x17x5,1x64x33,3x1x1", "--benchmark_min_time=0.001", "--benchmark_format=json")
    if done.returncode == 5:
        pytest.skip(done.stderr.splitlines()[0])
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["benchmarks"]
    assert {tuple(row["name"].split("/")[:4]) for row in rows} == {
        ("causal_mean", "openblas_strmm", "peer", "f32"),
        ("causal_mean", "openblas_sgemm", "peer", "f32"),
    }
    assert all(0 <= row["error_over_bound"] <= 1 for row in rows)


def test_a_result_names_the_library():
    """Figures of an unknown library would be worth nothing."""
    done = run("--shapes=1x8x8", "--benchmark_min_time=0.001", "--benchmark_format=json")
    if done.returncode == 5:
        pytest.skip(done.stderr.splitlines()[0])
    assert "OpenBLAS" in json.loads(done.stdout)["context"]["library"]


def test_a_library_that_cannot_be_loaded_is_a_reason(tmp_path):
    """A path with a slip must not fall back on another library in silence."""
    done = run("--shapes=1x8x8", library=tmp_path / "libnothing.so")
    assert done.returncode == 5
    assert "TRILBENCH_OPENBLAS cannot be loaded" in done.stderr and "libnothing.so" in done.stderr


def test_a_library_without_its_routines_is_a_reason():
    """Some other library under that name would crash at the first call."""
    done = run("--shapes=1x8x8", library="libm.so.6")
    assert done.returncode == 5
    assert "lacks cblas_sgemm" in done.stderr


def test_the_wheel_comes_before_debians_library(tmp_path):
    """The newer one is the harder rival."""
    environment, dependencies = tmp_path / "venv", tmp_path / "deps"
    assert peers.find_openblas(environment, dependencies) == {}
    debian = dependencies / "peers/usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblas.so.0"
    debian.parent.mkdir(parents=True)
    debian.touch()
    found = peers.find_openblas(environment, dependencies)
    assert found == {"TRILBENCH_OPENBLAS": str(debian), "LD_LIBRARY_PATH": str(debian.parents[1])}
    wheel = environment / "lib/python3.11/site-packages/scipy_openblas32/lib/libscipy_openblas.so"
    wheel.parent.mkdir(parents=True)
    wheel.touch()
    assert peers.find_openblas(environment, dependencies) == {"TRILBENCH_OPENBLAS": str(wheel)}
