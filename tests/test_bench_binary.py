"""The benchmark binaries as their users meet them: names, counters, errors, exit codes, files.

`faulty_rows` is a binary whose rows are wrong, or late to go wrong, in ways that only one of the harness's own checks
can see.
"""

import json
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


def test_every_variant_passes_at_awkward_sizes_with_repetitions_in_turn(binary):
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
        assert (row["workspace_bytes"] is None) == bool(row["skipped"])  # which only a kernel that runs can say
        assert row["growth"] > 0
        assert row["flops"] > 0
        assert row["bytes"] in (2 * 4 * 8 * 64 * 4, 2 * 4 * 4 * 8 * 2)


def test_the_machine_is_told_as_one_object(binary):
    """The scripts read it, and kernels plan by it: a cache that is smaller than one inside it is none."""
    machine = json.loads(binary("--machine").stdout)
    assert {"cpu", "isa", "caches", "cores_quota", "page_size", "transparent_huge_pages", "emulated"} <= machine.keys()
    assert all(why == "" or "this CPU" in why or "kind of CPU" in why for why in machine["isa"].values())
    assert machine["cores_allowed"] >= 1
    assert machine["memory_available"] > 1e6
    levels = [cache["level"] for cache in machine["caches"]]
    assert levels == sorted(levels)
    for cache in machine["caches"]:
        assert cache["bytes"] > 0
        assert cache["shared_by"] >= 0
    if machine["caches"]:
        assert 0 < machine["last_level"] <= machine["caches"][-1]["bytes"]
    if machine["L1"] and machine["L2"]:
        assert machine["L1"] < machine["L2"]


def test_list_for_people_names_every_implementation(binary):
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
    assert "/avx2" not in result.stdout


# --- Wrong rows ---

# For rows that go wrong after many calls: on a busy machine a few calls may take as long as QUICKLY asks for.
PATIENTLY = "--benchmark_min_time=0.2"
FAULTS = {
    "wrong": "at row 15 column 3",  # seen by the verification before timing
    "swallowing": "NaN and infinities",  # only by NaN among the inputs
    "wrong_later": "after timing",  # only by looking at the output that was timed
    "memorising": "with other inputs",  # only by changing the inputs after timing
    "skipping": "got nan",  # only by wiping out the output before timing
    "changing_mode": "floating-point mode",
}


@pytest.mark.parametrize("name", FAULTS)
def test_faults_are_caught_and_never_timed_as_fine(faulty, name, tmp_path):
    out = tmp_path / "out.json"
    result = faulty(f"--only={name}", PATIENTLY, f"--benchmark_out={out}")
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == "causal_mean: failed verification: 1 of 1 rows"
    row = json.loads(out.read_text())["benchmarks"][0]
    assert row["error_occurred"] is True
    assert FAULTS[name] in row["error_message"]
    assert row["real_time"] == 0
    repeat = row["error_message"].partition("; repeat with: ")[2].split()
    assert subprocess.run([*repeat, PATIENTLY], capture_output=True).returncode == 2


def test_a_workspace_has_a_second_call_even_where_calls_are_long(faulty):
    """Rows of single calls that take turns prepare a workspace for each: a row wrong in its second call would pass."""
    for turns in ((), ("--benchmark_repetitions=2", "--benchmark_enable_random_interleaving=true")):
        result = faulty("--only=right,wrong_again", QUICKLY, *turns)
        assert result.returncode == 2
        assert "wrong_again/scalar" in result.stdout
        assert "failed verification: 1 of 2 rows" in result.stderr


def test_large_inputs_change_from_repetition_to_repetition_too(faulty):
    """Drawing them anew takes seconds; what is done instead must still find a row that remembers."""
    second = "--benchmark_min_time=1"
    result = faulty("--only=memorising", "--shapes=1x257x256", second, "--benchmark_format=json")
    assert result.returncode == 2
    message, _, repeat = json.loads(result.stdout)["benchmarks"][0]["error_message"].partition("; repeat with: ")
    assert "with other inputs" in message
    assert repeat.endswith(" --seed=1337 --benchmark_repetitions=2")
    assert subprocess.run([*repeat.split(), second], capture_output=True).returncode == 2
    repetitions = ["--shapes=1x257x256", QUICKLY, "--benchmark_repetitions=5"]
    assert faulty("--only=right,picky", "--benchmark_enable_random_interleaving=true", *repetitions).returncode == 0
    assert faulty("--only=right", *repetitions, "--cold").returncode == 0


