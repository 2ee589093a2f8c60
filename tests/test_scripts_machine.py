"""What makes a measurement doubtful, and how busy the machine was."""

import os

import pytest
from msgspec.structs import replace
from trilbench.machine import facts, moment
from trilbench.machine.noise import core_share, is_shared, warnings
from trilbench.report.table import make_tables
from trilbench.results.names import parse_name
from trilbench.results.rows import CellResult, Repetition, RowResult
from trilbench.results.run import CellRecord, Manifest, Status


def name(variant, shape="4x8x2", threads=1):
    b, t, c = shape.split("x")
    return parse_name(f"causal_mean/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:{threads}")


def measured(variant, *seconds, shape="4x8x2"):
    return RowResult(name(variant, shape), tuple(Repetition(value, 10, {}) for value in seconds), "")


def run_of(**parts):
    return Manifest("", "quick", (), (), 0.2, 3, "", state_before={"busy_cores": 0.4}, **parts)


def cell_of(*rows, **context):
    return CellResult({"trilbench_build_type": "Release", "flags_avx2": "-O3"} | context, rows)


def sampled(variant, *counters, seconds=1.0, iterations=10, shape="4x8x2"):
    """A row with one repetition for each set of counters."""
    return RowResult(name(variant, shape), tuple(Repetition(seconds, iterations, each) for each in counters), "")


def peaks(variant, *values, shape="4x8x2"):
    return sampled(variant, *({"peak_flops_per_second": value} for value in values), shape=shape)


def test_a_calm_run_is_not_doubted():
    # Would catch: a threshold turned round, doubts about what is not known or was not recorded by an older version.
    rows = measured("a/avx2", 1.00, 1.05, 1.02), peaks("b/avx2", 1.0, 1.02), peaks("c/avx2", 1.0, 1.0)
    for environment in ({}, {"governor": "unknown"}, {"governor": "performance"}):
        quiet = CellRecord("causal_mean", "4x8x2", 1, Status.DONE, seconds=10, steal=0.009)
        assert warnings(run_of(environment=environment, cells=(quiet,)), [cell_of(*rows)]) == []
    unknown = replace(run_of(), state_before={"busy_cores": "unknown"}, cells=(CellRecord("a", "1", 1),))
    assert warnings(unknown, []) == []


def one_warning(manifest, *results):
    (line,) = warnings(manifest, results)
    assert "\n" not in line
    return line


def test_a_bad_build_is_told():
    calm = measured("a/avx2", 1.0, 1.0)
    assert "Debug build" in one_warning(run_of(), cell_of(calm), cell_of(calm, trilbench_build_type="Debug"))
    assert "sanitizers" in one_warning(run_of(), cell_of(calm, flags_avx2="-fsanitize=address"))


def test_a_disturbed_machine_is_told():
    # Would catch: steal averaged over cells rather than over time, the moment after the run forgotten.
    assert "0.6 cores busy after" in one_warning(run_of(state_after={"busy_cores": 0.6}))
    assert "'powersave'" in one_warning(run_of(environment={"governor": "powersave"}))
    long, short = (CellRecord("a", "1", 1, seconds=seconds, steal=steal) for seconds, steal in ((9, 0.02), (1, 0)))
    assert "took 1.8%" in one_warning(run_of(cells=(long, short)))


def on_cores(allowed, threads, **parts):
    cells = (CellRecord("a", "1", threads), CellRecord("a", "2", 1))
    return run_of(environment={"cores_allowed": allowed}, cells=cells, **parts)


@pytest.mark.parametrize(
    ("allowed", "threads", "busy", "doubted"),
    [
        *((2, 1, 0.5, False), (2, 1, 0.6, True), (2, 2, 0.4, False), (2, 2, 0.6, True), (1, 1, 0.6, True)),
        *((64, 1, 3.0, False), (64, 1, 40.0, True), (64, 60, 1.9, False), (64, 60, 2.1, True), (64, 64, 0.6, True)),
    ],
)
def test_other_programs_count_by_the_cores_that_are_left_to_them(allowed, threads, busy, doubted):
    # Would catch: half a core that is much on two cores and nothing on sixty-four, or a full machine that counts as
    # quiet.
    found = warnings(on_cores(allowed, threads, state_after={"busy_cores": busy}), [])
    assert found == [f"other programs kept {busy:.1f} cores busy after the run: end them and measure again"] * doubted


