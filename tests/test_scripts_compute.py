"""The pure computations of the scripts, against values worked out by hand."""

import dataclasses
import os

import pytest
from msgspec.structs import replace
from trilbench.bench.plan import LEAST_MIN_TIME, MOST_MIN_TIME, CostModel, in_turn, min_time_within
from trilbench.machine import moment
from trilbench.machine.noise import core_share, is_shared, warnings
from trilbench.report.summary import csv_text, tidy
from trilbench.report.table import choose_baselines, make_tables, variant_order
from trilbench.results.listing import Cell, ListedRow, make_cells
from trilbench.results.names import parse_name
from trilbench.results.rows import CellResult, Repetition, RowResult
from trilbench.results.run import CellRecord, Manifest, Status
from trilbench.results.statistics import quantile, summarise
from trilbench.results.units import countdown, duration, factor, ratio
from trilbench.setup.test import missing_sets


def name(variant, shape="4x8x2", threads=1):
    b, t, c = shape.split("x")
    return parse_name(f"causal_mean/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:{threads}")


def listed(variant, shape="4x8x2", seconds=1e-6, skipped=""):
    return ListedRow(name(variant, shape), skipped, seconds, 512.0)


def measured(variant, *seconds, shape="4x8x2", error=0.5):
    counters = {"error_over_bound": error}
    return RowResult(name(variant, shape), tuple(Repetition(value, 10, counters) for value in seconds), "")


def failed(variant, shape="4x8x2"):
    return RowResult(name(variant, shape), (), "error_over_bound 3")


def test_quantiles_interpolate():
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([1, 2, 3], 0.9) == pytest.approx(2.8)
    assert quantile([5], 0.9) == 5


def test_a_summary_of_times():
    summary = summarise([2.0, 1.0, 3.0])
    assert (summary.minimum, summary.median) == (1.0, 2.0)
    assert summary.p90 == pytest.approx(2.8)
    assert summary.spread == pytest.approx((2.8 - 1.2) / 2)


def test_cells_hold_what_runs_together():
    # Would catch: variants of one shape torn apart, a skipped row planned, a cell without rows.
    rows = [listed("a/avx2"), listed("a/avx2", "8x8x8"), listed("b/avx2"), listed("b/avx2", "9x9x9", skipped="no")]
    cells = make_cells(rows)
    assert [(cell.shape, len(cell.rows)) for cell in cells] == [("4x8x2", 2), ("8x8x8", 1)]


@pytest.mark.parametrize("budget", [12.0, 30.0, 100.0])
@pytest.mark.parametrize("count", [20, 60])
def test_the_time_per_repetition_fills_the_budget_and_no_more(budget, count):
    # Would catch: a plan that takes longer than it was given, or leaves most of it unused.
    cells = make_cells(listed(f"variant{i}/avx2", seconds=1e-6 * i) for i in range(count))
    model = CostModel(repetitions=3)
    min_time = min_time_within(budget, cells, model)
    assert min_time is not None
    total = sum(model.seconds(cell, min_time) for cell in cells)
    assert total <= budget
    assert min_time == MOST_MIN_TIME or total > 0.999 * budget


def test_long_calls_count_however_short_a_repetition_is():
    # Would catch: a budget that forgets that one call may take longer than the least time.
    model = CostModel(repetitions=3)
    assert min_time_within(100, make_cells([listed("a/avx2", seconds=40.0)]), model) is None
    (cell,) = make_cells([listed("a/avx2", seconds=2.0)])
    assert model.timed(cell, LEAST_MIN_TIME) == 6.0


def test_the_machine_comes_first_and_a_library_after_our_own():
    # Would catch: limits measured after what they limit, a library's cell far from ours, the short before the long.
    shapes = [("4x8x2", 1e-6), ("8x8x8", 1.0), ("16x8x8", 2.0)]
    ours = make_cells(listed("a/avx2", shape, seconds) for shape, seconds in shapes)
    theirs = make_cells((listed("openblas_strmm/peer", shape, 5.0) for shape, _ in shapes[:2]), "openblas")
    machine = Cell("machine", "4096", 1, make_cells([listed("copy/avx2")])[0].rows)
    cells = (*theirs, *ours, machine)
    order = [(cells[i].operation, cells[i].shape, cells[i].peer) for i in in_turn(cells, CostModel(3))]
    assert order == [
        ("machine", "4096", ""),
        ("causal_mean", "8x8x8", ""),
        ("causal_mean", "8x8x8", "openblas"),
        ("causal_mean", "4x8x2", ""),
        ("causal_mean", "4x8x2", "openblas"),
        ("causal_mean", "16x8x8", ""),
    ]


def test_the_machines_limits_get_the_least_of_a_budget():
    # Would catch: their cells stretched with the others', which they need not be.
    rows = tuple(listed(f"variant{i}/avx2") for i in range(9))
    machine, other = Cell("machine", "4096", 1, rows), Cell("causal_mean", "4x8x2", 1, rows)
    model = CostModel(repetitions=3)
    min_time = min_time_within(4.0, [machine, other], model)
    assert min_time is not None
    assert min_time > LEAST_MIN_TIME
    assert model.seconds(machine, LEAST_MIN_TIME) + model.seconds(other, min_time) == pytest.approx(4.0)


