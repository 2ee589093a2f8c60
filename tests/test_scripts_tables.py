"""What is made of rows: the tables, the answer and summary.csv, of made-up data."""

import io
import math
import re

import fake_family
import fake_run
import pytest
from fake_run import ROWS, failed, row
from rich.console import Console
from trilbench.report.answer import wins
from trilbench.report.limits import sizes, split
from trilbench.report.printed import blocks, print_limits, print_operations
from trilbench.report.reasons import by_reason
from trilbench.report.summary import tidy
from trilbench.report.table import make_tables, standings
from trilbench.results.run import NamedReason
from trilbench.results.units import binary_bytes, count, rate, share


def table_of(*rows):
    (table,) = make_tables(rows)
    return table


def printed(show, what):
    text = io.StringIO()
    show(Console(width=100, highlight=False, file=text), what)
    return text.getvalue()


# The data


def test_shares_are_medians_of_each_repetitions_ratio():
    # Would catch: a share of the median time, a minimum, p10 and p90 exchanged.
    (entry,) = table_of(row("a/avx2", 1.0, noise=(0.5, 1.0, 2.0), least=0.8)).entries
    assert entry.of_limit is not None
    assert entry.of_limit.median == pytest.approx(0.8)
    assert (entry.of_limit.p10, entry.of_limit.p90) == pytest.approx((0.48, 1.44))
    assert entry.of_peak is None


@pytest.mark.parametrize(("shown", "above"), [(1.02, False), (1.04, True)])
def test_a_row_above_its_limit_is_known(shown, above):
    (entry,) = table_of(row("a/avx2", 1.0, of_limit=shown)).entries
    assert entry.above_limit == above


def test_a_row_that_shared_its_core_has_no_share():
    # Would catch: half of a core taken for half of the limit.
    half = row("tril_gemm/avx2", 3e-6, least=1e-6, of_peak=0.4, cpu_share=0.5)
    (entry,) = table_of(half).entries
    assert (entry.shared, entry.of_limit, entry.of_peak) == (True, None, None)
    text = printed(print_operations, [table_of(*ROWS, half)])
    assert re.search(r"^tril_gemm/avx2 +3.00 us +busy ", text, flags=re.M)
    assert "busy: had less than 95% of its cores" in text
    assert "busy" not in printed(print_operations, [table_of(*ROWS)])
    _, lines = tidy([half, *ROWS])
    assert [line["shared_core"] for line in lines[:2]] == ["yes", ""]


def test_libraries_stand_apart_and_are_no_winners_of_ours():
    # Would catch: a library taken for a variant, for the fastest, or for a baseline.
    table = table_of(*ROWS, row("running_sum/peer", 1e-9, error_over_bound=4.5))
    assert [line.variant for line in table.peers] == ["openblas_strmm/peer", "running_sum/peer"]
    assert [line.entries["4x8x2"].less_accurate for line in table.peers] == [False, True]
    (win,) = wins(table)
    assert win.variant == "prefix_mean/avx2"
    assert win.peer is not None
    assert (win.peer.variant, win.peer.less_accurate) == ("running_sum/peer", True)
    assert win.peer.factor == pytest.approx(1e-3)


def test_the_next_is_another_idea():
    # Would catch: the same idea for another instruction set taken for the runner-up.
    (win,) = wins(table_of(*ROWS))
    assert win.next is not None
    assert (win.next.variant, win.next.factor, win.next.level) == ("running_sum/auto-avx2", pytest.approx(2), False)


def test_variants_within_each_others_spread_are_level():
    # Would catch: a winner by less than the noise told as one.
    (win,) = wins(table_of(row("a/avx2", 1.0), row("b/avx2", 1.005)))
    assert win.next is not None
    assert win.next.level
    (win,) = wins(table_of(row("a/avx2", 1.0), row("b/avx2", 1.1)))
    assert win.next is not None
    assert not win.next.level


def test_shapes_without_a_time_have_no_winner():
    (win,) = wins(table_of(failed("a/avx2"), row("b/avx2", 1.0, shape="8x8x8")))
    assert (win.shape, win.next, win.peer) == ("8x8x8", None, None)


