"""Which cells a run has, and how long they take, against values worked out by hand."""

import dataclasses

import pytest
from trilbench.bench.plan import LEAST_MIN_TIME, MOST_MIN_TIME, CostModel, in_turn, min_time_within
from trilbench.results.listing import Cell, ListedRow, make_cells
from trilbench.results.names import parse_name
from trilbench.setup.test import missing_sets


def listed(variant, shape="4x8x2", seconds=1e-6, skipped=""):
    b, t, c = shape.split("x")
    name = parse_name(f"causal_mean/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:1")
    return ListedRow(name, skipped, seconds, 512.0)


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
    total = model.total(cells, min_time)
    assert total <= budget
    assert min_time == MOST_MIN_TIME or total > 0.999 * budget


def test_long_calls_count_however_short_a_repetition_is():
    # Would catch: a budget that forgets that one call may take longer than the least time.
    model = CostModel(repetitions=3)
    assert min_time_within(100, make_cells([listed("a/avx2", seconds=40.0)]), model) == LEAST_MIN_TIME
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
    assert [model.min_time(cell, min_time) for cell in (machine, other)] == [LEAST_MIN_TIME, min_time]
    assert min_time > LEAST_MIN_TIME
    assert model.least([machine]) + model.seconds(other, min_time) == pytest.approx(4.0)
    assert CostModel(repetitions=9, hurried=False).min_time(machine, 0.05) == 0.05


def test_what_cells_cost_is_learned_with_care():
    # Would catch: one odd little cell that starves all others, an operation that pays for another's verification.
    (cell,) = make_cells([listed("a/avx2")])
    other = dataclasses.replace(cell, operation="tril_matmul")
    model = CostModel(3, [cell] * 16 + [other])
    guess = model.untimed_guess(cell)
    model.learn(cell, LEAST_MIN_TIME, model.timed(cell, LEAST_MIN_TIME) + 6 * guess)  # a quarter of 16 came true before
    assert model.least([cell]) == pytest.approx(model.timed(cell, LEAST_MIN_TIME) + 2 * guess)
    assert model.least([other]) == pytest.approx(CostModel(3).least([other]))


def test_instruction_sets_without_a_running_row_are_named():
    rows = [listed("a/avx2"), listed("a/neon", skipped="no NEON"), listed("a/avx2", "8x8x8", skipped="too slow")]
    assert missing_sets(rows) == ["not verified on this machine: neon (no NEON)"]