def test_a_row_that_shared_its_core_is_told_and_has_no_shares():
    # Would catch: half of a core taken for half of the limit; a library's threads, which sleep, taken for shared.
    whole = sampled("a/avx2", *({"cpu_share": share, "of_limit": 0.9} for share in (0.99, 0.5, 0.97)))
    half = sampled("b/avx2", *({"cpu_share": share, "of_limit": 0.4} for share in (0.99, 0.51, 0.52)))
    two = RowResult(name("openblas_strmm/peer", threads=2), half.repetitions, "")
    one = RowResult(name("openblas_strmm/peer"), half.repetitions, "")
    old = sampled("c/avx2", {"of_limit": 0.4})
    assert [core_share(row) for row in (whole, half, two, one, old)] == [0.97, 0.52, None, 0.52, None]
    assert [is_shared(row) for row in (whole, half, two, one, old)] == [False, True, False, True, False]
    assert warnings(run_of(), [cell_of(whole, two, old)]) == []
    line = one_warning(run_of(), cell_of(whole, half))
    assert "1 of 2 rows had less than 95% of their cores (marked busy; least 52%: causal_mean/b/avx2" in line
    (table,) = make_tables([whole, half])
    entries = {entry.name.variant: entry for entry in table.entries}
    assert [(entry.shared, entry.of_limit is None) for entry in entries.values()] == [(False, False), (True, True)]


def test_threads_beyond_a_containers_quota_are_told():
    # Would catch: two threads that take turns on one core's time, and a table that says two threads.
    rows = [RowResult(name("a/avx2", threads=threads), measured("a/avx2", 1.0).repetitions, "") for threads in (1, 2)]
    enough = [cell_of(rows[0], cores_quota="1.5"), cell_of(rows[1], cores_quota="none"), cell_of(rows[1])]
    assert warnings(run_of(), enough) == []
    assert "2 threads for 1.5 cores" in one_warning(run_of(), cell_of(rows[1], cores_quota="1.5"))


STAT = """\
cpu  1000 0 100 5000 10 0 5 40
cpu0 400 0 50 1000 0 0 5 30
cpu1 300 0 20 2000 10 0 0 10
cpu10 300 0 30 2000 0 0 0 0
intr 12345
"""


def test_only_the_cores_that_we_may_use_are_watched():
    # Would catch: other containers' programs on the rest of a host counted against a run, or cpu10 taken for cpu1.
    assert moment.ticks_in(STAT, {1}) == {
        "user": 300, "nice": 0, "system": 20, "idle": 2000, "iowait": 10, "irq": 0, "softirq": 0, "steal": 10,
    }  # fmt: skip
    assert moment.ticks_in(STAT, {0, 10})["idle"] == 3000
    for unknown in (set(), {77}):
        assert moment.ticks_in(STAT, unknown)["idle"] == 5000
    assert moment.ticks_in("", {0}) is None


def test_stolen_time_counts_against_the_cores_in_use():
    # Would catch: a third of the one core in use that is half a percent of sixty-four; what others lost, counted too.
    second = os.sysconf("SC_CLK_TCK")

    def stolen(cores, share, seconds=10):
        after = {"user": cores * (1 - share), "idle": 64 - cores, "iowait": 0, "steal": cores * share}
        return moment.steal(dict.fromkeys(after, 0), {k: v * seconds * second for k, v in after.items()}, seconds)

    assert [stolen(1, 0.3), stolen(3, 0.1), stolen(64, 0.05)] == [0.3, 0.1, 0.05]
    assert stolen(0.02, 0.5) == 0.01  # hardly anything ran
    assert moment.steal(None, {"steal": 1}, 1.0) is None


def test_a_librarys_process_that_broke_is_told_and_ours_is_not_a_warning():
    broken = CellRecord("causal_mean", "4x8x2", 1, "openblas", Status.BROKEN, "./x", message="was ended by signal 6")
    ours = CellRecord("causal_mean", "4x8x2", 1, status=Status.BROKEN)
    line = one_warning(run_of(cells=(ours, broken)))
    assert "causal_mean_openblas failed in 1 cell" in line
    assert line.endswith("repeat with: ./x")


def test_variables_that_steer_a_library_are_told_where_it_is_measured():
    # Would catch: a library held to an old instruction set by its user's machine, and beaten for that.
    own, librarys = (CellRecord("tril_matmul", "8x64x64", 1, peer) for peer in ("", "openblas"))
    steered = {"library_variables": {"OPENBLAS_CORETYPE": "Haswell", "MKL_NUM_THREADS": "1"}}
    line = one_warning(run_of(environment=steered, cells=(own, librarys)))
    assert "OPENBLAS_CORETYPE=Haswell" in line
    assert "env -u OPENBLAS_CORETYPE -u MKL_NUM_THREADS" in line
    assert warnings(run_of(environment=steered, cells=(own,)), []) == []