def test_what_cells_cost_is_learned_with_care():
    # Would catch: one odd little cell that starves all others, an operation that pays for another's verification.
    model = CostModel(3).learned("causal_mean", guessed=1, measured=5, prior=19)
    assert model.untimed == {"causal_mean": pytest.approx(1.2)}
    (cell,) = make_cells([listed("a/avx2")])
    other = dataclasses.replace(cell, operation="tril_matmul")
    assert model.least([cell]) > model.least([other]) == CostModel(3).least([other])


def test_speedups_are_over_the_named_baseline_on_the_same_shape():
    # Would catch: a ratio turned round, minimum instead of median, another shape's baseline.
    (table,) = make_tables(
        [
            measured("scalar_loop/scalar", 7.0, 8.0, 9.0),
            measured("prefix_mean/avx2", 2.0, 2.0, 2.0),
            measured("running_sum/auto-avx2", 4.0, 4.0, 4.0),
            measured("prefix_mean/avx2", 3.0, shape="8x8x8"),
        ]
    )
    assert table.baselines == ("scalar_loop/scalar", "running_sum/auto-avx2")
    assert table.shapes == ("4x8x2", "8x8x8")
    assert [line.variant for line in table.lines] == ["scalar_loop/scalar", "running_sum/auto-avx2", "prefix_mean/avx2"]
    first, second = table.lines[2].entries
    assert first is not None
    assert first.speedups == (4.0, 2.0)
    assert second is not None
    assert second.speedups == (None, None)  # the baselines were skipped there


def test_a_failed_row_has_no_time_and_is_no_baseline():
    (table,) = make_tables([failed("scalar_loop/scalar"), measured("prefix_mean/avx2", 2.0)])
    wrong, right = table.lines
    assert (wrong.entries, wrong.failed) == ((None,), (True,))
    assert right.entries[0] is not None
    assert right.entries[0].speedups == (None,)


def test_the_error_shown_is_the_worst():
    (table,) = make_tables([measured("a/avx2", 1.0, error=0.1), measured("a/avx2", 1.0, shape="8x8x8", error=0.7)])
    assert table.lines[0].worst_error == 0.7


def test_the_second_baseline_is_the_widest_running_sum():
    variants = ["running_sum/auto-sse2", "running_sum/auto-avx512", "running_sum/auto-avx2", "prefix_mean/avx512"]
    assert choose_baselines(variants) == ("running_sum/auto-avx512",)


def test_without_a_running_sum_the_vectorised_loop_is_the_second_baseline():
    # Would catch: an operation with one plain loop whose kernels are compared with scalar code alone.
    variants = ["scalar_loop/scalar", "scalar_loop/auto-sse2", "scalar_loop/auto-avx2", "tril_gemm/avx512"]
    assert choose_baselines(variants) == ("scalar_loop/scalar", "scalar_loop/auto-avx2")
    assert choose_baselines([*variants, "running_sum/auto-sse2"]) == ("scalar_loop/scalar", "running_sum/auto-sse2")


def test_variants_go_from_plain_to_learned():
    variants = [
        "prefix_mean/avx512",
        "prefix_mean/sse2",
        "running_sum/scalar",
        "scalar_loop/auto-avx2",
        "scalar_loop/scalar",
    ]
    assert sorted(variants, key=variant_order) == list(reversed(variants))


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
    entries = {line.variant: line.entries[0] for line in table.lines}
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


def test_the_summary_has_every_part_and_the_worst_error():
    repetitions = (Repetition(s, 10, {"error_over_bound": e}) for s, e in ((1.0, 0.1), (2.0, 0.5), (3.0, 0.2)))
    first = RowResult(name("a/avx2"), tuple(repetitions), "")
    columns, lines = tidy([first, failed("b/avx2")])
    assert columns[:12] == [
        "name", "operation", "implementation", "isa", "element", "shape", "B", "T", "C", "omp", "error", "shared_core",
    ]  # fmt: skip
    assert (lines[0]["time_min"], lines[0]["time_median"], lines[0]["error_over_bound"]) == (1.0, 2.0, 0.5)
    assert lines[1]["error"] == "error_over_bound 3"
    assert csv_text(columns, lines).splitlines()[2].endswith("error_over_bound 3,,0,,,,")


def test_instruction_sets_without_a_running_row_are_named():
    rows = [listed("a/avx2"), listed("a/neon", skipped="no NEON"), listed("a/avx2", "8x8x8", skipped="too slow")]
    assert missing_sets(rows) == ["not verified on this machine: neon (no NEON)"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (65e-9, "65.0 ns"),
        (1.234e-6, "1.23 us"),
        (0.13, "130 ms"),
        (2.5, "2.50 s"),
        (999.6e-6, "1.00 ms"),
        (34, "34.0 s"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_other_numbers_for_people():
    assert [factor(value) for value in (1690.4, 41.23, 0.933, 0.0421, 0.00001)] == [
        "1690x", "41.2x", "0.93x", "0.042x", "<.001x",
    ]  # fmt: skip
    assert [ratio(value) for value in (0.2134, 0.0, float("inf"))] == ["0.21", "0", "inf"]
    assert [countdown(value) for value in (45.4, 179)] == ["45 s", "3 min"]