def test_damaged_counters_and_times_are_left_out():
    # Would catch: a NaN sorted into a median, a division by a time of 0.
    nan = math.nan
    damaged = row("a/avx2", 1.0, noise=(nan, 1.0, 0.0), of_limit=nan, error_over_bound=nan, bytes_per_second=math.inf)
    (line,) = table_of(damaged).lines
    (entry,) = line.entries.values()
    assert (entry.seconds, entry.of_limit, entry.error, entry.bytes_per_second) == (1.0, None, None, None)
    assert line.worst_error is None
    assert table_of(row("a/avx2", 1.0, noise=(nan, nan))).entries == []
    columns, (flat,) = tidy([damaged])
    assert "of_limit" in columns
    assert not [key for key, value in flat.items() if isinstance(value, float) and not math.isfinite(value)]


def test_the_summary_has_the_spread_of_shares():
    columns, (flat,) = tidy([row("a/avx2", 1.0, noise=(0.5, 1.0, 2.0), least=0.8)])
    at = columns.index("of_limit")
    assert columns[at : at + 3] == ["of_limit", "of_limit_p10", "of_limit_p90"]
    assert [flat[key] for key in columns[at : at + 3]] == pytest.approx([0.8, 0.48, 1.44])


def test_the_machine_is_no_operation():
    # Would catch: its rows among the operations', a copy taken for arithmetic, elements taken for bytes.
    operations, (limits,) = split([*ROWS, *fake_run.limits()])
    assert operations == ROWS
    assert limits.copies == {"copy/avx2": {32 * 2**10: 112, 16 * 2**20: 40.5}}
    assert limits.arithmetic == {"fma/avx2": {32 * 2**10: 58.6}}
    assert sizes(limits.copies | limits.arithmetic) == [32 * 2**10, 16 * 2**20]


def test_reasons_are_folded():
    name = "causal_mean/prefix_mean/neon/f32/B:{}/T:8/C:2/omp:1"
    rows = [NamedReason(name.format(b), "no NEON") for b in (4, 5, 4)] + [NamedReason("causal_mean_openblas", "absent")]
    assert by_reason(rows) == {
        "no NEON": ["causal_mean/prefix_mean/neon at 4x8x2, 5x8x2"],
        "absent": ["causal_mean_openblas"],
    }


@pytest.mark.parametrize(
    ("variants", "shown"), [(2, "causal_mean: a0/neon, a1/neon"), (17, "causal_mean: 17 variants")]
)
def test_variants_that_share_their_shapes_share_a_line(variants, shown):
    # Would catch: a line for each of eighty variants of five operations.
    names = [f"causal_mean/a{i}/neon/f32/T:{t}/omp:1" for i in range(variants) for t in (8, 9)]
    other = NamedReason("causal_mean/b/neon/f32/T:8/omp:1", "no NEON")
    assert by_reason([other, *(NamedReason(name, "no NEON") for name in names)]) == {
        "no NEON": ["causal_mean/b/neon at 8", f"{shown} at 8, 9"],
    }


def test_reasons_that_differ_in_numbers_alone_are_one():
    # Would catch: a line for each of twenty predictions; ms and s, or an instruction set's name, taken for numbers.
    texts = (
        "a call takes 3.9 s, above 0.2",
        "a call takes 0.31 s, above 0.2",
        "a call takes 9 ms",
        "no avx2",
        "no avx512",
    )
    rows = [NamedReason(str(i), text) for i, text in enumerate(texts)]
    assert by_reason(rows) == {
        "a call takes 0.31 to 3.9 s, above 0.2": ["0", "1"],
        "a call takes 9 ms": ["2"],
        "no avx2": ["3"],
        "no avx512": ["4"],
    }


# The text


