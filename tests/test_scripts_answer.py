"""The answer that a run gives: who wins, by how much, and where it cannot be told."""

import pytest
from fake_run import ROWS, failed, row
from trilbench.report.answer import beside_libraries, claims, wins, worth
from trilbench.report.table import level, make_tables

SHAPES = ["1x8x2", "2x8x2", "3x8x2"]


def sentences(table):
    return [*claims(table), *worth(table)]


def table_of(*rows):
    (table,) = make_tables(rows)
    return table


def test_the_answer_has_numbers_and_their_uncertainty():
    assert sentences(table_of(*ROWS)) == [
        "prefix_mean is the fastest implementation at 4x8x2, 2.00x (1.95x to 2.05x) as fast as the next.",
        "The fastest reaches 0.93 of this machine's limit (p10 to p90: 0.92 to 0.95).",
        "It is 4.00x (3.90x to 4.10x) as fast as the best library routine (openblas_strmm).",
    ]


def test_the_answer_names_every_winner():
    # Would catch: the winner of most shapes told as the winner of all.
    shapes = [f"{b}x8x2" for b in range(1, 6)]
    rows = [row("a/avx2", 1.0, shape=shape, least=0.2 * (i + 1)) for i, shape in enumerate(shapes)]
    rows += [row("b/avx2", 0.5 if shape == "2x8x2" else 3.0 + i, shape=shape) for i, shape in enumerate(shapes)]
    claim, other = claims(table_of(*rows))
    assert claim == ("a is the fastest implementation at 4 of 5 shapes, 3.00x to 7.00x as fast as the next.")
    assert other == "b is the fastest implementation at 2x8x2, 2.00x (1.95x to 2.05x) as fast as the next."


def test_the_answer_calls_no_tie_a_win():
    # Would catch: the fastest variant at all shapes, where it is level at two of three; a claim without a number.
    rows = [row("a/avx2", 1.0, shape, least=0.9) for shape in SHAPES]
    rows += [row("b/avx2", seconds, shape, least=0.9) for shape, seconds in zip(SHAPES, (1.01, 1.005, 2), strict=True)]
    rows += [row("c/avx2", 1.015, SHAPES[0], least=0.9), row("library/peer", 1.005, SHAPES[2], least=0.9)]
    assert sentences(table_of(*rows)) == [
        "a is the fastest implementation at 3x8x2, 2.00x (1.95x to 2.05x) as fast as the "
        "next, and level with b or c at 1x8x2 and 2x8x2.",
        "The fastest reaches 0.90 of this machine's limit.",
        "It is 1.00x (0.98x to 1.03x) as fast as the best library routine (library); level with it.",
    ]
    (claim,) = claims(table_of(*(each for each in rows if each.name.shape == "2x8x2")))
    assert claim == "a is level with b at 2x8x2."


def test_shapes_at_which_a_library_is_ahead_are_named():
    # Would catch: a shape lost; a tie counted as a win or a loss; the best library not compared with.
    shapes = [f"{b}x8x2" for b in range(1, 5)]
    of_torch = (3.0, 0.5, 1.005, 0.8)
    rows = [row("a/avx2", 1.0, shape) for shape in shapes]
    rows += [row("torch/peer", seconds, shape) for seconds, shape in zip(of_torch, shapes, strict=True)]
    rows += [row("eigen/peer", 0.7, shapes[3]), row("a/avx2", 1.0, "5x8x2")]
    table = table_of(*rows)
    behind = "2x8x2 (0.50x of torch), 4x8x2 (0.70x of eigen)"
    counts = "ahead at 1 of 5 shapes, level at 1, not compared at 1, behind at 2"
    expected = f"beside the best library: {counts}: {behind}"
    assert beside_libraries(table) == expected
    assert f"; behind it at {behind}." in worth(table)[1]
    assert beside_libraries(table_of(rows[0])) == ""


def test_without_shares_times_answer():
    rows = [row("a/avx2", 1.0), row("b/avx2", 1.005), row("torch/peer", 4.0, error_over_bound=3)]
    assert sentences(table_of(*rows)) == [
        "a is level with b at 4x8x2.",
        "The fastest takes 1.00 s a call.",
        "It is 4.00x (3.90x to 4.10x) as fast as the best library routine (torch); less accurate: torch.",
    ]


def test_shares_decide_where_times_of_other_moments_do_not():
    # Would catch: a winner by times while the machine's clock changed, or a tie; shares that cannot be, believed; a
    # factor of times beside a rank of shares.
    slow, fast = (0.99, 1.0, 1.01), (0.49, 0.5, 0.51)
    a = row("a/avx2", 1.0, noise=slow, of_limit=0.9)
    (win,) = wins(table_of(a, row("b/avx2", 1.0, noise=fast, of_limit=0.8)))
    assert (win.implementation, win.level_with) == ("a", ())
    assert win.next is not None and win.next.factor == pytest.approx(0.9 / 0.8)
    (win,) = wins(table_of(a, row("b/avx2", 1.0, noise=fast, of_limit=0.9)))
    assert (win.implementation, win.level_with) == ("a", ("b",))
    (win,) = wins(table_of(a, row("b/avx2", 2.0, of_limit=1.5)))
    assert (win.implementation, win.level_with) == ("a", ())


@pytest.mark.parametrize("seconds", [1.0, 1.005, 1.03, 1.5])
@pytest.mark.parametrize("least", [None, 0.5])
def test_a_tie_is_a_factor_that_may_be_one(seconds, least):
    # Would catch: a tie whose printed range is all above 1, a win whose range holds it.
    rows = [row("a/avx2", 1.0, least=least), row("b/avx2", seconds, least=least)]
    table = table_of(*rows)
    (win,) = wins(table)
    assert win.next is not None
    assert win.next.level == (win.next.low <= 1 <= win.next.high)
    assert win.next.level == level(*table.entries)
    assert win.next.low <= win.next.factor <= win.next.high


def test_nothing_measured_has_no_answer():
    assert sentences(table_of(failed("a/avx2"))) == []
