"""The figures roofline, threads and samples: their numbers against some worked out by hand, and what they leave out."""

import math

import fake_run
import pytest
from fake_run import row
from trilbench.report import curves
from trilbench.report.figures.make import Choice, make_figures
from trilbench.report.limits import placed, roofs
from trilbench.report.table import make_tables
from trilbench.results.statistics import has_two_modes

CACHES = {"L1d": 48 << 10, "L2": 2 << 20}
MACHINE = {"operation": "machine", "axes": "N"}
LIMITS = [
    row("copy/avx2", 1e-6, "4096", bytes_per_second=200e9, flops_per_second=0.0, **MACHINE),  # 32 KiB: L1d
    row("copy/sse2", 1e-6, "4096", bytes_per_second=100e9, flops_per_second=0.0, **MACHINE),
    row("copy/avx2", 1e-3, "131072", bytes_per_second=50e9, flops_per_second=0.0, **MACHINE),  # 1 MiB: L2
    row("streaming_copy/avx2", 1e-3, "4194304", bytes_per_second=20e9, flops_per_second=0.0, **MACHINE),
    row("copy/avx2", 1e-3, "4194304", bytes_per_second=10e9, flops_per_second=0.0, **MACHINE),
    row("plain_copy/auto-avx512", 1e-6, "4096", bytes_per_second=900e9, flops_per_second=0.0, **MACHINE),
    row("fma/avx2", 1e-5, "4096", bytes_per_second=0.0, flops_per_second=100e9, **MACHINE),
    row("fma/sse2", 1e-5, "4096", bytes_per_second=0.0, flops_per_second=40e9, **MACHINE),
]


def table_of(*rows):
    (table,) = make_tables(rows)
    return table


def figures(rows, kind, **changes):
    told = []
    manifest = fake_run.manifest(environment={"caches": {"L1d": "48K", "L2": "2048K"}}, **changes)
    return make_figures(rows, manifest, Choice(kinds=(kind,)), told.append), told


# The roofline


def test_roofs_are_the_best_copies_of_a_level_and_the_peaks_of_the_sets():
    # Would catch: a compiler's loop taken for a ceiling of an instruction set, bytes of one array, a slower copy kept.
    found = roofs(table_of(*LIMITS), CACHES)
    assert found.arithmetic == {"avx2": 100.0, "sse2": 40.0}
    assert found.memory == {"L1d": 200.0, "L2": 50.0, "beyond L2": 20.0}
    assert roofs(table_of(LIMITS[0]), CACHES) is None


@pytest.mark.parametrize(
    ("shape", "flops", "attainable", "bound"),
    [
        ("4x8x2", 25e9, 50.0, "L1d"),  # 0.25 flops a byte on 200 GB/s
        ("8x256x64", 25e9, 12.5, "L2"),  # on 50
        ("8x1024x64", 25e9, 5.0, "beyond L2"),
        ("8x1024x64", 900e9, 100.0, "arithmetic"),  # 9 flops a byte
    ],
)
def test_a_variant_lies_under_the_roof_of_its_own_memory(shape, flops, attainable, bound):
    # Would catch: the memory's roof for what lies in a cache, the lower roof taken for the higher.
    seconds = 8 * math.prod(map(int, shape.split("x"))) / 100e9
    of_row = table_of(row("a/avx2", seconds, shape, bytes_per_second=100e9, flops_per_second=flops))
    (entry,) = of_row.entries
    place = placed(entry, roofs(table_of(*LIMITS), CACHES), CACHES)
    assert place.bound == bound
    assert place.attainable == pytest.approx(attainable)
    assert place.intensity == pytest.approx(flops / 100e9)


def test_the_roofline_tells_the_share_of_the_roof():
    rows = [row("a/avx2", 2**20 / 40e9, "8x256x64", bytes_per_second=40e9, flops_per_second=10e9), *LIMITS]
    ((made,), told) = figures(rows, "roofline")
    (line,) = made.lines
    assert line["share_of_roof"] == pytest.approx(10 / 12.5)
    assert (line["bound_by"], line["attainable_gflop_per_s"]) == ("L2", pytest.approx(12.5))
    assert "L1d 200 GB/s, L2 50.0 GB/s, beyond L2 20.0 GB/s, sse2 40.0 GFLOP/s, avx2 100 GFLOP/s" in made.alt
    assert "algorithmic bytes, not counted ones" in made.caption
    assert not told
    assert made.name == "causal_mean-roofline-omp1"


