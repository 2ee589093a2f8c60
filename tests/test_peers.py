"""The programs that measure libraries: with the library if this machine has it; those of the C interface to BLAS also
with a stand-in, and with neither."""

import functools
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from trilbench.setup import peers

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = ROOT / os.environ.get("TRILBENCH_BUILD", "build/release") / "bench"
QUICKLY = ["--benchmark_min_time=0.001", "--benchmark_format=json"]

CBLAS = ["openblas", "mkl", "blis"]
LOADED = [*CBLAS, "ggml", "onnxruntime"]  # when their programs run
OF_CBLAS = {
    "attention_decode": ["sgemm_softmax", "sgemv_softmax"],
    "broadcast_matmul": ["sgemm", "sgemm_batch"],
    "causal_attention": ["sgemm_softmax"],
    "causal_mean": ["sgemm", "strmm"],
    "tril_matmul": ["sgemm", "strmm"],
}
ROUTINES = {
    f"{operation}_{library}": {f"{library}_{routine}" for routine in routines}
    for operation, routines in OF_CBLAS.items()
    for library in CBLAS
} | {
    "attention_decode_ggml": {"ggml_flash_attn_ext"},
    "attention_decode_onnxruntime": {"onnxruntime_mha"},
    "attention_decode_torch": {"torch_sdpa", "torch_sdpa_grouped"},
    "broadcast_matmul_eigen": {"eigen_dense"},
    "broadcast_matmul_torch": {"torch_matmul"},
    "causal_attention_ggml": {"ggml_flash_attn_ext"},
    "causal_attention_onnxruntime": {"onnxruntime_gqa"},
    "causal_attention_torch": {"torch_masked_fill", "torch_sdpa"},
    "causal_mean_eigen": {"eigen_dense", "eigen_triangular"},
    "causal_mean_torch": {"torch_cumsum"},
    "causal_softmax_eigen": {"eigen_array"},
    "causal_softmax_onnxruntime": {"onnxruntime_mask_added"},
    "causal_softmax_torch": {"torch_mask_added", "torch_masked_fill"},
    "causal_weighted_mean_eigen": {"eigen_softmax_dense", "eigen_softmax_triangular"},
    "causal_weighted_mean_torch": {"torch_softmax_bmm", "torch_softmax_matmul"},
    "tril_matmul_eigen": {"eigen_dense", "eigen_triangular"},
    "tril_matmul_torch": {"torch_bmm", "torch_matmul"},
}
ONE_THREAD = {"eigen_array", "eigen_softmax_dense", "eigen_softmax_triangular", "eigen_triangular"}
SEQUENCES = "2x17x5,1x64x33,3x1x1,2x130x40"
ODD_SHAPES = {
    "attention_decode": "2x3x17x5,1x4g2x130x8,1x1x600x8",
    "broadcast_matmul": "3x1x2x3@5x3x4,17x5@5x33,2x2x3x1x4x5@3x7x5x2",
    "causal_attention": "2x3x17x8,1x4g2x9x5,1x2x130x32",
    "causal_mean": SEQUENCES,
    "causal_softmax": "17,1,130",
    "causal_weighted_mean": SEQUENCES,
    "tril_matmul": SEQUENCES,
}
ERRORS_OVER_BOUND: dict[str, float] = {}  # of routines that are less accurate than what is asked of our own variants


def missing(program, reason):
    """Skips; fails where TRILBENCH_NEED_PEERS names the program's library ("eigen,openblas"), as it does where the
    tests must not be skipped."""
    needed = os.environ.get("TRILBENCH_NEED_PEERS", "").split(",")
    (pytest.fail if program.rpartition("_")[2] in needed else pytest.skip)(reason)


def run(*arguments, program="causal_mean_openblas", library=None):
    """Runs the program, of the C interface to BLAS with the library at that path; None: with what the scripts installed
    or the system has."""
    path = PROGRAMS / program
    if not path.exists():
        missing(program, f"{path} is not built")
    peer = program.rpartition("_")[2]
    installed = peers.ensure(install=False)[peer].environment
    variables = installed if library is None else {f"TRILBENCH_{peer.upper()}": str(library)}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("OMP_", "GOMP_", "KMP_"))}
    return subprocess.run(
        [path, *arguments], capture_output=True, text=True, timeout=300, env={**environment, **variables}
    )


