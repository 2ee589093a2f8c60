"""The figures: their files whole, the data in them exact, nothing in a damaged run that breaks them."""

import dataclasses
import itertools
import math

import fake_family
import fake_run
import pytest
from fake_run import SHAPES, failed, read_csv, row
from trilbench.report.figures import Choice, make_figures
from trilbench.report.kinds import FIGURES
from trilbench.results.rows import Repetition


def rows(threads=1):
    """Each variant at each shape, and the machine's limits."""
    made = []
    for i, shape in enumerate(SHAPES):
        own = {"shape": shape, "threads": threads, "least": 1e-6, "of_peak": 0.5}
        made += [
            row("scalar_loop/scalar", 1e-3 * 2**i, **own),
            row("running_sum/auto-avx2", 4e-6 * 2**i, **own),
            row("prefix_mean/avx2", 1.5e-6 * 2**i, **own),
            row("prefix_mean/avx512", 1e-6 * 2**i, **own),
            row("openblas_strmm/peer", 5e-5 * 2**i, **own),
        ]
    return [*made, *fake_run.limits(threads)]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "figures"
    return make_figures(rows(), fake_run.manifest(), folder)


def test_every_figure_has_all_its_files(drawn):
    names = [figure.name for figure in drawn]
    own = [f"causal_mean-{kind}-omp1" for kind in ("share", "time", "limit", "speedup", "winner")]
    assert names == [*own, "machine-bandwidth-omp1"]
    for figure in drawn:
        for path in (figure.svg, figure.svg_dark):
            text = path.read_text(encoding="utf-8")
            assert text.startswith("<?xml") and text.rstrip().endswith("</svg>")
            assert "<dc:date>" not in text
        for path in (figure.png, figure.png_dark):
            data = path.read_bytes()
            assert data.startswith(b"\x89PNG") and int.from_bytes(data[16:20]) == 1600
        assert figure.svg.read_bytes() != figure.svg_dark.read_bytes()
        assert figure.caption.endswith(".")
        assert figure.alt and figure.title
    assert not list(drawn[0].csv.parent.glob("*.part"))


def test_the_same_run_gives_the_same_bytes(drawn, tmp_path):
    for old, new in zip(drawn, make_figures(rows(), fake_run.manifest(), tmp_path), strict=True):
        for field in ("svg", "svg_dark", "png", "csv"):
            assert getattr(old, field).read_bytes() == getattr(new, field).read_bytes(), (old.name, field)


def test_the_csv_holds_the_runs_own_numbers(drawn):
    by_name = {figure.name.split("-")[1]: read_csv(figure.csv) for figure in drawn}
    time = next(
        line for line in by_name["time"] if line["shape"] == "8x256x64" and line["implementation"] == "prefix_mean"
    )
    assert (time["isa"], time["B"], time["T"], time["C"]) == ("avx512", "8", "256", "64")
    assert float(time["time_per_element_ns"]) == pytest.approx(2e-6 / (8 * 256 * 64) * 1e9)
    assert len(by_name["time"]) == 4 * len(SHAPES)
    of_best = next(line for line in by_name["share"] if line["shape"] == "8x256x64" and line["isa"] == "avx512")
    assert float(of_best["of_limit"]) == pytest.approx(0.5)
    assert {line["implementation"] for line in by_name["share"]} >= {"openblas_strmm", "prefix_mean", "scalar_loop"}
    assert len(by_name["share"]) == 4 * len(SHAPES)
    limit = next(line for line in by_name["limit"] if line["shape"] == "4x8x2" and line["isa"] == "avx2")
    assert float(limit["of_limit"]) == pytest.approx(1 / 1.5)
    assert float(limit["of_limit_p10"]) < float(limit["of_limit"]) < float(limit["of_limit_p90"])
    assert float(limit["of_peak"]) == 0.5
    over = [line for line in by_name["speedup"] if line["baseline"] == "scalar_loop/scalar"]
    assert len(over) == 5 * len(SHAPES)
    assert [float(line["speedup"]) for line in over if line["isa"] == "avx512"] == pytest.approx([1000] * len(SHAPES))
    (copy, _, fma) = by_name["bandwidth"]
    assert (copy["working_set_bytes"], float(copy["bandwidth_gb_per_s"])) == ("32768", pytest.approx(112))
    assert float(fma["arithmetic_gflop_per_s"]) == pytest.approx(58.6)
    crown = by_name["winner"][0]
    assert (crown["implementation"], crown["second"], float(crown["margin"])) == ("prefix_mean", "running_sum", 4.0)


# Runs that lack something.


def missing(of, tmp_path, **manifest):
    """Draws, and returns the names of the figures and what was said of the others."""
    told = []
    figures = make_figures(of, fake_run.manifest(**manifest), tmp_path, told.append)
    return [figure.name.split("-")[1] for figure in figures], told


def test_without_counters_there_is_no_figure_of_shares_and_a_word_why(tmp_path):
    names, told = missing([row("scalar_loop/scalar", 1e-6), row("prefix_mean/avx2", 1e-7)], tmp_path)
    assert names == ["time", "speedup", "winner"]
    assert told[:2] == [
        "no figure share of causal_mean, 1 thread: no row has the counter of_limit",
        "no figure limit of causal_mean, 1 thread: no row has the counters of_limit or of_peak",
    ]


def test_without_a_baseline_there_is_no_speed_up(tmp_path):
    names, told = missing([row("prefix_mean/avx2", 1e-7, least=1e-8)], tmp_path)
    assert names == ["share", "time", "limit", "winner"]
    assert "baseline" in told[0]


