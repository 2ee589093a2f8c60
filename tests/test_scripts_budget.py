"""How a quick run shares its time among operations, shapes and libraries: made-up listings, and a made-up clock."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, strategies
from trilbench.bench import command as bench
from trilbench.bench import plan as planning
from trilbench.bench import session
from trilbench.bench.plan import (
    ALWAYS,
    LEAST_MIN_TIME,
    MODES,
    CostModel,
    Mode,
    in_turn,
    plan_run,
    without_time,
)  # fmt: skip
from trilbench.commands import BenchOptions
from trilbench.results.listing import Cell, ListedRow, make_cells
from trilbench.results.names import MACHINE, parse_name
from trilbench.results.run import CellRecord, Manifest, Status
from trilbench.setup.binary import Outcome, Program, that_take
from trilbench.stop import Stop

OPERATIONS = ("causal_mean", "tril_matmul", "causal_softmax", "causal_weighted_mean", "broadcast_matmul")
LIBRARIES = ("openblas", "mkl", "eigen", "torch", "onnxruntime", "numba")
MODEL = CostModel(repetitions=3)
BUDGET = MODES["quick"].budget


def listed(operation, variant, length, seconds=1e-5, size=1e5, flops=1e6, skipped=""):
    return ListedRow(parse_name(f"{operation}/{variant}/f32/T:{length}/omp:1"), skipped, seconds, size, flops)


def rows_of(operation, lengths, variants=15, **costs):
    return [listed(operation, f"variant{i}/avx2", length, **costs) for length in lengths for i in range(variants)]


def shapes_of(cells, operation):
    return [cell.shape for cell in cells if cell.operation == operation and not cell.peer]


def left(cells, budget=BUDGET):
    out = without_time(cells, budget, MODEL)
    return [cell for cell in cells if cell not in out]


# Which shapes


def test_shapes_get_their_time_in_turn():
    # Would catch: the first operation taking all the time, a fourth shape before another's third, the costly first.
    cells = [
        cell
        for operation, size in (("causal_mean", 1e5), ("tril_matmul", 1e6), ("causal_softmax", 4e6))
        for cell in make_cells(rows_of(operation, (8, 16, 32, 64), size=size))
    ]
    third = [cell for cell in cells if cell.shape == "32"]
    always = MODEL.least(cell for cell in cells if cell.shape in ("8", "16"))
    for number in range(4):
        kept = left(cells, always + MODEL.least(third[:number]) + 0.01)
        assert [cell.operation for cell in kept if cell.shape == "32"] == [
            "causal_mean", "tril_matmul", "causal_softmax",
        ][:number]  # fmt: skip
        assert not [cell for cell in kept if cell.shape == "64"]


def test_a_library_is_left_out_with_our_own():
    # Would catch: a library measured at a shape where there is nothing of ours beside it, one that costs nothing.
    ours = make_cells(rows_of("causal_mean", (8, 16, 32)))
    theirs = make_cells([listed("causal_mean", "torch_cumsum/peer", length) for length in (8, 16, 32)], "torch", 3.0)
    cells = (*ours, *theirs)
    enough = MODEL.least(cells)
    assert left(cells, enough + 0.01) == [*cells]
    assert [cell.shape for cell in left(cells, enough - 0.01)] == ["8", "16", "8", "16"]


@given(
    costs=strategies.lists(
        strategies.lists(strategies.floats(1e3, 1e8), min_size=1, max_size=6), min_size=1, max_size=5
    ),
    budget=strategies.floats(0, 200),
)
def test_whatever_they_cost_each_operation_keeps_its_first_shapes_and_loses_its_last(costs, budget):
    # Would catch: a shape in the middle left out, a budget overrun by what need not be, one left unused.
    cells = [
        cell
        for operation, sizes in zip(OPERATIONS, costs, strict=False)
        for i, size in enumerate(sizes)
        for cell in make_cells(rows_of(operation, (8 << i,), size=size))
    ]
    kept = left(cells, budget)
    beyond = False
    for operation in OPERATIONS:
        every, its = (shapes_of(of, operation) for of in (cells, kept))
        assert its == every[: len(its)]
        assert len(its) >= min(ALWAYS, len(every))
        beyond = beyond or len(its) > ALWAYS
    if beyond:
        assert MODEL.least(kept) <= budget + 1e-9
    if MODEL.least(cells) <= budget:
        assert kept == cells


def test_the_machine_comes_first_then_what_is_always_measured_then_the_rest_from_cheap_to_dear():
    # Would catch: a further shape before what every run measures, which the deadline would then cut off.
    cells = [Cell(MACHINE, "4096", 1, tuple(rows_of(MACHINE, (4096,))))]
    for operation, size in (("causal_mean", 1e6), ("tril_matmul", 1e5)):
        cells += make_cells(rows_of(operation, (8, 16, 32, 64), size=size))
    assert [f"{cells[i].operation} {cells[i].shape}" for i in in_turn(cells, MODEL)] == [
        "machine 4096",
        "causal_mean 16", "causal_mean 8", "tril_matmul 16", "tril_matmul 8",
        "tril_matmul 32", "causal_mean 32",
        "tril_matmul 64", "causal_mean 64",
    ]  # fmt: skip


# The plan of a quick run


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Makes programs of operations and libraries that list what they are given, each after `seconds`."""
    now = itertools.count()
    lists: dict[str, list[ListedRow]] = {}
    took: dict[str, float] = {}
    clock = [0.0]
    monkeypatch.setattr(planning.time, "monotonic", lambda: clock[0])

    def list_rows(program, flags, max_call):
        clock[0] += took[program.path.name]
        return tuple(lists[program.path.name])

    monkeypatch.setattr(planning, "list_rows", list_rows)

    def make(operation, rows, peer="", seconds=0.1):
        name = f"{operation}_{peer}" if peer else operation
        lists[name], took[name] = rows, seconds
        return Program(tmp_path / str(next(now)) / name, operation, peer)

    return make