def document_of(program, *arguments):
    """What a run of the program with its library measures, if there is the library."""
    done = run(*arguments, *QUICKLY, program=program)
    if done.returncode == 5:
        missing(program, done.stderr.splitlines()[0])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def routine(row):
    return row["name"].split("/")[1]


def are_right(rows):
    return all(0 <= row["error_over_bound"] <= ERRORS_OVER_BOUND.get(routine(row), 1) for row in rows)


def test_every_program_is_expected():
    """A library's routine without the tests below."""
    found = {}
    for file in ROOT.glob("src/peers/*/routines.cpp"):
        for operation, name in re.findall(r'\{"(\w+)", "(\w+)", std::nullopt', file.read_text()):
            found.setdefault(f"{operation}_{file.parent.name}", set()).add(name)
    assert found == ROUTINES


@pytest.mark.parametrize("program", sorted(ROUTINES))
def test_its_results_are_right_at_odd_sizes_and_named_as_peers(program):
    """A transposed triangle, the upper one, or a wrong leading dimension: any would break the bound by far."""
    operation = program.rpartition("_")[0]
    rows = document_of(program, f"--shapes={ODD_SHAPES[operation]}")["benchmarks"]
    names = {(operation, name, "peer", "f32") for name in ROUTINES[program]}
    assert {tuple(row["name"].split("/")[:4]) for row in rows} == names
    assert are_right(rows)


@pytest.mark.parametrize("program", sorted(ROUTINES))
def test_it_computes_what_lies_in_the_arrays_of_this_call(program):
    """What a library was told of the arrays of one call and keeps for the next, which has others: cold runs change
    them from call to call."""
    operation = program.rpartition("_")[0]
    rows = document_of(program, f"--shapes={ODD_SHAPES[operation].split(',')[0]}", "--cold")["benchmarks"]
    assert rows
    assert are_right(rows)


@pytest.mark.parametrize("program", sorted(ROUTINES))
def test_it_is_right_with_two_threads_or_refuses_them(program):
    """One thread's time under the name of two."""
    operation = program.rpartition("_")[0]
    if ROUTINES[program] <= ONE_THREAD:
        done = run(f"--shapes={ODD_SHAPES[operation]}", "--threads=2", program=program)
        assert (done.returncode, "on one thread" in done.stderr) == (5, True)
        return
    rows = document_of(program, f"--shapes={ODD_SHAPES[operation]}", "--threads=2")["benchmarks"]
    assert {routine(row) for row in rows} == ROUTINES[program] - ONE_THREAD
    assert are_right(rows)


@pytest.mark.parametrize("program", sorted(ROUTINES))
def test_a_result_names_the_library(program):
    """Figures of an unknown library would be worth nothing."""
    operation = program.rpartition("_")[0]
    named = document_of(program, f"--shapes={ODD_SHAPES[operation].split(',')[0]}")["context"]["library"]
    starts = {
        "blis": "BLIS ",
        "eigen": "Eigen 3.",
        "ggml": "ggml 0.",
        "mkl": "Intel(R) oneAPI Math Kernel Library Version ",
        "onnxruntime": "ONNX Runtime 1.",
        "openblas": "OpenBLAS ",
        "torch": "PyTorch 2.",
    }
    assert named.startswith(starts[program.rpartition("_")[2]])


@pytest.mark.parametrize("program", sorted(program for program in ROUTINES if program.endswith("_eigen")))
@pytest.mark.parametrize(("cpu", "best"), [("Nehalem", "sse2"), ("SandyBridge", "sse2"), ("Haswell", "avx2")])
def test_eigen_runs_what_was_compiled_for_the_best_set_that_the_cpu_has(qemu, program, cpu, best):
    """Compiled for the CPU that it was built on, it dies on a lesser one."""
    if not (PROGRAMS / program).exists():
        pytest.skip(f"{PROGRAMS / program} is not built")
    shapes = f"--shapes={ODD_SHAPES[program.rpartition('_')[0]].split(',')[0]}"
    command = [qemu, "-cpu", cpu, PROGRAMS / program, shapes, *QUICKLY]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert f"compiled with -O3 for {best}: " in document["context"]["library"]
    assert {routine(row) for row in document["benchmarks"]} == ROUTINES[program]
    assert are_right(document["benchmarks"])


