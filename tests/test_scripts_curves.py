"""The figures' data: points, lines, winners, speed-ups and caches."""

import itertools

import pytest
from fake_run import row
from trilbench.report import curves
from trilbench.report.answer import wins
from trilbench.report.figures.chart import apart
from trilbench.report.table import make_tables


def table(*of):
    return make_tables(of)[0]


def test_time_per_element_divides_by_every_axis():
    (entry,) = table(row("a/avx2", 64e-9, "4x8x2", noise=(1,))).entries
    assert entry.name.elements == 4 * 8 * 2
    assert entry.working_set == 4 * 8 * 2 * 2 * 4


@pytest.mark.parametrize(
    ("axes", "shape", "elements"),
    [
        ("T", "4", 10),  # the triangle
        ("BHTD", "2x8g2x16x4", 2 * 8 * 16 * 4),
        ("N", "4", 4),
        ("XY", "3x1x2x2@5x2x3", 3 * 5 * 2 * 3),
        ("XY", "7@5x7x3", 5 * 3),
        ("XY", "2x7@7", 2),
        ("XYZ", "2x7@7@3", 2 * 7 * 7 * 3),  # no product that is known
    ],
)
def test_the_elements_of_other_axes(axes, shape, elements):
    assert row("a/avx2", 1e-6, shape, axes=axes).name.elements == elements


def test_the_working_set_is_what_the_counters_say():
    # Would catch: a triangle's weights forgotten, the bytes of a second taken for those of a call.
    (entry,) = table(row("a/avx2", 2e-6, noise=(1, 1, 1), bytes_per_second=1e9)).entries
    assert entry.working_set == 2000


def test_where_a_cache_is_full_lies_between_what_was_measured():
    sizes = {256: 4 * 256**2, 1024: 4 * 1024**2}
    assert curves.length_of(4 * 512**2, sizes) == pytest.approx(512)
    assert curves.length_of(4 * 1025**2, sizes) is None
    assert curves.length_of(1, {}) is None


def test_of_each_variant_the_fastest_set_at_that_shape_counts():
    found = table(
        row("a/avx2", 1e-6, "1x8x2"),
        row("a/avx512", 2e-6, "1x8x2"),
        row("a/avx2", 4e-6, "1x9x2"),
        row("a/avx512", 3e-6, "1x9x2"),
    ).entries
    best = {(entry.name.shape, entry.name.isa) for entry in curves.best_sets(found)}
    assert best == {("1x8x2", "avx2"), ("1x9x2", "avx512")}


def test_the_winner_is_compared_with_another_implementation():
    of = table(row("a/avx2", 1e-6), row("a/avx512", 1.1e-6), row("b/avx2", 3e-6), row("c/peer", 2e-6))
    (win,) = curves.winners(of)
    assert (win.variant, win.next.variant, win.next.level) == ("a/avx2", "c/peer", False)
    lead = win.next.factor, win.next.low, win.next.high
    assert lead == pytest.approx((2, 2 * 0.984 / 1.008, 2 * 1.008 / 0.984))  # p10 and p90 of the made-up noise


def test_the_map_and_the_answer_name_the_same_winner():
    # Would catch: each implementation's set chosen by times, the winner by shares; a library whose share is not known
    # that makes times decide among our own.
    rows = [
        row("a/avx2", 1e-6, of_limit=0.95),
        row("a/avx512", 0.99e-6, of_limit=0.90),
        row("b/avx2", 1e-6, of_limit=0.93),
    ]
    for of in (table(*rows), table(*rows, row("c/peer", 3e-6))):
        (of_map,) = curves.winners(of)
        (of_answer,) = wins(of)
        assert of_map.variant == of_answer.variant == "a/avx2"
        assert of_map.next == of_answer.next and of_map.next.factor == pytest.approx(0.95 / 0.93)
        assert "a/avx2" in {entry.name.variant for entry in curves.best_sets(of.entries)}


def test_a_winner_within_the_noise_is_level():
    (win,) = curves.winners(table(row("a/avx2", 1e-6), row("b/avx2", 1.005e-6)))
    assert win.next.level


def test_a_variant_alone_has_no_margin():
    (win,) = curves.winners(table(row("a/avx2", 1e-6), row("a/avx512", 2e-6)))
    assert win.next is None


def test_caches_count_once_per_thread_but_the_last():
    known = {"L1d": "48K, shared by CPUs 0", "L2": "2048K, shared by CPUs 0", "L3": "32768K, shared by CPUs 0-7"}
    assert curves.cache_bytes(known, 2) == {"L1d": 98304, "L2": 4 << 20, "L3": 32 << 20}


@pytest.mark.parametrize("text", ["491520K, shared by CPUs 0-1", "unknown", "", "K", "-3K"])
def test_caches_that_cannot_be_believed_are_left_out(text):
    assert curves.cache_bytes({"L3": text}, 1) == {}


def test_the_home_of_a_working_set():
    caches = {"L1d": 100, "L2": 1000}
    assert [curves.home(size, caches) for size in (100, 101, 1001)] == ["L1d", "L2", "> L2"]
    assert curves.home(1, {}) == ""


def test_names_are_pushed_apart_and_no_further():
    assert apart([0.1, 0.5], 0.1, 1) == pytest.approx([0.1, 0.5])
    assert apart([0.5, 0.5, 0.5], 0.1, 1) == pytest.approx([0.4, 0.5, 0.6])
    assert apart([0.95, 0.99], 0.1, 1) == pytest.approx([0.9, 1])
    moved = apart([0.1, 0.15, 0.22, 0.9], 0.1, 1)
    assert all(b - a >= 0.1 - 1e-9 for a, b in itertools.pairwise(moved))