def five(programs, peers=()):
    """Five operations of 15 variants at five shapes, the later ones dear; a library's start takes up to two seconds."""
    lengths = (8, 256, 1024, 2048, 4096)
    made = []
    for operation in OPERATIONS:
        rows = [
            row for length in lengths for row in rows_of(operation, (length,), size=1e3 * length, flops=50 * length**2)
        ]
        loop = [
            listed(operation, "scalar_loop/scalar", length, seconds=1e-7 * length**2 / 8, flops=50 * length**2)
            for length in lengths
        ]
        made.append(programs(operation, [*rows, *loop]))
        for i, peer in enumerate(peers):
            theirs = [listed(operation, f"{peer}_gemm/peer", length, size=1e3 * length) for length in lengths]
            made.append(programs(operation, theirs, peer, seconds=2.0 if peer == "torch" else 0.1 + 0.05 * i))
    return made


@pytest.mark.parametrize("peers", [(), LIBRARIES[:1], LIBRARIES])
def test_five_operations_fit_into_a_quick_run(programs, peers):
    # Would catch: a plan that forgets how long libraries take to start or to be listed, that drops what it must keep,
    # or a shape left out without a word.
    made = five(programs, peers)
    plan = plan_run(made, "quick", [], "")
    listing = sum(0.1 if not p.peer else 2.0 if p.peer == "torch" else 0.1 + 0.05 * peers.index(p.peer) for p in made)
    assert MODEL.least(plan.cells) + listing <= BUDGET
    for operation in OPERATIONS:
        its = shapes_of(plan.cells, operation)
        assert its[:2] == ["8", "256"]
        dropped = {parse_name(row.name).shape for row in plan.skipped if row.name.startswith(f"{operation}/")}
        assert set(its) | dropped >= {"8", "256", "1024", "2048", "4096"}
        for cell in plan.cells:
            assert {other.peer for other in plan.cells if other.place == cell.place} == {"", *peers}
    if not peers:
        assert max(len(shapes_of(plan.cells, operation)) for operation in OPERATIONS) > 2
    assert any("--quick has not the time" in row.reason for row in plan.skipped)