def test_a_ggml_that_is_compiled_for_a_set_that_the_cpu_lacks_is_a_reason(qemu, monkeypatch):
    """It chooses nothing when it runs, so that it would die at the first call."""
    for name, value in peers.ensure(install=False)["ggml"].environment.items():
        monkeypatch.setenv(name, value)
    command = [PROGRAMS / "attention_decode_ggml", "--shapes=1x1x8x8", *QUICKLY]
    if not command[0].exists() or subprocess.run(command, capture_output=True, check=False).returncode == 5:
        missing(command[0].name, "there is no ggml")
    done = subprocess.run([qemu, "-cpu", "Nehalem", *command], capture_output=True, text=True, check=False)
    assert done.returncode == 5
    assert "compiled for avx2: " in done.stderr


def test_ggml_refuses_to_split_the_keys_of_one_query():
    """NaN where all logits of a thread's part are -infinity."""
    for shape, refused in [("1x1x600x8", True), ("1x1x511x8", False), ("1x2x600x8", False)]:
        done = run(f"--shapes={shape}", "--threads=2", *QUICKLY, program="attention_decode_ggml")
        if "there is no ggml" in done.stderr:
            missing("attention_decode_ggml", done.stderr.splitlines()[0])
        assert ("skipped, split over threads" in done.stderr) == refused
        assert done.returncode == (5 if refused else 0)


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    """Compiles the libraries' stand-in, with a fault if one is named, and returns its path."""
    folder = tmp_path_factory.mktemp("stand_ins")

    @functools.cache
    def make(fault=None):
        compiler = shutil.which("c++") or shutil.which("g++")
        assert compiler, "there is no C++ compiler"
        library = folder / f"lib{fault or 'plain'}.so"
        source = ROOT / "tests" / "stand_ins" / "cblas.cpp"
        define = [f"-D{fault}"] if fault else []
        subprocess.run([compiler, "-std=c++20", "-shared", "-fPIC", *define, source, "-o", library], check=True)
        return library

    return make


@pytest.mark.parametrize("peer", LOADED)
def test_a_library_that_cannot_be_loaded_is_a_reason(tmp_path, peer):
    """A path with a slip must not fall back on another library in silence."""
    done = run(program=f"causal_attention_{peer}", library=tmp_path / "libnothing.so")
    assert done.returncode == 5
    assert f"TRILBENCH_{peer.upper()} cannot be loaded" in done.stderr and "libnothing.so" in done.stderr


@pytest.mark.parametrize(
    ("peer", "routine"),
    [("openblas", "cblas_sgemm"), ("ggml", "ggml_version"), ("onnxruntime", "OrtGetApiBase")],
)
def test_a_library_without_its_routines_is_a_reason(peer, routine):
    """Some other library under that name would crash at the first call."""
    done = run(program=f"causal_attention_{peer}", library="libm.so.6")
    assert done.returncode == 5
    assert f"lacks {routine}" in done.stderr


def test_an_onnx_runtime_that_fails_to_start_is_a_reason(tmp_path):
    """The program ended, where its rows should be skipped."""
    source, library = tmp_path / "fails.cpp", tmp_path / "libfails.so"
    source.write_text(
        """
        using Function = void (*)();
        static Function table[200];
        static void* fail() { return table; }
        static const char* message(void*) { return "no threads here"; }
        static Function* functions(unsigned) {
          for (Function& each : table) each = reinterpret_cast<Function>(fail);
          table[2] = reinterpret_cast<Function>(message);
          return table;
        }
        static const char* version() { return "1"; }
        static const struct { Function* (*f)(unsigned); const char* (*v)(); } base{functions, version};
        extern "C" const void* OrtGetApiBase() { return &base; }
        """
    )
    compiler = shutil.which("c++") or shutil.which("g++")
    assert compiler, "there is no C++ compiler"
    subprocess.run([compiler, "-shared", "-fPIC", source, "-o", library], check=True)
    done = run("--shapes=8", program="causal_softmax_onnxruntime", library=library)
    assert done.returncode == 5
    assert "skipped, ONNX Runtime: no threads here" in done.stderr


@pytest.mark.parametrize(
    ("version", "reason"), [("0.19.9", "is ggml 0.19.9, and 0.20 is needed"), ("1.0", "lacks ggml_")]
)
def test_a_ggml_that_ends_the_program_is_a_reason(tmp_path, version, reason):
    """An assertion about its mask would end all rows of the run."""
    library = tmp_path / "libold.so"
    compiler = shutil.which("c++") or shutil.which("g++")
    assert compiler, "there is no C++ compiler"
    source = f'extern "C" const char* ggml_version() {{ return "{version}"; }}'
    command = [compiler, "-shared", "-fPIC", "-x", "c++", "-", "-o", library]
    subprocess.run(command, input=source, text=True, check=True)
    done = run("--shapes=1x1x8x8", program="causal_attention_ggml", library=library)
    assert done.returncode == 5
    assert reason in done.stderr