def test_an_operation_without_t_has_neither_curve_nor_map(tmp_path):
    of = [row("scalar_loop/scalar", 1e-6, "3x4@4x2", "broadcast_matmul", axes="XY", least=1e-7)]
    names, told = missing(of, tmp_path)
    assert names == ["limit", "speedup"]
    assert "no axis T" in told[0] and "no axis T" in told[1] and "no axes T and C" in told[2]
    (line,) = read_csv(tmp_path / "broadcast_matmul-limit-omp1.csv")
    assert (line["shape"], line["X"], line["Y"]) == ("3x4@4x2", "3x4", "4x2")


def test_every_operation_of_the_family_has_its_figures(tmp_path):
    # Would catch: one axis that a figure cannot do without, an operation whose figures take another's names or place.
    made = make_figures(
        fake_family.rows(), fake_family.manifest(), tmp_path, choice=Choice(formats=("svg",), dark=False)
    )
    kinds = {}
    for figure in made:
        assert figure.name.startswith(f"{figure.operation}-")
        kinds.setdefault(figure.operation, []).append(figure.name.split("-")[1])
    against_t = ["share", "time", "limit", "speedup"]
    assert kinds == {
        "causal_mean": [*against_t, "winner", "roofline"],
        "tril_matmul": [*against_t, "winner", "roofline"],
        "causal_softmax": [*against_t, "roofline"],
        "causal_weighted_mean": [*against_t, "winner", "roofline"],
        "broadcast_matmul": ["limit", "speedup", "roofline"],
        "machine": ["bandwidth"],
    }
    (first, *_) = read_csv(tmp_path / "causal_softmax-time-omp1.csv")
    seconds = 5e-7 / 2.2  # the loop with AVX-512
    assert float(first["time_per_element_ns"]) == pytest.approx(seconds * 1e9 / 36)  # 8 rows have 36 elements


def test_failed_rows_and_no_rows_draw_nothing(tmp_path):
    assert missing([], tmp_path) == ([], [])
    names, told = missing([failed("prefix_mean/avx2")], tmp_path)
    assert names == [] and len(told) == 8


def test_what_is_no_number_is_left_out(tmp_path):
    bad = {"of_limit": math.nan, "of_peak": math.inf, "bytes_per_second": math.nan}
    broken = dataclasses.replace(
        row("prefix_mean/avx512", 1e-6),
        repetitions=(Repetition(math.nan, 1, bad), Repetition(2e-6, 1, bad), Repetition(0.0, 1, bad)),
    )
    names, _ = missing([broken, row("scalar_loop/scalar", 1e-3, least=1e-6), failed("tril_gemm/avx2")], tmp_path)
    assert names == ["share", "time", "limit", "speedup", "winner"]
    (line,) = (line for line in read_csv(tmp_path / "causal_mean-time-omp1.csv") if line["isa"] == "avx512")
    assert float(line["time_per_element_ns"]) == pytest.approx(2000 / 64)


@pytest.mark.parametrize("name", ["../../x", "$\\frac{", "<script>", "long" * 500, "%s\n"])
def test_hostile_names_stay_in_the_folder(tmp_path, name):
    folder = tmp_path / "figures"
    plain = name.replace("/", "_")  # a name's parts are split at slashes
    of = [row("scalar_loop/scalar", 1e-6, operation=plain, least=1e-7), row(f"{plain}/avx2", 1e-7, operation=plain)]
    figures = make_figures(of, fake_run.manifest(environment={"cpu": name, "caches": name, "program": 3}), folder)
    assert len(figures) == 5
    assert all(figure.svg.parent == folder and figure.svg.exists() for figure in figures)
    assert [path.name for path in tmp_path.iterdir()] == ["figures"]


def test_many_shapes_and_threads_fit(tmp_path):
    shapes = [f"{b}x{t}x{c}" for b, t, c in itertools.product((1, 64), (8, 4096, 1048576), (1, 64, 65, 1000))]
    of = [
        row(variant, 1e-6, shape, threads=threads, least=9e-7)
        for shape in shapes
        for threads in (1, 2)
        for variant in ("scalar_loop/scalar", "prefix_mean/avx2")
    ]
    figures = make_figures(of, fake_run.manifest(), tmp_path, choice=Choice(formats=("png",), dark=False))
    of_each = [figure.name[-4:] for figure in figures if figure.name != "causal_mean-threads"]
    assert of_each == ["omp1"] * 5 + ["omp2"] * 5
    assert all(figure.png.exists() and not figure.svg.exists() for figure in figures)


def test_every_figure_that_can_be_asked_for_can_be_drawn(tmp_path):
    # Would catch: a name that --figure takes and nothing draws.
    repeated = [
        dataclasses.replace(each, repetitions=each.repetitions * 2)
        for n in (1, 2)
        for each in (
            row("scalar_loop/scalar", 1e-6, threads=n, least=1e-7, bytes_per_second=1e9, flops_per_second=1e9),
            row("prefix_mean/avx2", 1e-7, threads=n, least=1e-7, bytes_per_second=9e9, flops_per_second=9e9),
        )
    ]
    limits = [
        row("copy/avx2", 1e-6, "4096", "machine", axes="N", bytes_per_second=1e11),
        row("fma/avx2", 1e-6, "4096", "machine", axes="N", flops_per_second=1e11),
    ]
    drawn = make_figures([*repeated, *limits], fake_run.manifest(), tmp_path, choice=Choice(formats=("svg",)))
    assert {figure.name.split("-")[1] for figure in drawn} == set(FIGURES)
