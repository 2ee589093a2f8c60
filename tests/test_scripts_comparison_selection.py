"""Which benchmarks scripts/compare times if nobody says."""

from trilbench.compare.pairs import MOST_ROWS, choose
from trilbench.results.listing import ListedRow
from trilbench.results.names import parse_name
from trilbench.results.statistics import evenly

CACHES = {"L1d": 48 << 10, "L2": 2 << 20}


def listed(variant, shape, operation="causal_mean", seconds=1e-6, size=512.0, skipped="", threads=1):
    b, t, c = shape.split("x")
    name = parse_name(f"{operation}/{variant}/f32/B:{b}/T:{t}/C:{c}/omp:{threads}")
    return ListedRow(name=name, skipped=skipped, bytes=size, seconds=seconds)


def chosen(rows, most=24):
    return [f"{row.name.operation}/{row.name.variant}/{row.name.shape}" for row in choose(rows, CACHES, most)]


def test_every_operation_and_level_has_its_turn():
    # Would catch: the first operation, or the smallest size, taking all places.
    rows = [
        listed(f"variant{i}/avx2", shape, operation, size=size)
        for operation in ("causal_mean", "causal_softmax")
        for shape, size in (("4x8x2", 512.0), ("8x256x64", 1e6), ("8x1024x64", 4e6))
        for i in range(9)
    ]
    found = chosen(rows, 12)
    places = {tuple(name.split("/")[i] for i in (0, 3)) for name in found}
    assert len(found) == 12
    assert len(places) == 6


def test_kernels_come_before_plain_loops_and_wide_sets_before_narrow():
    rows = [
        listed(variant, "4x8x2") for variant in ("loop/scalar", "loop/auto-avx2", "gemm/sse2", "gemm/avx2", "mean/avx2")
    ]
    assert [name.split("/")[1:3] for name in chosen(rows, 3)] == [
        ["gemm", "avx2"],
        ["mean", "avx2"],
        ["loop", "auto-avx2"],
    ]


def test_five_operations_share_the_places_and_show_their_fastest_at_a_small_and_a_large_shape():
    # Would catch: an operation with many shapes or variants that takes the others' places, a slow variant before the
    # fastest, levels in the middle before the largest.
    sizes = {"4x8x2": 512.0, "8x256x64": 1e6, "8x1024x64": 4e6}
    operations = {"causal_mean": 5, "tril_matmul": 2, "causal_softmax": 4, "causal_weighted_mean": 3, "broadcast": 2}
    rows = [
        listed(f"variant{i}/{isa}", shape, operation, size=size, seconds=1e-3 / (1 + i))
        for operation, variants in operations.items()
        for shape, size in sizes.items()
        for i in range(variants)
        for isa in ("sse2", "avx2")
    ]
    found = chosen(rows)
    assert len(found) == 24
    for operation, variants in operations.items():
        own = [name for name in found if name.startswith(f"{operation}/")]
        assert {f"{operation}/variant{variants - 1}/avx2/{shape}" for shape in ("4x8x2", "8x1024x64")} <= set(own)
        assert len(own) >= 4
    assert [name.split("/")[3] for name in found[:15]] == ["4x8x2"] * 5 + ["8x1024x64"] * 5 + ["8x256x64"] * 5


def test_what_does_not_run_takes_long_or_is_the_machines_is_left_out():
    # Would catch: processes that take a minute, limits of the machine among what is compared.
    rows = [
        listed("a/avx2", "4x8x2", skipped="no AVX2"),
        listed("b/avx2", "4x8x2", seconds=0.5),
        listed("c/avx2", "4x8x2", operation="machine"),
        listed("d/avx2", "4x8x2", threads=2),
        listed("f/avx2", "4x8x2", threads=2, skipped="no AVX2"),
        listed("e/avx2", "4x8x2"),
    ]
    assert chosen(rows) == ["causal_mean/e/avx2/4x8x2"]


def test_on_two_threads_alone_there_is_a_choice_too():
    # Would catch: `-- --threads=2` with nothing to compare.
    assert chosen([listed("a/avx2", "4x8x2", threads=2)]) == ["causal_mean/a/avx2/4x8x2"]


def test_of_an_unknown_program_every_so_many_th_is_taken():
    # Would catch: the first 24 of a list that is sorted by size.
    assert evenly([str(i) for i in range(24)], MOST_ROWS) == [str(i) for i in range(24)]
    found = evenly([str(i) for i in range(100)], MOST_ROWS)
    assert len(set(found)) == 24
    assert (found[0], found[-1]) == ("0", "99")


def test_what_is_counted_is_chosen_from_shorter_calls():
    # Would catch: a count of instructions that takes minutes for each benchmark of a large shape.
    rows = [listed("gemm/avx2", "4x8x2"), listed("gemm/avx2", "8x1024x64", seconds=5e-3, size=4e6)]
    assert len(choose(rows, CACHES)) == 2
    assert [row.name.shape for row in choose(rows, CACHES, longest=1e-3)] == ["4x8x2"]
