"""The figures: specifications that Vega-Lite knows, their files whole, the data in them exact, nothing in a damaged run
that breaks them."""

import dataclasses
import itertools
import json
import math
import time

import altair
import fake_family
import fake_run
import pytest
import scene
from fake_run import SHAPES, failed, read_csv, row
from trilbench.report import DEFAULT, FIGURES
from trilbench.report.figures.make import Choice, make_figures, themed, write_files
from trilbench.report.figures.palette import DARK, LIGHT, colour
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


def named(figures):
    return [figure.name.split("-")[1] for figure in figures]


@pytest.fixture(scope="module")
def made():
    return {figure.name: figure for figure in make_figures(rows(), fake_run.manifest(), Choice((*DEFAULT, "speedup")))}


def test_every_figure_has_all_its_files(made, tmp_path):
    own = [f"causal_mean-{kind}-omp1" for kind in ("time", "share", "winner", "speedup")]
    assert [*made] == [*own, "machine-bandwidth-omp1"]
    for figure in made.values():
        assert 50 < len(figure.caption) < 240 and figure.caption.endswith(".")  # two lines
        assert figure.alt and figure.title
    figure = made["causal_mean-time-omp1"]
    files = write_files(figure, tmp_path / "figures", Choice())
    ends = (".csv", ".svg", ".png", "-dark.svg", "-dark.png")
    assert sorted(path.name for path in files) == sorted(f"causal_mean-time-omp1{end}" for end in ends)
    assert {path.name for path in (tmp_path / "figures").iterdir()} == {path.name for path in files}
    for path in files:
        data = path.read_bytes()
        if path.suffix == ".svg":
            assert data.startswith(b"<svg") and data.endswith(b"</svg>") and figure.title.encode() in data
        elif path.suffix == ".png":
            assert data.startswith(b"\x89PNG") and 1300 < int.from_bytes(data[16:20]) < 1500
    light, dark = (next(path for path in files if path.name.endswith(f"omp1{end}.svg")) for end in ("", "-dark"))
    assert f'fill="{LIGHT.page}"' in light.read_text() and f'fill="{DARK.page}"' in dark.read_text()


def test_the_same_run_gives_the_same_specifications(made):
    for figure in make_figures(rows(), fake_run.manifest(), Choice((*DEFAULT, "speedup"))):
        assert themed(figure, DARK) == themed(made[figure.name], DARK)


def test_the_csv_holds_the_runs_own_numbers(made, tmp_path):
    found = {name.split("-")[1]: figure.lines for name, figure in made.items()}
    of_t = [line for line in found["time"] if line["shape"] == "8x256x64"]
    mean = next(line for line in of_t if line["implementation"] == "prefix_mean")
    assert (mean["isa"], mean["B"], mean["T"], mean["C"]) == ("avx512", 8, 256, 64)
    assert mean["time_per_element_ns"] == pytest.approx(2e-6 / (8 * 256 * 64) * 1e9)
    assert mean["time_ns"] == pytest.approx(2000) and mean["time_ns_p10"] < 2000 < mean["time_ns_p90"]
    assert len(found["time"]) == len(found["share"]) == 4 * len(SHAPES)
    best = next(line for line in found["share"] if line["shape"] == "8x256x64" and line["isa"] == "avx512")
    assert best["of_limit"] == pytest.approx(0.5) and best["of_limit_p10"] < 0.5 < best["of_limit_p90"]
    assert best["of_peak"] == 0.5
    assert {line["implementation"] for line in found["share"]} >= {"openblas_strmm", "prefix_mean", "scalar_loop"}
    over = [line["speedup_0"] for line in found["speedup"] if line["isa"] == "avx512"]
    assert over == pytest.approx([1000] * len(SHAPES))
    copy, _, fma = found["bandwidth"]
    assert (copy["working_set_bytes"], copy["gb_per_s"]) == (32768, pytest.approx(112))
    assert fma["gflop_per_s"] == pytest.approx(58.6)
    crown = found["winner"][0]
    assert (crown["implementation"], crown["second"], crown["margin"]) == (
        *("prefix_mean", "running_sum/auto-avx2"),
        pytest.approx(4.0),
    )
    path = write_files(made["causal_mean-winner-omp1"], tmp_path, Choice(formats=()))[0]
    assert {key: float(read_csv(path)[0][key]) for key in ("time_ns", "margin")} == {
        key: pytest.approx(crown[key]) for key in ("time_ns", "margin")
    }