def test_shares_are_those_of_the_reported_time(binary):
    """A stopwatch of our own round Google Benchmark's loop holds the loop's start and end: 3 to 8 % of few calls."""
    arguments = ["--shapes=4x8x2", "--only=prefix_mean", "--benchmark_min_time=1e-6", "--benchmark_format=json"]
    for row in json.loads(binary(*arguments).stdout)["benchmarks"]:
        seconds = row["real_time"] * {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}[row["time_unit"]]
        assert row["of_limit"] == pytest.approx(row["limit_seconds"] / seconds, rel=1e-6)
        assert row["of_peak"] == pytest.approx(row["flops_per_second"] / row["peak_flops_per_second"], rel=1e-6)


SIGNALS = {
    "faulting_at_once": "touches memory beyond its buffers",  # seen by the plan already, which is no place to end
    "faulting_late": "touches memory that it may not",
    "illegal_late": "executes an instruction that this CPU does not have",
    "dividing_late": "divides a whole number by zero",
    "misaligned_late": "causes a general protection fault",
}


@pytest.mark.parametrize("name", SIGNALS)
def test_a_row_that_faults_fails_alone_with_a_true_sentence(faulty, name, tmp_path):
    """Would end the program, and every other row with it, or tell of memory where none was touched."""
    if name not in {row["implementation"] for row in faulty.plan()["rows"]}:
        pytest.skip("no such fault on this kind of CPU")
    out = tmp_path / "out.json"
    result = faulty(f"--only={name},right", PATIENTLY, f"--benchmark_out={out}")
    assert result.returncode == 2, result.stderr
    assert result.stderr.splitlines()[-1] == "causal_mean: failed verification: 1 of 2 rows"
    rows = {row["name"].split("/")[1]: row for row in json.loads(out.read_text())["benchmarks"]}
    assert list(rows) == [name, "right"]
    assert [row for row in rows if "error_message" in rows[row]] == [name]
    sentence, _, repeat = rows[name]["error_message"].partition("; repeat with: ")
    assert SIGNALS[name] in sentence
    repeated = subprocess.run([*repeat.split(), PATIENTLY], capture_output=True, text=True)
    assert repeated.returncode == 2
    assert sentence in repeated.stdout


def test_a_fault_in_a_team_ends_the_program_with_a_line_that_says_whose(faulty):
    result = faulty("--only=right,faulting_in_a_team", PATIENTLY)
    assert result.returncode == 2
    line = result.stderr.splitlines()[-1]
    assert line.startswith(
        "causal_mean/faulting_in_a_team/scalar/f32/B:2/T:8/C:4/omp:1: touches memory that it may not"
    )
    repeat = line.partition("; repeat with: ")[2].split()
    assert subprocess.run([*repeat, PATIENTLY], capture_output=True).returncode == 2


def test_a_wrong_row_says_what_and_where(faulty):
    message = " ".join(faulty("--only=wrong", QUICKLY).stdout.split())
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
    "--shapes=100000x100000x64": "more than 60 %",
    "--shapes=1000000x1000000x64": "product of the sizes is too large",
    "--shapes=4000000x4000000x2": "inputs and output are too large",
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
    "--explain=xml": "takes none, or json",
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


def test_memory_that_is_not_to_be_had_is_no_verdict(faulty):
    """Running out of memory, which others may have taken since the plan, is neither a crash nor a wrong result."""
    result = faulty("--only=growing", QUICKLY)
    assert result.returncode == 1
    assert "could not be run: " in result.stderr.splitlines()[-1]
    assert "cannot get 11529215046068" in " ".join(result.stdout.split())


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
