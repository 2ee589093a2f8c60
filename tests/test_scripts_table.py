"""The tables' data, against values worked out by hand."""

from trilbench.report.summary import csv_text, tidy
from trilbench.report.table import choose_baselines, make_tables, variant_order
from trilbench.results.names import parse_name
from trilbench.results.rows import Repetition, RowResult


def name(variant, shape="4x8x2", threads=1):
    b, t, c = shape.split("x")
    return parse_name(f"causal_mean/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:{threads}")


def measured(variant, *seconds, shape="4x8x2", error=0.5):
    counters = {"error_over_bound": error}
    return RowResult(name(variant, shape), tuple(Repetition(value, 10, counters) for value in seconds), "")


def failed(variant, shape="4x8x2"):
    return RowResult(name(variant, shape), (), "error_over_bound 3")


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
    first, second = table.lines[2].entries.values()
    assert first.speedups == (4.0, 2.0)
    assert second.speedups == (None, None)  # the baselines were skipped there


def test_a_failed_row_has_no_time_and_is_no_baseline():
    (table,) = make_tables([failed("scalar_loop/scalar"), measured("prefix_mean/avx2", 2.0)])
    wrong, right = table.lines
    assert (wrong.entries, wrong.failed) == ({}, {"4x8x2"})
    assert right.entries["4x8x2"].speedups == (None,)


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
