"""The figures: the data behind them exact, the files whole, nothing in a damaged run that breaks them."""

import csv
import dataclasses
import itertools
import json
import math
from pathlib import Path

import fake_run
import pytest
from fake_run import failed, row
from trilbench.commands import plot
from trilbench.compute import curves
from trilbench.compute.table import make_tables
from trilbench.model.result import Repetition
from trilbench.model.run import CellRecord, Status, write_manifest
from trilbench.options import FIGURES, parse_plot
from trilbench.render.figures import Choice, make_figures
from trilbench.render.figures.palette import DARK, KNOWN_WAYS, LIGHT, colour, marker
from trilbench.render.figures.time_per_element import apart
from trilbench.stop import Exit, Stop

SHAPES = ("4x8x2", "8x256x64", "8x1024x64", "4x2048x128", "1x4096x384")


def rows(threads=1):
    """Each way at each shape, and the machine's limits."""
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


def table(*of):
    return make_tables(of)[0]


def read(path):
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


# The data.


def test_time_per_element_divides_by_every_axis():
    (point,) = curves.points(table(row("a/avx2", 64e-9, "4x8x2", noise=(1,))))
    assert point.nanoseconds_per_element(point.entry.seconds) == pytest.approx(1.0)
    assert curves.working_set(point) == 4 * 8 * 2 * 2 * 4


def test_of_each_way_the_fastest_set_at_that_shape_counts():
    found = curves.points(
        table(
            row("a/avx2", 1e-6, "1x8x2"),
            row("a/avx512", 2e-6, "1x8x2"),
            row("a/avx2", 4e-6, "1x9x2"),
            row("a/avx512", 3e-6, "1x9x2"),
        )
    )
    assert {(p.shape, p.isa) for p in curves.best_sets(found)} == {("1x8x2", "avx2"), ("1x9x2", "avx512")}


def test_lines_connect_only_shapes_that_differ_in_t_alone():
    shapes = ("1x32x2", "1x8x2", "2x16x2", "1x16x4")
    (line,) = curves.series(curves.points(table(*(row("a/avx2", 1e-6, shape) for shape in shapes))))
    assert [point.shape for point in line] == ["1x8x2", "1x32x2"]


def test_a_line_is_cut_where_another_way_was_measured_and_this_one_was_not():
    (line,) = curves.series(curves.points(table(row("a/avx2", 1e-6, "1x8x2"), row("a/avx2", 1e-6, "1x32x2"))))
    assert [len(piece) for piece in curves.without_gaps(line, [8, 32])] == [2]
    assert [len(piece) for piece in curves.without_gaps(line, [8, 16, 32])] == [1, 1]


def test_channels_with_three_lengths_get_a_panel():
    few = curves.points(table(*(row("a/avx2", 1e-6, shape) for shape in SHAPES)))
    assert [panel.title for panel in curves.panels(few)] == [""]
    many = curves.points(table(*(row("a/avx2", 1e-6, shape) for shape in (*SHAPES, "1x512x64"))))
    own, rest = curves.panels(many)
    assert {point.shape for point in own.points} == {"8x256x64", "8x1024x64", "1x512x64"}
    assert {point.shape for point in rest.points} == {"4x8x2", "4x2048x128", "1x4096x384"}


def test_the_winner_is_compared_with_another_implementation():
    found = curves.points(table(row("a/avx2", 1e-6), row("a/avx512", 1.1e-6), row("b/avx2", 3e-6), row("c/peer", 2e-6)))
    (crown,) = curves.crowns(found)
    assert (crown.winner.way, crown.second.way, crown.level) == ("a/avx2", "c/peer", False)
    assert crown.margin == pytest.approx(2)


def test_a_winner_within_the_noise_is_level():
    (crown,) = curves.crowns(curves.points(table(row("a/avx2", 1e-6), row("b/avx2", 1.005e-6))))
    assert crown.level


def test_a_way_alone_has_no_margin():
    (crown,) = curves.crowns(curves.points(table(row("a/avx2", 1e-6), row("a/avx512", 2e-6))))
    assert crown.second is None and crown.margin is None


def test_speedups_are_the_baselines_time_over_the_ways_where_there_is_one():
    found = curves.points(table(row("a/scalar", 6e-6), row("b/avx2", 2e-6), row("b/avx2", 1e-6, "1x1x1")))
    over = curves.speedups(found, "a/scalar")
    assert {(p.way, p.shape): pytest.approx(v) for p, v in over.items()} == {
        ("a/scalar", "4x8x2"): 1,
        ("b/avx2", "4x8x2"): 3,
    }


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
    assert apart([0.1, 0.5], 0.1) == pytest.approx([0.1, 0.5])
    assert apart([0.5, 0.5, 0.5], 0.1) == pytest.approx([0.4, 0.5, 0.6])
    moved = apart([0.1, 0.15, 0.22, 0.9], 0.1)
    assert all(b - a >= 0.1 - 1e-9 for a, b in itertools.pairwise(moved))