def test_where_even_two_shapes_are_too_much_the_slowest_variants_go(programs, monkeypatch):
    # Would catch: a plan that overruns rather than lose a variant, one that asks the programs anew for each try.
    slow = [listed("causal_mean", f"variant{i}/scalar", length, seconds=0.15) for length in (8, 16) for i in range(40)]
    quick = rows_of("causal_mean", (8, 16), variants=5)
    monkeypatch.setitem(MODES, "quick", Mode(3, 0.2, budget=40.0))
    plan = plan_run([programs("causal_mean", [*quick, *slow])], "quick", [], "")
    assert plan.max_call == 0.1
    assert {row.name.isa for cell in plan.cells for row in cell.rows} == {"avx2"}
    assert [cell.shape for cell in plan.cells] == ["8", "16"]
    reasons = {row.reason for row in plan.skipped}
    assert reasons == {"a call would take 150 ms, more than --max-call=100 ms"}


def test_a_full_run_leaves_nothing_out(programs):
    plan = plan_run(five(programs, LIBRARIES), "full", [], "")
    assert len(plan.cells) == len(OPERATIONS) * 5 * (1 + len(LIBRARIES))
    assert plan.skipped == ()


# Cells measured on Emerald Rapids with nine repetitions of 0.03 s: seconds; bytes and flops of a call; seconds of each
# row's call, as listed.
MEASURED = [
    ("tril_matmul", 17.8, 1.7e7, 2.1e9, (5.6e-1, 2.8e-1, 1.6e-1, 1.3e-1, 1.0e-1, 3.5e-2, 1.9e-2)),
    ("causal_weighted_mean", 6.5, 1.2e6, 3.4e7,
     (2.4e-3, 9.8e-4, 5.7e-4, 1.9e-2, 8.2e-3, 4.6e-3, 4.4e-3, 3.2e-3, 1.1e-3, 5.2e-4)),
    ("causal_softmax", 8.5, 6.3e6, 7.9e6,
     (2.1e-3, 7.8e-4, 5.0e-4, 1.0e-3, 4.6e-4, 2.0e-4, 3.4e-3, 3.1e-3, 3.2e-3, 3.3e-3, 8.9e-4, 4.2e-4, 3.0e-4)),
    ("broadcast_matmul", 6.5, 3.1e6, 2.7e8, (2.9e-2, 4.8e-3, 2.9e-3, 1.8e-1, 3.9e-2, 2.5e-2, 1.8e-2)),
    ("attention_decode", 4.6, 4.2e6, 2.2e6, (1.0e-3, 3.4e-4, 4.1e-4, 4.8e-4, 1.3e-4, 1.0e-4, 6.4e-5)),
    ("attention_decode", 52.0, 1.3e8, 7.1e7, (2.9e-2, 1.6e-2, 1.1e-2, 1.5e-2, 7.9e-3, 2.9e-3, 2.8e-3)),
    (MACHINE, 10.9, 1.3e8, 0,
     (3.3e-3, 1.8e-3, 1.8e-3, 1.1e-2, 3.2e-3, 2.4e-3, 2.0e-3, 5.7e-3, 4.5e-3, 3.9e-3)),
]  # fmt: skip


@pytest.mark.parametrize(("operation", "seconds", "size", "flops", "calls"), MEASURED)
def test_what_a_full_run_says_it_takes_is_what_it_took(operation, seconds, size, flops, calls):
    # Would catch: a guess of 220 minutes for a run of 60.
    rows = [listed(operation, f"variant{i}/avx2", 8, call, size, flops) for i, call in enumerate(calls)]
    (cell,) = make_cells(rows)
    assert CostModel(9, hurried=False).seconds(cell, 0.03) == pytest.approx(seconds, rel=0.25)


# Flags that only some operations take


def test_operations_that_refuse_a_shape_or_variant_are_left_out_with_their_libraries(fake_binary):
    # Would catch: `scripts/bench -- --only=prefix_mean` refused because one of five operations has no such variant.
    made = [
        Program(fake_binary.beside("one_triangle"), "one_triangle"),
        Program(fake_binary.beside("one_product"), "one_product"),
        Program(fake_binary.beside("one_product_torch"), "one_product", "torch"),
    ]
    flags = ["--shapes=4x8x2", "--only=triangle"]
    taken, refusals = that_take(made, flags)
    assert [program.path.name for program in taken] == ["one_triangle"]
    assert {operation: str(stop) for operation, stop in refusals.items()} == {
        "one_product": "one_product: there is no triangle"
    }
    assert that_take(made, flags[:1]) == (tuple(made), {})
    with pytest.raises(Stop, match="one_product: there is no triangle"):
        that_take(made[1:], flags)