@pytest.mark.parametrize("name", ["OPENBLAS_CORETYPE", "MKL_NUM_THREADS", "BLIS_ARCH_TYPE", "ATEN_CPU_CAPABILITY"])
def test_variables_of_every_library_are_seen(monkeypatch, name):
    # Would catch: a library that is measured and whose variables nobody looks for.
    monkeypatch.setenv(name, "1")
    assert facts.library_variables()[name] == "1"


def test_doubtful_rows_are_counted_and_the_worst_is_named():
    # Would catch: the mean in place of the median, a sample's length taken for its calls' number.
    calm = measured("a/avx2", 1.0, 1.0, 1.0)
    assert "1 of 2 rows spread" in one_warning(run_of(), cell_of(calm, measured("b/avx2", 1.0, 1.0, 1.5)))
    short = sampled("b/avx2", {}, seconds=1e-6, iterations=999)
    assert "1 of 2 rows timed for less than 1 ms" in one_warning(run_of(), cell_of(calm, short))
    assert warnings(run_of(), [cell_of(sampled("b/avx2", {}, seconds=1e-6, iterations=1000))]) == []
    outlier = sampled("a/avx2", {"of_limit": 1.0}, {"of_limit": 9.0}, {"of_limit": 1.0})
    above, most = (sampled(variant, {"of_limit": share}) for variant, share in (("b/avx2", 1.04), ("c/avx2", 1.31)))
    line = one_warning(run_of(), cell_of(outlier, above, most))
    assert "2 of 3 rows above 1.03" in line
    assert "worst 1.31: causal_mean/c/avx2" in line


def test_limits_that_drift_are_told():
    # Would catch: one outlier that cries, a slow drift over the cells that nobody sees, threads compared with others.
    calm = cell_of(peaks("a/avx2", 100, 100, 150), peaks("b/avx2", 100, 100, 100), peaks("c/avx2", 100, 90, 100))
    assert warnings(run_of(), [calm]) == []
    slower = cell_of(*(peaks(f"{variant}/avx2", 96, 96, 96, shape="8x8x8") for variant in "abc"))
    assert "drifted by 4.1% between the cells of causal_mean at 1 thread" in one_warning(run_of(), calm, slower)
    two_threads = RowResult(name("a/avx2", threads=2), peaks("a/avx2", 200, 200).repetitions, "")
    assert warnings(run_of(), [calm, cell_of(two_threads)]) == []
    turning = cell_of(*(peaks(f"{variant}/avx2", 100, 100, 96) for variant in "abc"))
    assert "within 1 cell (worst 4.0%: causal_mean 4x8x2)" in one_warning(run_of(), turning)
    few = cell_of(*(peaks(f"{variant}/avx2", 100, 100, 96) for variant in "ab"))
    assert warnings(run_of(), [few]) == []


def test_caches_are_as_large_as_linux_says():
    # Would catch: a cache of instructions that holds data, kilobytes taken for bytes, a line that nobody understands.
    said = {"L1d": "48K, shared by CPUs 0", "L1i": "32K", "L2": "2M, shared by CPUs 0-1", "L3": "unknown", "all": "-3K"}
    assert facts.cache_bytes(said) == {"L1d": 48 << 10, "L2": 2 << 20}


@pytest.mark.parametrize(("allowed", "size"), [({0, 1, 4, 5}, "48K"), ({4, 5}, "32K"), ((), "48K")])
def test_the_caches_are_those_of_a_core_that_we_may_use(tmp_path, monkeypatch, allowed, size):
    # Would catch: the large core's caches told of a run on the small ones.
    for cpu, of_cpu in ((0, "48K"), (4, "32K")):
        folder = tmp_path / f"cpu{cpu}" / "cache" / "index0"
        folder.mkdir(parents=True)
        for file, text in {"level": "1", "type": "Data", "size": of_cpu, "shared_cpu_list": str(cpu)}.items():
            (folder / file).write_text(f"{text}\n")
    monkeypatch.setattr(facts, "_CPU", str(tmp_path))
    monkeypatch.setattr(facts.cores, "allowed", lambda: frozenset(allowed))
    assert facts.caches() == {"L1d": f"{size}, shared by CPUs {min(allowed, default=0)}"}


def test_what_a_program_tells_of_the_machine_counts():
    told = facts.environment(facts.Told(cores_allowed=3, cores_quota=1.5))
    assert (told["cores_allowed"], told["cores_quota"]) == (3, 1.5)
    assert "emulated" not in told and told["page_size"] > 0