def test_a_roofline_without_ceilings_says_how_to_get_them():
    rows = [row("a/avx2", 1e-6, bytes_per_second=40e9, flops_per_second=10e9)]
    assert figures(rows, "roofline")[1] == [
        "no figure roofline of causal_mean, 1 thread: the run has not measured the machine's limits; scripts/bench "
        "does without --operations"
    ]
    assert "no row has flops" in figures([row("a/avx2", 1e-6), *LIMITS], "roofline")[1][0]


# Threads


def test_speed_ups_are_over_the_same_variant_with_one_thread():
    # Would catch: the fastest variant's single thread for all, p10 and p90 exchanged, an ideal of something else.
    tables = make_tables(
        [
            row("a/avx2", 8e-6, noise=(1, 1, 1)),
            row("a/avx2", 4e-6, threads=2, noise=(0.9, 1, 1.2)),
            row("a/avx2", 4e-6, threads=4, noise=(1, 1, 1)),
            row("b/avx2", 1e-6),
            row("c/avx2", 1e-6, threads=2),
        ]
    )
    (found,) = curves.scalings(tables, tables)
    assert {n: summary.median for n, summary in found[1].items()} == pytest.approx({1: 1, 2: 2, 4: 2})
    assert found[1][2].p10 < 2 < found[1][2].p90


def test_one_figure_shows_all_numbers_of_threads():
    # Would catch: the same figure drawn once for each number of threads.
    rows = [row("a/avx2", 8e-6 / n, shape, threads=n) for n in (1, 2) for shape in ("4x8x2", "8x256x64")]
    ((made,), told) = figures(rows, "threads")
    assert made.name == "causal_mean-threads"
    assert not told
    assert [(line["shape"], line["omp_threads"], line["efficiency"]) for line in made.lines] == [
        (shape, n, pytest.approx(1.0)) for shape in ("4x8x2", "8x256x64") for n in (1, 2)
    ]


def test_what_the_figure_of_threads_has_no_room_for_is_said():
    rows = [row("a/avx2", 8e-6 / n, f"1x{8 * t}x2", threads=n) for n in (1, 2) for t in range(1, 13)]
    ((made,), _) = figures(rows, "threads")
    assert "The first 9 of 12 shapes" in made.caption
    assert len(made.lines) == 24


def test_a_run_on_one_thread_has_no_figure_of_threads():
    assert "--threads=1,2" in figures(fake_run.ROWS, "threads")[1][0]


# Samples


@pytest.mark.parametrize(
    ("seconds", "two"),
    [
        ([1.0, 1.01, 1.0, 1.2, 1.21, 1.2, 1.01, 1.2], True),
        ([1.0, 1.01, 0.99, 1.02, 1.0, 1.5], False),  # an outlier
        ([1.0, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06], False),  # a spread
        ([1.0, 1.001, 1.0, 1.01, 1.011, 1.01], False),  # too small to matter
        ([1.0, 1.0, 1.2, 1.2], False),  # too few to tell
        ([1.0] * 9, False),
        ([], False),
    ],
)
def test_two_modes(seconds, two):
    assert has_two_modes(seconds) is two


def test_samples_are_relative_to_their_own_rows_median():
    # Would catch: repetitions of another row or thread count, sorted samples, a mode that is not marked.
    rows = [
        row("a/avx2", 1e-6, noise=(1.0, 1.2, 1.0, 1.2, 1.0, 1.2, 1.0)),
        row("b/avx2", 5e-6, noise=(0.99, 1.0, 1.01, 1.0, 1.0)),
        row("a/avx2", 9e-6, threads=2, noise=(1.0,) * 5),
    ]
    ((one, two), _) = figures(rows, "samples")
    lines = [line for line in one.lines if line["implementation"] == "a"]
    assert [line["over_median"] for line in lines] == pytest.approx([1.0, 1.2, 1.0, 1.2, 1.0, 1.2, 1.0])
    assert {line["two_modes"] for line in lines} == {1}
    assert "1 of 2 rows have two modes (a/avx2 at 4x8x2)" in one.caption
    assert {line["omp_threads"] for line in two.lines} == {2}


def test_three_repetitions_are_no_sample():
    assert "scripts/bench --full makes 9" in figures(fake_run.ROWS, "samples")[1][0]