def test_the_table_as_text():
    wild = row("tril_gemm/avx2", 3e-6, noise=(0.5, 1.0, 2.0), of_limit=1.05)
    inexact = row("openblas_sgemm/peer", 5e-6, error_over_bound=4.5)
    expected = """
causal_mean, float32, 1 thread, shapes BxTxC

       fastest variant      time  of limit    x a    x b  x next  x library
4x8x2  prefix_mean/avx2  1.00 us      0.93  8.00x  2.00x   2.00x      4.00x

                                             4x8x2 error/
variant                   time limit    x a    x b  bound
scalar_loop/scalar     8.00 us 0.12   1.00x  0.25x   0.25
running_sum/auto-avx2  2.00 us 0.47   4.00x  1.00x   0.25
prefix_mean/avx2       1.00 us 0.93*  8.00x  2.00x   0.25
prefix_mean/avx512     1.00 us 0.93=  7.99x  2.00x   0.25
tril_gemm/avx2        ~3.00 us!1.05   2.67x  0.67x   0.25
─────────────────────────────────────────────────────────
openblas_sgemm/peer    5.00 us    -   1.60x  0.40x    4.5
openblas_strmm/peer    4.00 us 0.23*  2.00x  0.50x   0.25

x a: speed-up over scalar_loop/scalar; x b: speed-up over running_sum/auto-avx2
openblas_sgemm/peer: less accurate, its error is up to 4.5 times the bound

time: median of a call; limit: the least time this machine allows over it, 1 is best
x next: over the next implementation; x library: over the best library; = or level: within the noise
fastest: the largest limit, which repeats better than the time; by time where it is unknown
* fastest variant and fastest library; ~ spread above 10%; ! above 1.03 of the limit: do not trust
"""
    assert printed(print_operations, [table_of(*ROWS, wild, inexact)]) == expected


@pytest.mark.parametrize("shapes", [1, 2, 3, 4, 5, 6, 24])
def test_the_table_keeps_to_a_hundred_columns(shapes):
    # Would catch: columns that wrap on a screen, speed-ups that push shapes out, a shape left out.
    names = [f"4x{100 + i}x384" for i in range(shapes)]
    variants = ("scalar_loop/auto-avx512", "running_sum/auto-avx512", "scalar_loop/scalar")
    noisy = (0.5, 1.0, 2.0)
    rows = (row(variant, 0.123, shape=name, noise=noisy) for name in names for variant in variants)
    text = printed(print_operations, make_tables(rows))
    assert max(map(len, text.splitlines())) <= 100
    assert all(name in text for name in names)


@pytest.mark.parametrize(
    ("columns", "most", "sizes"),
    [(5, 5, [5]), (6, 5, [3, 3]), (24, 7, [6] * 4), (17, 7, [6, 6, 5]), (2, 0, [1, 1]), (0, 3, [])],
)
def test_wide_tables_are_cut_evenly(columns, most, sizes):
    cut = blocks(range(columns), most)
    assert [len(places) for places in cut] == sizes
    assert [place for places in cut for place in places] == list(range(columns))


def test_a_failed_row_is_seen_and_a_missing_one_too():
    lines = printed(print_operations, make_tables([failed("a/avx2"), row("b/avx2", 1.0, shape="8x8x8")])).splitlines()
    assert any(line.split() == ["a/avx2", "FAILED", "-"] for line in lines)


def test_the_limits_as_text():
    _, (limits,) = split(fake_run.limits(threads=2))
    expected = """
the machine's limits, 2 threads

copies, GB/s read and written; x and y together take
           32 KiB  16 MiB
copy/avx2     112    40.5

fused multiply-adds, GFLOP/s; x and y together take
          32 KiB
fma/avx2    58.6
"""
    assert printed(print_limits, limits) == expected


def test_several_operations_have_an_overview():
    # Would catch: an operation, shape or speed-up under another's, a scalar loop that was not measured counted as one,
    # what the overview tells told twice.
    rows = [
        *ROWS,
        row("scalar_loop/scalar", 9e-6, "3x1x2x2@5x2x3", "broadcast_matmul", axes="XY"),
        row("batched_gemm/avx2", 3e-6, "3x1x2x2@5x2x3", "broadcast_matmul", axes="XY", of_limit=0.75),
        row("scalar_loop/auto-avx2", 8e-6, "256", "causal_softmax", axes="T"),
        row("online/avx2", 2e-6, "256", "causal_softmax", axes="T"),
        row("torch_softmax/peer", 1e-6, "256", "causal_softmax", axes="T"),
    ]
    text = printed(print_operations, make_tables(rows))
    expected = """
all operations, float32, 1 thread

                 fastest variant       time  of limit  x loop  x plain  x next  x library
causal_mean BxTxC
  4x8x2          prefix_mean/avx2   1.00 us      0.93   8.00x    2.00x   2.00x      4.00x
broadcast_matmul X@Y
  3x1x2x2@5x2x3  batched_gemm/avx2  3.00 us      0.75   3.00x        -   3.00x          -
causal_softmax T
  256            online/avx2        2.00 us         -       -    4.00x   4.00x      0.50x

x loop: over scalar_loop/scalar; x plain: over plain code that the compiler vectorises

causal_mean, float32, 1 thread, shapes BxTxC

                                             4x8x2 error/
"""
    assert text.startswith(expected)
    assert text.count("fastest variant  ") == 1
    assert text.count("time: median of a call") == 1