@pytest.mark.parametrize("peer", CBLAS)
def test_another_of_these_libraries_is_a_reason(stand_in, peer):
    """BLIS under OpenBLAS's name, as where the system's libblas is either: its threads could not be set."""
    done = run("--shapes=1x8x8", program=f"causal_mean_{peer}", library=stand_in("NONE_OF_THEM"))
    assert done.returncode == 5
    assert "lacks functions of " in done.stderr


def test_an_empty_choice_is_none():
    """dlopen("") is the program itself."""
    done = run("--shapes=1x8x8", *QUICKLY, library="")
    assert "TRILBENCH_OPENBLAS" not in done.stderr and "lacks" not in done.stderr


@pytest.mark.parametrize("peer", CBLAS)
@pytest.mark.parametrize("operation", sorted(OF_CBLAS))
def test_the_routines_are_asked_for_what_they_should_compute(stand_in, operation, peer):
    """Swapped sizes, a wrong leading dimension, another order or triangle: on machines without the library too."""
    shapes = ODD_SHAPES[operation]
    done = run(f"--shapes={shapes}", *QUICKLY, program=f"{operation}_{peer}", library=stand_in())
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert len(document["benchmarks"]) == len(OF_CBLAS[operation]) * len(shapes.split(","))
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


@pytest.mark.parametrize("peer", CBLAS)
@pytest.mark.parametrize(
    ("fault", "threads", "reason"),
    [("SIZES_OF_64_BITS", 1, "sizes of 64 bits"), ("ONE_THREAD", 2, "has one thread only")],
)
def test_a_library_of_the_wrong_build_is_refused(monkeypatch, stand_in, fault, threads, reason, peer):
    """The upper halves of its sizes would be garbage; one thread would pass for two."""
    if (fault, peer) == ("SIZES_OF_64_BITS", "mkl"):  # which has both, by the user's choice
        monkeypatch.setenv("MKL_INTERFACE_LAYER", "GNU,ILP64")
    program, library = f"causal_mean_{peer}", stand_in(fault)
    done = run("--shapes=1x8x8", f"--threads={threads}", *QUICKLY, program=program, library=library)
    assert done.returncode == 5
    assert reason in done.stderr


def test_mkl_is_set_as_its_manual_advises_unless_the_user_did(monkeypatch, stand_in):
    """A second OpenMP runtime beside ours; fewer threads than the row says. What was set stands in the result."""

    def named():
        done = run("--shapes=1x8x8", *QUICKLY, program="causal_mean_mkl", library=stand_in())
        return json.loads(done.stdout)["context"]["library"]

    assert "MKL stand-in, MKL_INTERFACE_LAYER=LP64 MKL_THREADING_LAYER=GNU MKL_DYNAMIC=FALSE, " in named()
    monkeypatch.setenv("MKL_THREADING_LAYER", "SEQUENTIAL")
    assert " MKL_THREADING_LAYER=SEQUENTIAL " in named()


def test_an_older_library_without_batches_is_asked_for_each_product(stand_in):
    """Debian 12's has none: a call of nothing, or a library that is refused for one routine."""
    done = run(
        "--shapes=3x1x2x3@5x3x4", *QUICKLY, program="broadcast_matmul_openblas", library=stand_in("WITHOUT_BATCHES")
    )
    assert done.returncode == 0, done.stderr
    assert [routine(row) for row in json.loads(done.stdout)["benchmarks"]] == ["openblas_sgemm"]
    assert "this library has no cblas_sgemm_batch" in done.stderr


def test_our_team_leaves_the_cores_to_the_library(stand_in):
    """Spinning until the next sample of the limits, ours would take the cores that the library needs; bound, they would
    bind all of its threads to one core."""
    done = run("--shapes=1x8x8", *QUICKLY, library=stand_in())
    context = json.loads(done.stdout)["context"]
    assert (context["OMP_PROC_BIND"], context["GOMP_SPINCOUNT"], context["KMP_BLOCKTIME"]) == ("false", "10000", "1")