# Colours.


def test_every_known_way_has_a_colour_of_its_own_that_stays():
    for theme in (LIGHT, DARK):
        assert len({colour(way, theme) for way in KNOWN_WAYS}) == len(KNOWN_WAYS)
    assert colour("prefix_mean") == "#1a78d6"  # pictures that lie elsewhere have it
    assert colour("a new way") == colour("a new way") != colour("another new way")


def linear(code):
    parts = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("way", [*KNOWN_WAYS, "a new way", "b", "something_else"])
def test_colours_stand_out_from_the_page(way, theme):
    pair = sorted((luminance(linear(colour(way, theme))), luminance(linear(theme.page))))
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 3


# How eyes without green or red cones see linear RGB (Machado, Oliveira and Fernandes 2009, severity 1).
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}


def lab(code, eye):
    r, g, b = (max(sum(a * part for a, part in zip(line, linear(code), strict=True)), 0) for line in EYES[eye])
    white = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        luminance((r, g, b)),
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in white)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_no_eyes_take_one_way_for_another(theme, eye):
    limits = {"plain_copy", "copy", "streaming_copy", "fma"}  # never in a figure with the others
    for one, other in itertools.combinations(KNOWN_WAYS, 2):
        if (one in limits) == (other in limits):
            assert math.dist(lab(colour(one, theme), eye), lab(colour(other, theme), eye)) > 9, (one, other)


def test_instruction_sets_differ_by_marker():
    sets = ("scalar", "sse2", "avx2", "avx512", "neon", "peer")
    assert len({marker(isa) for isa in sets}) == len(sets)
    assert marker("auto-avx2") == marker("avx2")


# The files.


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "figures"
    return make_figures(rows(), fake_run.manifest(), folder)


def test_every_figure_has_all_its_files(drawn):
    names = [figure.name for figure in drawn]
    own = [f"causal_mean-{kind}-omp1" for kind in ("time", "limit", "speedup", "winner")]
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
    by_name = {figure.name.split("-")[1]: read(figure.csv) for figure in drawn}
    time = next(
        line for line in by_name["time"] if line["shape"] == "8x256x64" and line["implementation"] == "prefix_mean"
    )
    assert (time["isa"], time["B"], time["T"], time["C"]) == ("avx512", "8", "256", "64")
    assert float(time["time_per_element_ns"]) == pytest.approx(2e-6 / (8 * 256 * 64) * 1e9)
    assert len(by_name["time"]) == 4 * len(SHAPES)
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
    assert told == ["no figure limit of causal_mean, 1 thread: no row has the counters of_limit or of_peak"]


def test_without_a_baseline_there_is_no_speed_up(tmp_path):
    names, told = missing([row("prefix_mean/avx2", 1e-7, least=1e-8)], tmp_path)
    assert names == ["time", "limit", "winner"]
    assert "baseline" in told[0]


def test_an_operation_without_t_has_neither_curve_nor_map(tmp_path):
    of = [row("scalar_loop/scalar", 1e-6, "3x4", "broadcast_matmul", axes="XY", least=1e-7)]
    names, told = missing(of, tmp_path)
    assert names == ["limit", "speedup"]
    assert "no axis T" in told[0] and "no axes T and C" in told[1]


def test_failed_rows_and_no_rows_draw_nothing(tmp_path):
    assert missing([], tmp_path) == ([], [])
    names, told = missing([failed("prefix_mean/avx2")], tmp_path)
    assert names == [] and len(told) == 4


def test_what_is_no_number_is_left_out(tmp_path):
    bad = {"of_limit": math.nan, "of_peak": math.inf, "bytes_per_second": math.nan}
    broken = dataclasses.replace(
        row("prefix_mean/avx512", 1e-6),
        repetitions=(Repetition(math.nan, 1, bad), Repetition(2e-6, 1, bad), Repetition(0.0, 1, bad)),
    )
    names, _ = missing([broken, row("scalar_loop/scalar", 1e-3, least=1e-6), failed("tril_gemm/avx2")], tmp_path)
    assert names == ["time", "limit", "speedup", "winner"]
    (line,) = (line for line in read(tmp_path / "causal_mean-time-omp1.csv") if line["isa"] == "avx512")
    assert float(line["time_per_element_ns"]) == pytest.approx(2000 / 64)