def test_every_point_tells_its_numbers(made):
    # Would catch: a time without its unit or spread, a number of another point, marks without a tooltip.
    picture = scene.read(themed(made["causal_mean-share-omp1"], LIGHT))
    told = [picture.told(each) for each in picture.symbols if each.mark["role"] == "mark"]
    assert len(told) == 2 * 4 * len(SHAPES)
    (of_first, _) = [one for one in told if (one["instruction set"], one["shape"]) == ("avx512", "4x8x2")]
    expected = {"implementation": "prefix_mean", "time": "1.00 us (984 ns to 1.01 us)", "data": "512 B"}
    expected |= {"of the limit": "1 (0.992 to 1.02)", "of the FMA peak": "0.5 (0.5 to 0.5)"}
    assert {key: of_first[key] for key in expected} == expected


def known_to_vega_lite(value):
    """Without the two things that Vega-Lite takes and its schema does not know: parts of legends, and their layout."""
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if k != "layout" and not (k == "encoding" and set(v) == {"labels"})}
        return {key: known_to_vega_lite(each) for key, each in kept.items()}
    return [*map(known_to_vega_lite, value)] if isinstance(value, list | tuple) else value


def test_every_specification_follows_vega_lites_schema(made):
    # Would catch: a misspelt property, which Vega-Lite ignores without a word.
    for figure in made.values():
        altair.VConcatChart.from_dict(known_to_vega_lite(themed(figure, LIGHT)), validate=True)


def test_a_click_on_a_name_hides_it_in_all_views(made):
    # Would catch: a view or a layer that goes on showing what is hidden. What a browser does, its own tests try.
    for figure in made.values():
        spec = figure.spec
        (hidden,) = (param for param in spec["params"] if param["name"] == "hidden")
        assert (hidden["bind"], hidden["select"]["toggle"]) == ("legend", "true")
        assert all({"filter": {"not": {"param": "hidden", "empty": False}}} in v["transform"] for v in spec["vconcat"])
        assert sum(layer.get("name") == "marks" for view in spec["vconcat"] for layer in view["layer"]) == 1


def test_specifications_are_made_in_no_time():
    of = fake_family.rows()
    start = time.process_time()
    figures = make_figures(of, fake_run.manifest())
    assert time.process_time() - start < 0.5
    assert len(figures) > 15 and sum(len(json.dumps(figure.spec)) for figure in figures) < 500_000


# Runs that lack something.


def missing(of, *kinds, **manifest):
    """The names of the figures, and what was said of the others."""
    told = []
    figures = make_figures(of, fake_run.manifest(**manifest), Choice(kinds or (*DEFAULT, "speedup")), told.append)
    return named(figures), told


def test_without_counters_there_is_no_figure_of_shares_and_a_word_why():
    figures, told = missing([row("scalar_loop/scalar", 1e-6), row("prefix_mean/avx2", 1e-7)])
    assert figures == ["time", "winner", "speedup"]
    assert told[0] == (
        "no figure share of causal_mean, 1 thread: no row has these numbers, or none had its cores for itself"
    )
    assert "has not measured the machine's limits" in told[1]


def test_without_a_baseline_there_is_no_speed_up():
    figures, told = missing([row("prefix_mean/avx2", 1e-7, least=1e-8)])
    assert figures == ["time", "share", "winner"]
    assert "baseline" in told[-1]


def test_an_operation_without_t_has_its_shapes_instead():
    of = [row("scalar_loop/scalar", 1e-6, "3x4@4x2", "broadcast_matmul", axes="XY", least=1e-7)]
    figures, told = missing(of)
    assert figures == ["share", "winner", "speedup"]
    assert "no axis T" in told[0]
    line = make_figures(of, fake_run.manifest())[0].lines[0]
    assert (line["shape"], line["X"], line["Y"]) == ("3x4@4x2", "3x4", "4x2")


def test_every_operation_of_the_family_has_its_figures():
    # Would catch: one axis that a figure cannot do without, an operation whose figures take another's names or place.
    kinds = {}
    for figure in make_figures(fake_family.rows(), fake_run.manifest()):
        assert figure.name.startswith(f"{figure.operation}-")
        kinds.setdefault(figure.operation, []).append(figure.name.split("-")[1])
        if figure.name == "causal_softmax-time-omp1":
            (first,) = (line for line in figure.lines if (line["T"], line["implementation"]) == (8, "scalar_loop"))
            assert first["time_per_element_ns"] == pytest.approx(5e-7 / 2.2 * 1e9 / 36)  # 8 rows have 36 elements
    every = ["time", "share", "winner", "roofline"]
    assert kinds == {
        **dict.fromkeys(fake_family.SHAPES, every),
        "broadcast_matmul": every[1:],  # has no T
        "machine": ["bandwidth"],
    }


