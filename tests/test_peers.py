"""The program that measures OpenBLAS: with the library if this machine has one, with a stand-in, and with neither."""

import json
import os
import shutil
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
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_", "KMP_"))}
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=120, env={**environment, **variables}
    )


@pytest.fixture
def stand_in(tmp_path):
    """Compiles the library's stand-in, with a fault if one is named, and returns its path."""

    def make(fault=None):
        compiler = shutil.which("c++") or shutil.which("g++")
        assert compiler, "there is no C++ compiler"
        library = tmp_path / f"lib{fault or 'plain'}.so"
        source = ROOT / "tests" / "stand_ins" / "openblas.cpp"
        define = [f"-D{fault}"] if fault else []
        subprocess.run([compiler, "-std=c++20", "-shared", "-fPIC", *define, source, "-o", library], check=True)
        return library

    return make


QUICKLY = ["--benchmark_min_time=0.001", "--benchmark_format=json"]


def test_its_products_are_right_at_odd_sizes_and_named_as_peers():
    """A transposed triangle, the upper one, or a wrong leading dimension: any would break the bound by far."""
    done = run("--shapes=2x17x5,1x64x33,3x1x1", *QUICKLY)
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
    done = run("--shapes=1x8x8", *QUICKLY)
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


def test_an_empty_choice_is_none():
    """dlopen("") is the program itself."""
    done = run("--shapes=1x8x8", *QUICKLY, library="")
    assert "TRILBENCH_OPENBLAS" not in done.stderr and "lacks" not in done.stderr


def test_the_routines_are_asked_for_what_they_should_compute(stand_in):
    """Swapped sizes, a wrong leading dimension, another order or triangle: on machines without the library too."""
    done = run("--shapes=2x17x5,1x64x33,3x1x1", *QUICKLY, library=stand_in())
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert len(document["benchmarks"]) == 6
    assert all(row["error_over_bound"] <= 1 for row in document["benchmarks"])
    assert "floating-point" not in document["context"]["library"]


def test_a_wrong_product_is_seen(stand_in):
    """A library that is let through unverified: what it computes would be fast and worthless. It fails no run, and its
    error stands beside its time."""
    done = run("--shapes=2x17x5", *QUICKLY, library=stand_in("UPPER_TRIANGLE"))
    rows = {row["name"].split("/")[1]: row for row in json.loads(done.stdout)["benchmarks"]}
    assert done.returncode == 0, done.stderr
    assert rows["openblas_strmm"]["error_over_bound"] > 1000
    assert rows["openblas_sgemm"]["error_over_bound"] <= 1


def test_a_library_that_changes_the_floating_point_mode_is_put_right_and_named(stand_in):
    """Flush-to-zero, left on by loading, would be in force for every row and sample of the limits after it."""
    done = run("--shapes=2x17x5", *QUICKLY, library=stand_in("CHANGES_THE_MODE"))
    assert done.returncode == 0, done.stderr
    assert "floating-point mode, which was put back" in json.loads(done.stdout)["context"]["library"]


@pytest.mark.parametrize(
    ("fault", "threads", "reason"),
    [("SIZES_OF_64_BITS", 1, "sizes of 64 bits"), ("ONE_THREAD", 2, "built for one thread")],
)
def test_a_library_of_the_wrong_build_is_refused(stand_in, fault, threads, reason):
    """The upper halves of its sizes would be garbage; one thread would pass for two."""
    done = run("--shapes=1x8x8", f"--threads={threads}", *QUICKLY, library=stand_in(fault))
    assert done.returncode == 5
    assert reason in done.stderr


def test_our_team_leaves_the_cores_to_the_library(stand_in):
    """Spinning until the next sample of the limits, ours would take the cores that the library needs; bound, they would
    bind all of its threads to one core."""
    done = run("--shapes=1x8x8", *QUICKLY, library=stand_in())
    context = json.loads(done.stdout)["context"]
    assert (context["OMP_PROC_BIND"], context["GOMP_SPINCOUNT"], context["KMP_BLOCKTIME"]) == ("false", "10000", "1")


def test_the_users_own_library_wins(monkeypatch):
    """Whoever names a library would get the figures of another."""
    monkeypatch.setenv("TRILBENCH_OPENBLAS", "/opt/mine/libopenblas.so")
    monkeypatch.setattr(peers, "find_openblas", lambda *_: {"TRILBENCH_OPENBLAS": "another"})
    assert peers.ensure(install=False) == {}


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