@pytest.mark.parametrize("name", ["../../x", "$\\frac{", "<script>", "long" * 500, "%s\n"])
def test_hostile_names_stay_in_the_folder(tmp_path, name):
    folder = tmp_path / "figures"
    plain = name.replace("/", "_")  # a name's parts are split at slashes
    of = [row("scalar_loop/scalar", 1e-6, operation=plain, least=1e-7), row(f"{plain}/avx2", 1e-7, operation=plain)]
    figures = make_figures(of, fake_run.manifest(environment={"cpu": name, "caches": name, "program": 3}), folder)
    assert len(figures) == 4
    assert all(figure.svg.parent == folder and figure.svg.exists() for figure in figures)
    assert [path.name for path in tmp_path.iterdir()] == ["figures"]


def test_many_shapes_and_threads_fit(tmp_path):
    shapes = [f"{b}x{t}x{c}" for b, t, c in itertools.product((1, 64), (8, 4096, 1048576), (1, 64, 65, 1000))]
    of = [
        row(way, 1e-6, shape, threads=threads, least=9e-7)
        for shape in shapes
        for threads in (1, 2)
        for way in ("scalar_loop/scalar", "prefix_mean/avx2")
    ]
    figures = make_figures(of, fake_run.manifest(), tmp_path, choice=Choice(formats=("png",), dark=False))
    assert [figure.name[-4:] for figure in figures] == ["omp1"] * 4 + ["omp2"] * 4
    assert all(figure.png.exists() and not figure.svg.exists() for figure in figures)


# scripts/plot.


@pytest.fixture
def run(tmp_path):
    """A run's folder with one cell."""
    folder = tmp_path / "run"
    cell = CellRecord("causal_mean", "4x8x2", 1, status=Status.DONE)
    (folder / cell.file).parent.mkdir(parents=True)
    entries = [
        {
            "name": f"causal_mean/{way}/f32/B:4/T:8/C:2/omp:1/real_time",
            "iterations": 10,
            "real_time": time,
            "time_unit": "ns",
        }
        for way, time in (("scalar_loop/scalar", 640.0), ("prefix_mean/avx2", 64.0))
    ]
    (folder / cell.file).write_text(json.dumps({"context": {"compiler": "GNU 12"}, "benchmarks": entries}))
    write_manifest(folder, fake_run.manifest(cells=(cell,)))
    return folder


def plotted(folder, *arguments):
    return plot.main(parse_plot([*arguments, str(folder)]))


def test_plot_draws_what_was_asked_for(run, tmp_path, capsys):
    out = tmp_path / "out"
    words = ("--figure=time,speedup", "--format=svg", "--dark", f"--out={out}", "--baseline=prefix_mean/avx2")
    assert plotted(run, *words) == Exit.FINE
    names = [f"causal_mean-{kind}-omp1{end}" for kind in ("speedup", "time") for end in ("-dark.svg", ".csv")]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(Path(line).name for line in capsys.readouterr().out.split()) == names
    lines = read(out / "causal_mean-speedup-omp1.csv")
    assert {line["implementation"]: float(line["speedup"]) for line in lines} == {
        "scalar_loop": 0.1,
        "prefix_mean": 1.0,
    }
    assert not (run / "figures").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--figure=limit"], "nothing to draw"),
        (["--figure=bandwidth"], "nothing to draw"),
        (["--operation=machine"], "no operation 'machine'; it has: causal_mean"),
        (["--threads=2"], "no rows on 2 threads; it has: 1"),
        (["--baseline=nobody"], "no way 'nobody'"),
    ],
)
def test_plot_says_that_there_is_nothing(run, words, message):
    with pytest.raises(Stop, match=message) as stop:
        plotted(run, *words)
    assert stop.value.code == Exit.NOTHING_MATCHED


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--figure=tiem"], "there is no figure 'tiem'; there is: time, limit"),
        (["--format=pdf"], "there is no format 'pdf'"),
        (["--threads=0"], "not a list of numbers"),
        (["--light", "--dark"], "not allowed with"),
    ],
)
def test_plot_refuses_wrong_use(run, words, message):
    with pytest.raises(Stop, match=message) as stop:
        plotted(run, *words)
    assert stop.value.code == Exit.TOOL_FAILED


def test_plot_names_a_run_that_is_missing_or_damaged(run, tmp_path):
    with pytest.raises(Stop, match="not a run of scripts/bench"):
        plotted(tmp_path / "nowhere")
    (run / "raw/causal_mean/4x8x2-omp1.json").write_text('{"context": {')
    with pytest.raises(Stop, match=r"cannot read .*4x8x2-omp1\.json"):
        plotted(run)


def test_every_figure_that_can_be_asked_for_can_be_drawn(drawn):
    assert {figure.name.split("-")[1] for figure in drawn} == set(FIGURES)
