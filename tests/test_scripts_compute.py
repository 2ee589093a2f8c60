"""The pure computations of the scripts, against values worked out by hand."""

import pytest
from trilbench.commands.test import missing_sets
from trilbench.compute.noise import warnings
from trilbench.compute.plan import LEAST_MIN_TIME, MOST_MIN_TIME, CostModel, make_cells, min_time_within
from trilbench.compute.statistics import quantile, summarise
from trilbench.compute.table import choose_baselines, make_tables, way_order
from trilbench.compute.tidy import tidy
from trilbench.model.listing import ListedRow
from trilbench.model.name import parse_name
from trilbench.model.result import Repetition, RowResult
from trilbench.render.summary import csv_text
from trilbench.render.units import countdown, duration, factor, ratio


def name(way, shape="4x8x2", threads=1):
    b, t, c = shape.split("x")
    return parse_name(f"causal_mean/{way}/f32/B:{b}/T:{t}/C:{c}/omp:{threads}")


def listed(way, shape="4x8x2", seconds=1e-6, skipped=""):
    return ListedRow(name(way, shape), skipped, seconds, 512.0)


def measured(way, *seconds, shape="4x8x2", error=0.5):
    counters = {"error_over_bound": error}
    return RowResult(name(way, shape), tuple(Repetition(value, 10, counters) for value in seconds), "")


def failed(way, shape="4x8x2"):
    return RowResult(name(way, shape), (), "error_over_bound 3")


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
    # Would catch: ways of one shape torn apart, a skipped row planned, a cell without rows.
    rows = [listed("a/avx2"), listed("a/avx2", "8x8x8"), listed("b/avx2"), listed("b/avx2", "9x9x9", skipped="no")]
    cells = make_cells(rows)
    assert [(cell.shape, len(cell.rows)) for cell in cells] == [("4x8x2", 2), ("8x8x8", 1)]


@pytest.mark.parametrize("budget", [10.0, 30.0, 100.0])
@pytest.mark.parametrize("count", [20, 60])
def test_the_time_per_repetition_fills_the_budget_and_no_more(budget, count):
    # Would catch: a plan that takes longer than it was given, or leaves most of it unused.
    cells = make_cells(listed(f"way{i}/avx2", seconds=1e-6 * i) for i in range(count))
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


def test_what_cells_cost_is_learned_with_care():
    # Would catch: one odd little cell that starves all others.
    assert CostModel(3).learned(guessed=1, measured=5, prior=19).untimed == pytest.approx(1.2)


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
    assert [line.way for line in table.lines] == ["scalar_loop/scalar", "running_sum/auto-avx2", "prefix_mean/avx2"]
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
    ways = ["running_sum/auto-sse2", "running_sum/auto-avx512", "running_sum/auto-avx2", "prefix_mean/avx512"]
    assert choose_baselines(ways) == ("running_sum/auto-avx512",)


def test_ways_go_from_plain_to_learned():
    ways = [
        "prefix_mean/avx512",
        "prefix_mean/sse2",
        "running_sum/scalar",
        "scalar_loop/auto-avx2",
        "scalar_loop/scalar",
    ]
    assert sorted(ways, key=way_order) == list(reversed(ways))


def test_noise_has_its_reasons():
    # Would catch: a threshold turned round, a sanitizer or debug build passed over.
    calm, wild = measured("a/avx2", 1.00, 1.05, 1.02), measured("b/avx2", 1.0, 1.0, 1.5)
    quiet = {"busy_cores": 0.4}
    release = {"trilbench_build_type": "Release", "flags_avx2": "-O3"}
    assert warnings([calm], quiet, release) == []
    assert warnings([calm], {"busy_cores": "unknown"}, release) == []
    assert "1 of 2 rows spread" in warnings([calm, wild], quiet, release)[0]
    assert "0.6 cores" in warnings([calm], {"busy_cores": 0.6}, release)[0]
    assert "Debug build" in warnings([calm], quiet, {"trilbench_build_type": "Debug"})[0]
    assert "sanitizers" in warnings([calm], quiet, release | {"flags_avx2": "-fsanitize=address"})[0]


def test_the_summary_has_every_part_and_the_worst_error():
    repetitions = (Repetition(s, 10, {"error_over_bound": e}) for s, e in ((1.0, 0.1), (2.0, 0.5), (3.0, 0.2)))
    first = RowResult(name("a/avx2"), tuple(repetitions), "")
    columns, lines = tidy([first, failed("b/avx2")])
    assert columns[:11] == [
        "name", "operation", "implementation", "isa", "element", "shape", "B", "T", "C", "omp", "error",
    ]  # fmt: skip
    assert (lines[0]["time_min"], lines[0]["time_median"], lines[0]["error_over_bound"]) == (1.0, 2.0, 0.5)
    assert lines[1]["error"] == "error_over_bound 3"
    assert csv_text(columns, lines).splitlines()[2].endswith("error_over_bound 3,0,,,,")


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