def test_the_overview_of_many_shapes_shows_five_of_each_operation():
    # Would catch: an overview as long as the tables, winners that are then told nowhere.
    shapes = [f"{100 + i}x8x2" for i in range(24)]
    rows = [row("a/avx2", 1.0, shape, operation) for shape in shapes for operation in ("causal_mean", "tril_matmul")]
    overview, _, tables = printed(print_operations, make_tables(rows)).partition("causal_mean, float32")
    for operation in ("causal_mean", "tril_matmul"):
        assert f"{operation} BxTxC, 5 of 24 shapes" in overview
    assert overview.count("x8x2 ") == 10
    assert overview.count("100x8x2 ") == overview.count("123x8x2 ") == 2
    assert all(tables.count(f"{shape} ") == 4 for shape in shapes)  # the winners and every variant, of both


def test_the_text_of_the_whole_family_keeps_to_a_hundred_columns():
    operations, _ = split(fake_family.rows())
    text = printed(print_operations, make_tables(operations))
    assert max(map(len, text.splitlines())) <= 100
    for operation, shapes in fake_family.SHAPES.items():
        assert text.count(f"\n{operation}, float32") == 1
        for shape in shapes:
            assert re.search(rf"^  {shape} .* \S+x$", text, re.MULTILINE), shape


def test_the_fastest_library_of_each_shape_is_marked():
    # Would catch: a mark at the library that is the fastest over all, one that our own variants take away.
    operations, _ = split(fake_family.rows())
    table = next(table for table in make_tables(operations) if table.operation == "tril_matmul")
    name = len("scalar_loop/auto-avx512 ")
    lines = [line for line in printed(print_operations, [table]).splitlines() if "/peer " in line]
    marks = {line.split()[0]: [mark == "*" for mark in line[name:-6][13::14]] for line in lines}
    assert marks == {
        "eigen_dense/peer": [False] * 4,
        "openblas_sgemm/peer": [True, True, False, False],
        "openblas_strmm/peer": [False] * 4,
        "torch_matmul/peer": [False, False, True, True],
    }


def test_shares_rank_the_variants_of_a_table_and_ties_are_marked():
    # Would catch: a rank by times, which the machine's clock moves ten times as far; a tie shown as a win.
    slow, fast = (0.99, 1.0, 1.01), (0.49, 0.5, 0.51)
    a, b, c = (
        row(f"{name}/avx2", 1.0, noise=noise, of_limit=share)
        for name, noise, share in (("a", slow, 0.9), ("b", fast, 0.8), ("c", fast, 0.9))
    )
    table = table_of(a, b, c)
    assert [entry.name.variant for entry in standings(table.lines, "4x8x2")] == ["a/avx2", "c/avx2", "b/avx2"]
    text = printed(print_operations, [table])
    marks = {line.split()[0]: mark for line in text.splitlines() for mark in "*=" if f"0.90{mark}" in line}
    assert marks == {"a/avx2": "*", "c/avx2": "="}
    assert "= or level: within the noise" in text
    assert " 0.80 " in printed(print_operations, [table_of(a, b)])
    unknown = table_of(a, row("b/avx2", 1.0, noise=fast))  # a limit that one alone knows says nothing
    assert standings(unknown.lines, "4x8x2")[0].name.variant == "b/avx2"
    assert standings(table_of(failed("a/avx2")).lines, "4x8x2") == []
    assert "FAILED" in printed(print_operations, [table_of(failed("a/avx2"))])


def test_numbers_for_people():
    assert [share(value) for value in (0.931, 1.05, 0.004, 0.0, 12.44)] == ["0.93", "1.05", "<.01", "<.01", "12.4"]
    assert [rate(value) for value in (8.214, 65.04, 117.2)] == ["8.21", "65.0", "117"]
    assert [binary_bytes(value) for value in (512, 32768, 1.5 * 2**20, 2**30)] == [
        "512 B", "32 KiB", "1.5 MiB", "1 GiB",
    ]  # fmt: skip
    assert [count(1, "thread"), count(2, "thread")] == ["1 thread", "2 threads"]
