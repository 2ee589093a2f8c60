"""The benchmark binaries as their users meet them: names, counters, errors, exit codes, files.

`faulty_rows` is a binary whose rows are wrong, or late to go wrong, in ways that only one of the harness's own checks
can see.
"""

import json
import os
import subprocess

import pytest
from built_binaries import QUICKLY, one_line

COUNTERS = {
    "omp_threads",
    "bytes_per_second",
    "flops_per_second",
    "error_over_bound",
    "prepare_seconds",
    "workspace_bytes",
    "of_limit",
    "of_peak",
    "limit_seconds",
    "peak_flops_per_second",
}


# --- A run ---


def test_names_and_counters_are_the_contract(binary):
    """Other tools parse these: a renamed counter or a doubled key would break them."""
    rows = binary.rows("--shapes=4x8x2", "--only=running_sum", "--isa=scalar", "--seed=7")
    assert [row["name"] for row in rows] == ["causal_mean/running_sum/scalar/f32/B:4/T:8/C:2/omp:1/real_time"]
    row = rows[0]
    assert row.keys() >= COUNTERS
    assert all(isinstance(row[counter], float) for counter in COUNTERS)
    assert row["omp_threads"] == 1
    assert 0 <= row["error_over_bound"] <= 1
    assert "all 32 output rows; limit: " in row["label"]