def test_attention_has_four_axes_and_heads_in_groups():
    # Would catch: axes that are taken for B, T and C; heads in groups without a row in the map, or in that of others.
    made = {each.name: each for each in make_figures(fake_family.rows(), fake_run.manifest())}
    points = made["causal_attention-winner-omp1"].spec["datasets"]["points"]
    assert {point["shape"]: (point["_column"], point["_line"]) for point in points} == {
        "1x2x8x4": (8, "D = 4, H = 2, B = 1"),
        "1x8x1024x64": (1024, "D = 64, H = 8, B = 1"),
        "1x8g2x1024x64": (1024, "D = 64, H = 8g2, B = 1"),
        "1x8g2x4096x128": (4096, "D = 128, H = 8g2, B = 1"),
    }
    time = made["attention_decode-time-omp1"]
    assert "over B x H x T x D;" in time.caption
    (line,) = (each for each in time.lines if (each["shape"], each["implementation"]) == ("8x8g2x1024x64", "fused"))
    assert (line["B"], line["H"], line["T"], line["D"]) == (8, "8g2", 1024, 64)
    assert line["time_per_element_ns"] == pytest.approx(line["time_ns"] / (8 * 8 * 1024 * 64))
    (place,) = {each["_others"] for each in time.spec["datasets"]["points"] if each["shape"] == line["shape"]}
    assert place == "8x8g2xTx64"


def test_failed_rows_and_no_rows_draw_nothing():
    assert missing([]) == ([], [])
    figures, told = missing([failed("prefix_mean/avx2")], *FIGURES)
    assert figures == [] and len(told) == 7


def test_what_is_no_number_is_left_out():
    bad = {"of_limit": math.nan, "of_peak": math.inf, "bytes_per_second": math.nan}
    broken = dataclasses.replace(
        row("prefix_mean/avx512", 1e-6),
        repetitions=(Repetition(math.nan, 1, bad), Repetition(2e-6, 1, bad), Repetition(0.0, 1, bad)),
    )
    of = [broken, row("scalar_loop/scalar", 1e-3, least=1e-6), failed("tril_gemm/avx2")]
    figures = make_figures(of, fake_run.manifest())
    assert named(figures) == ["time", "share", "winner"]
    (line,) = (line for line in figures[0].lines if line["isa"] == "avx512")
    assert line["time_per_element_ns"] == pytest.approx(2000 / 64)
    json.dumps([figure.spec for figure in figures], allow_nan=False)


HOSTILE = ["../../x", "$\\frac{", "<script>", "</svg><script>alert(1)</script>", "long" * 500, "%s\n", "'\"];datum.x"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text_and_in_the_folder(tmp_path, name):
    # Would catch: a name that becomes markup, an expression or a path, that leaves the picture or breaks it.
    folder = tmp_path / "figures"
    plain = name.replace("/", "_")  # a name's parts are split at slashes
    of = [row("scalar_loop/scalar", 1e-6, operation=plain, least=1e-7), row(f"{plain}/avx2", 1e-7, operation=plain)]
    figures = make_figures(of, fake_run.manifest(environment={"cpu": name, "caches": name, "program": 3}))
    assert named(figures)[-3:] == ["time", "share", "winner"]
    for figure in figures:
        assert not any(plain in expression for expression in scene.expressions(json.dumps(figure.spec)))
    picture = scene.read(themed(figures[0], LIGHT))
    assert scene.unreadable(picture, {LIGHT.line}) == []
    assert {colour(plain), colour("scalar_loop")} <= {each.ink for each in picture.symbols}
    write_files(figures[0], folder, Choice(formats=("svg",), dark=False))
    assert len([*folder.iterdir()]) == 2 and [path.name for path in tmp_path.iterdir()] == ["figures"]
    (svg,) = folder.glob("*.svg")
    assert "<script" not in svg.read_text()


def test_many_shapes_and_threads_fit():
    shapes = [f"{b}x{t}x{c}" for b, t, c in itertools.product((1, 64), (8, 4096, 1048576), (1, 64, 65, 1000))]
    of = [
        row(variant, 1e-6, shape, threads=threads, least=9e-7)
        for shape in shapes
        for threads in (1, 2)
        for variant in ("scalar_loop/scalar", "prefix_mean/avx2")
    ]
    figures = make_figures(of, fake_run.manifest(), Choice(FIGURES))
    of_each = [figure.name[-4:] for figure in figures if figure.name != "causal_mean-threads"]
    assert of_each == ["omp1"] * 4 + ["omp2"] * 4
    for figure in figures:
        assert scene.unreadable(scene.read(themed(figure, LIGHT)), {LIGHT.line, LIGHT.shade}) == [], figure.name


def test_every_figure_that_can_be_asked_for_can_be_drawn():
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
    figures = make_figures([*repeated, *limits], fake_run.manifest(), Choice(FIGURES))
    assert set(named(figures)) == set(FIGURES)