def test_a_program_that_fails_is_not_one_that_refuses(fake_binary):
    # Would catch: a crash of one program told as "left out", and a run that ends well.
    made = [Program(fake_binary.beside("one_triangle"), "one_triangle"), Program(Path("nothing/here"), "other")]
    with pytest.raises(Stop, match="cannot run"):
        that_take(made, ["--only=triangle"])


def test_flags_that_choose_variants_leave_the_machine_out(monkeypatch):
    # Would catch: scripts/bench -- --only=prefix_mean refused by a program that has no such variant.
    monkeypatch.setattr(bench, "operations", lambda: ("causal_mean", "machine"))
    assert bench.default_operations(BenchOptions.parse(["--threads=2"])) == ("causal_mean", "machine")
    assert bench.default_operations(BenchOptions.parse(["--", "--only=prefix_mean"])) == ("causal_mean",)
    assert bench.default_operations(BenchOptions.parse(["--shapes=4x8x2"])) == ("causal_mean",)


# The run itself, where every guess was wrong


def measured(monkeypatch, tmp_path, cells, too_little):
    """Runs on a clock on which untimed parts take `too_little` times what was guessed. Returns the manifest and the
    seconds."""
    clock = [0.0]
    monkeypatch.setattr(session.time, "monotonic", lambda: clock[0])

    def measure(command, out, log, timeout):
        cell = next(
            c
            for c in cells
            if out.name == CellRecord(c.operation, c.shape, c.threads, c.peer).file.split("/")[-1]
            and out.parent.name == c.operation
        )
        min_time = float(next(word for word in command if "min_time" in word).partition("=")[2])
        seconds = MODEL.timed(cell, min_time) + too_little * MODEL.untimed_guess(cell, min_time)
        if timeout is not None and seconds > timeout:
            clock[0] += timeout
            return Outcome(Status.OUT_OF_TIME)
        clock[0] += seconds
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text('{"context": {}, "benchmarks": []}')
        return Outcome(Status.DONE)

    monkeypatch.setattr(session, "measure", measure)
    records = tuple(CellRecord(cell.operation, cell.shape, cell.threads, cell.peer) for cell in cells)
    manifest = Manifest("", "quick", OPERATIONS, (), 0.2, 3, "", cells=records)
    programs = [Program(tmp_path / record.program, record.operation, record.peer) for record in records]
    run = session.Run(tmp_path, manifest, cells, programs, 0.0)
    session.measure_cells(run, lambda *_: None)
    return run.manifest, clock[0]


@pytest.mark.parametrize("too_little", [0.5, 1.0, 1.5, 3.0])
@pytest.mark.parametrize("peers", [(), LIBRARIES[:3]])
def test_a_run_ends_in_time_and_has_two_shapes_of_each_operation(programs, monkeypatch, tmp_path, too_little, peers):
    # Would catch: a wrong guess that costs an operation its first shapes, or the run its end.
    plan = plan_run(five(programs, peers), "quick", [], "")
    manifest, seconds = measured(monkeypatch, tmp_path, plan.cells, too_little)
    assert seconds <= 101  # each cell that waits at the deadline still gets 0.1 s
    done = {(cell.operation, cell.shape, cell.peer) for cell in manifest.cells if cell.status is Status.DONE}
    must = {(operation, shape, peer) for operation in OPERATIONS for shape in ("8", "256") for peer in ("", *peers)}
    if too_little <= 1.5 or not peers:
        assert must <= done
    if too_little == 1.0:
        assert len(done) == len(manifest.cells)
        assert seconds > 0.7 * BUDGET


def test_the_time_per_repetition_is_the_least_where_time_is_short():
    (cell,) = make_cells(rows_of("causal_mean", (8,)))
    assert MODEL.least([cell]) == MODEL.seconds(cell, LEAST_MIN_TIME)