def test_shares_follow_from_the_limits_beside_them(binary):
    """A share of another row's time, or of a limit in other units, would still lie between 0 and 1."""
    row = binary.rows("--shapes=8x64x64", "--only=running_sum", "--isa=scalar")[0]
    seconds = row["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[row["time_unit"]]
    assert row["of_limit"] * seconds == pytest.approx(row["limit_seconds"], rel=0.1)
    assert row["of_peak"] * row["peak_flops_per_second"] == pytest.approx(row["flops_per_second"], rel=0.1)


def test_cold_and_misaligned_arrays_are_verified_as_others_are(binary):
    """Sets that overlap, or of which only the first holds inputs, would fail verification."""
    arguments = ("--cold", "--misalign", "--only=running_sum", "--shapes=3x17x5,64x64x64", QUICKLY)
    result = binary(*arguments, "--benchmark_format=json")
    assert result.returncode == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["context"]["cache_state"].startswith("cold")
    assert document["context"]["alignment"].startswith("none")
    assert all(row["error_over_bound"] <= 1 for row in document["benchmarks"])


def test_rates_are_per_call(binary):
    """A rate by total time instead of time per call would be off by the iterations."""
    row = binary.rows("--shapes=8x64x64", "--only=running_sum", "--isa=scalar")[0]
    seconds = row["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[row["time_unit"]]
    assert row["bytes_per_second"] * seconds == pytest.approx(2 * 4 * 8 * 64 * 64)


def test_every_way_passes_at_awkward_sizes_with_repetitions_in_turn(binary):
    """Rows that alternate take each other's memory away; stale inputs or workspaces would fail verification."""
    rows = binary.rows(
        "--shapes=1x1x1,3x37x5,2x130x17",
        "--benchmark_repetitions=2",
        "--benchmark_enable_random_interleaving=true",
    )
    listed = [row for row in binary.plan("--shapes=1x1x1,3x37x5,2x130x17")["rows"] if not row["skipped"]]
    timed = [row["run_name"] for row in rows if row["run_type"] == "iteration"]
    assert sorted(timed) == sorted(row["name"] + "/real_time" for row in listed for _ in range(2))
    assert not [row["name"] for row in rows if row.get("error_occurred")]


def test_context_says_how_it_was_built_and_set_up(binary):
    """Figures without their compiler, flags and settings cannot be compared; Debian's 'debug' must be explained."""
    result = binary("--shapes=4x8x2", "--isa=scalar", "--seed=7", QUICKLY, "--benchmark_format=json")
    context = json.loads(result.stdout)["context"]
    assert context["seed"] == "7"
    assert context["OMP_WAIT_POLICY"] == "active"
    assert "library_build_type" in context["note"]
    for key in ("trilbench_build_type", "compiler", "flags_scalar", "google_benchmark_version", "xsimd_version"):
        assert context[key] not in ("", "unknown"), key


def test_users_openmp_settings_stand(binary):
    """A harness that overwrites them makes placement experiments impossible."""
    result = binary(
        "--shapes=4x8x2",
        "--isa=scalar",
        QUICKLY,
        "--benchmark_format=json",
        OMP_PROC_BIND="false",
        OMP_PLACES="threads",
    )
    context = json.loads(result.stdout)["context"]
    assert (context["OMP_PROC_BIND"], context["OMP_PLACES"]) == ("false", "threads")


def test_real_team_size_is_recorded(binary):
    """OMP_THREAD_LIMIT gives fewer threads than asked for: the counter must not repeat the wish."""
    if (os.cpu_count() or 1) < 2:
        pytest.skip("one CPU")
    arguments = ["--shapes=4x64x8", "--only=prefix_mean", "--threads=2"]
    assert {row["omp_threads"] for row in binary.rows(*arguments)} == {2}
    result = binary(*arguments, QUICKLY, "--benchmark_format=json", OMP_THREAD_LIMIT="1")
    assert {row["omp_threads"] for row in json.loads(result.stdout)["benchmarks"]} == {1}


def test_values_may_follow_as_arguments_of_their_own(binary):
    separate = binary("--shapes", "4x8x2", "--only", "running_sum", "--list", "json")
    joined = binary("--shapes=4x8x2", "--only=running_sum", "--list=json")
    names = [[row["name"] for row in json.loads(result.stdout)["rows"]] for result in (separate, joined)]
    assert names[0] == names[1]


# --- The plan ---


def test_list_tells_cost_and_reason(binary):
    plan = binary.plan("--shapes=8x64x4,4x8x2", "--threads=1")
    assert (plan["operation"], plan["axes"]) == ("causal_mean", ["B", "T", "C"])
    assert {row["shape"] for row in plan["rows"]} == {"8x64x4", "4x8x2"}
    for row in plan["rows"]:
        assert row["name"].startswith(f"causal_mean/{row['implementation']}/{row['isa']}/f32/B:")
        assert (row["predicted_seconds"] is None) == bool(row["skipped"])
        assert row["flops"] > 0
        assert row["bytes"] in (2 * 4 * 8 * 64 * 4, 2 * 4 * 4 * 8 * 2)


def test_list_for_people_names_every_way(binary):
    result = binary("--list", "--shapes=4x8x2")
    assert result.returncode == 0
    for row in binary.plan("--shapes=4x8x2")["rows"]:
        assert row["implementation"] in result.stdout
        assert row["isa"] in result.stdout


def test_long_calls_are_skipped_with_the_prediction(binary):
    """scalar_loop at 1x65536x512 takes minutes; only a small call of it may run."""
    arguments = ["--shapes=1x65536x512", "--only=scalar_loop", "--isa=scalar"]
    row = binary.plan(*arguments)["rows"][0]
    assert row["predicted_seconds"] > 2
    assert "--max-call=2 s" in row["skipped"]
    result = binary(*arguments)
    assert result.returncode == 5
    assert "scalar_loop/scalar 1x65536x512 omp:1" in result.stderr


def test_prediction_scales_with_the_work(faulty):
    """`sleeping` takes at least a nanosecond an element; a small call's own time would be far below this."""
    row = faulty.plan("--only=sleeping", "--shapes=1x131072x256", "--max-call=1000")["rows"][0]
    assert 131072 * 256 * 1e-9 < row["predicted_seconds"] < 100


def test_rows_that_refuse_or_do_not_fit_are_skipped(faulty):
    reasons = {row["implementation"]: row["skipped"] for row in faulty.plan("--shapes=2x8x5")["rows"]}
    assert reasons["picky"] == "takes even C only"
    assert "more than 60 %" in reasons["hungry"]
    assert reasons["right"] == ""


def test_missing_instruction_sets_are_skipped_under_an_emulated_cpu(binary, qemu):
    """Starting again for OpenMP's settings must not leave the emulator: the real CPU may have AVX2."""
    nehalem = [qemu, "-cpu", "Nehalem"]
    if binary("--help", prefix=nehalem).returncode != 0:
        pytest.skip("this build does not start under qemu-user, as sanitizers do not")
    result = binary("--shapes=4x8x2", QUICKLY, prefix=nehalem)
    assert result.returncode == 0, result.stderr
    assert "no AVX2" in result.stderr
    assert "sse2" in result.stdout
    assert "/avx2/" not in result.stdout


# --- Wrong rows ---

FAULTS = {
    "wrong": "at row 15 column 3",  # seen by the verification before timing
    "wrong_later": "after timing",  # only by looking at the output that was timed
    "memorising": "with other inputs",  # only by changing the inputs after timing
    "skipping": "got nan",  # only by wiping out the output before timing
    "changing_mode": "floating-point mode",
}


CALLS = 2000  # twice as many as the latest of them is right for


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_caught_and_never_timed_as_fine(faulty, name, tmp_path):
    out = tmp_path / "out.json"
    for seconds in (0.005, 0.1, 1, 10):  # where others take the core, even long may be a few calls
        result = faulty(f"--only={name}", f"--benchmark_min_time={seconds}", f"--benchmark_out={out}")
        if result.returncode or json.loads(out.read_text())["benchmarks"][0]["iterations"] >= CALLS:
            break
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == "causal_mean: failed verification: 1 of 1 rows"
    row = json.loads(out.read_text())["benchmarks"][0]
    assert row["error_occurred"] is True
    assert FAULTS[name] in row["error_message"]
    assert row["real_time"] == 0
    repeat = row["error_message"].partition("; repeat with: ")[2].split()
    again = subprocess.run([*repeat, f"--benchmark_min_time={10 * seconds}"], capture_output=True)
    assert again.returncode == 2


def test_a_wrong_row_says_what_and_where(faulty):
    message = faulty("--only=wrong", QUICKLY).stdout
    for part in ("error_over_bound", "PyTorch's randn", "row 15 column 3", "expected", "got", "--seed=1337"):
        assert part in message


def test_right_rows_beside_wrong_ones_are_timed(faulty):
    result = faulty("--only=right,wrong,sleeping", QUICKLY, "--benchmark_format=json")
    assert result.returncode == 2
    failed = {row["name"].split("/")[1]: "error_occurred" in row for row in json.loads(result.stdout)["benchmarks"]}
    assert failed == {"right": False, "wrong": True, "sleeping": False}


# --- Bad input: one line, the documented code, nothing run ---

WRONG_USE = {
    "--shapes=0x8x2": "'0' is less than 1",
    "--shapes=-1x8x2": "'-1' is less than 1",
    "--shapes=8x8": "has 2 sizes, not 3",
    "--shapes=axbxc": "'a' is not a whole number",
    "--shapes=99999999999999999999x1x1": "is too large",
    "--shapes=4000000000x4000000000x4000000000": "is too large",
    "--shapes=1000000x1000000x64": "more than 60 %",
    "--shapes=": "needs a value",
    "--shapes=4x8x2,": "empty entry",
    "--threads=0": "hardware threads",
    "--threads=100000": "hardware threads",
    "--threads=two": "hardware threads",
    "--seed=-1": "whole number from 0",
    "--only=nothing": "there are masked_softmax",
    "--isa=mmx": "not an instruction set",
    "--max-call=0": "seconds above 0",
    "--max-call=nan": "seconds above 0",
    "--list=xml": "takes none, or json",
    "--help=me": "takes none, or benchmark",
    "--chill": "unknown flag '--chill'; see --help",
    "--cold=yes": "--cold takes no value",
    "extra": "unknown flag 'extra'; see --help",
    "--benchmark_unknown=1": "unknown flag or value '--benchmark_unknown=1'",
    "--benchmark_format=xml": "see --help=benchmark",
    "--benchmark_filter=(": "--benchmark_filter: '('",
    "--benchmark_out=/nowhere/out.json": "cannot write '/nowhere/out.json.part': No such file or directory",
    "--benchmark_out=/tmp": "it is no ordinary file",
}


@pytest.mark.parametrize("argument", WRONG_USE)
def test_wrong_use_is_one_line_and_exit_1(binary, argument):
    result = binary(argument)
    assert WRONG_USE[argument] in one_line(result.stderr)
    assert (result.returncode, result.stdout) == (1, "")


@pytest.mark.parametrize("arguments", [["--benchmark_filter=nothing"], ["--isa=peer"], ["--max-call=1e-15"]])
def test_nothing_to_run_is_exit_5(binary, arguments):
    """A run that measured nothing must not look like one that went well."""
    result = binary("--shapes=4x8x2", *arguments)
    assert (result.returncode, result.stdout) == (5, "")
    assert result.stderr.splitlines()[-1]


def test_memory_that_is_not_to_be_had_is_no_verdict(binary):
    """Running out of memory is neither a crash nor a wrong result."""
    limit = ["bash", "-c", 'ulimit -v 2000000; exec "$@"', "bash"]
    if binary("--list", "--shapes=4x8x2", prefix=limit).returncode != 0:
        pytest.skip("this build needs more address space than the limit, as sanitizers do")
    result = binary("--shapes=1x1000000x300", "--only=running_sum", prefix=limit)
    if "more than 60 %" in result.stderr:
        pytest.skip("this machine has too little memory to ask for more than the limit")
    assert result.returncode == 1
    assert "could not be run: " in result.stderr.splitlines()[-1]
    assert "cannot get 1200000000 bytes" in result.stdout


def test_help_tells_ours_first(binary):
    result = binary("--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("causal_mean: ")
    assert "--max-call" in result.stdout
    assert "--benchmark_filter" in binary("--help=benchmark").stdout


# --- The result file ---


def test_result_appears_under_its_name_only_when_complete(binary, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("earlier")
    result = binary("--shapes=4x8x2", "--isa=scalar", QUICKLY, f"--benchmark_out={out}")
    assert result.returncode == 0
    assert json.loads(out.read_text())["benchmarks"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def test_killed_run_keeps_the_earlier_result(binary, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("earlier")
    with pytest.raises(subprocess.TimeoutExpired):  # run() kills with SIGKILL
        binary("--shapes=4x8x2", "--benchmark_min_time=5", f"--benchmark_out={out}", timeout=1)
    assert out.read_text() == "earlier"


def test_nothing_measured_leaves_no_file(binary, tmp_path):
    out = tmp_path / "out.json"
    assert binary("--benchmark_list_tests=true", f"--benchmark_out={out}").returncode == 0
    assert binary("--benchmark_filter=nothing", f"--benchmark_out={out}").returncode == 5
    assert binary("--benchmark_format=xml", f"--benchmark_out={out}").returncode == 1
    assert list(tmp_path.iterdir()) == []
