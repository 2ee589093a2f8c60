"""Where things stand in the figures as Vega places them: texts inside the frame, legible and alone, every label with
its point, on a wide page and on a narrow one."""

import functools
import itertools
import json
import math

import every_verdict
import fake_family
import fake_history
import fake_run
import pytest
import scene
from fake_run import row
from test_scripts_colours import contrast
from trilbench.compare.figure import comparison_figure
from trilbench.compare.verdict import outcome
from trilbench.history.figure import history_figure
from trilbench.history.store import Baseline, History
from trilbench.history.verdict import Rule, judge
from trilbench.machine.key import machine_of
from trilbench.report import DEFAULT, FIGURES
from trilbench.report.figures.chart import WIDTH
from trilbench.report.figures.make import Choice, make_figures, themed
from trilbench.report.figures.palette import DARK, LIGHT, colour

ENVIRONMENT = {"caches": {"L1d": "32K", "L2": "512K", "L3": "32768K"}, "cpu": "A CPU @ 3 GHz", "cores": 2}
SIZES = itertools.product((8, 64, 256, 1024, 4096), (2, 64, 384), (4, 32))
SHAPES = tuple(f"{b}x{t}x{c}" for t, c, b in SIZES)
FEW = (SHAPES[0], SHAPES[7], SHAPES[14], SHAPES[28])
RUNS = {1: FEW[:1], 4: FEW, 30: SHAPES}
WINNERS = ("prefix_mean", "tril_gemm", "eigen_softmax_triangular")
NARROW = 359  # of 375, less what a page needs


def margin(i):
    """Of the i-th shape's winner, a number that no other has."""
    return 1.2 + 0.13 * i


def rows(shapes):
    """Each winner at every third shape; variants with wide and narrow spreads, on one thread and on two."""
    made = []
    for i, shape in enumerate(shapes):
        first = 1e-9 * (i + 1) ** 2
        times = {f"{name}/avx2": first * (1 if i % 3 == place else margin(i)) for place, name in enumerate(WINNERS)}
        times |= {"scalar_loop/scalar": first * 900, "running_sum/auto-avx2": first * 14}
        times |= {"openblas_strmm/peer": first * 15}
        for (place, (variant, seconds)), threads in itertools.product(enumerate(times.items()), (1, 2)):
            made.append(
                row(
                    variant,
                    seconds / threads**0.8,
                    shape,
                    threads=threads,
                    least=first * 0.9 / threads,
                    of_peak=first / seconds / 2,
                    bytes_per_second=1e11 * first / seconds,
                    flops_per_second=3e10 * (first / seconds) ** 0.5 / (1 + i % 3),
                    noise=(0.9, 1, 1, 1, 1.01, 1.3) if place % 2 else (0.99, 1, 1, 1, 1.01, 1.01),
                )
            )
    return [*made, *fake_run.limits()]


@functools.cache
def figures(number):
    """Of a run of so many shapes, of a family, a comparison or a history, by name."""
    if number == "comparison":
        comparison = every_verdict.comparison()
        made = [comparison_figure(outcome(comparison))]
    elif number == "history":
        levels = fake_history.noisy([1e-6] * 8 + [1.2e-6] * 8)
        runs = tuple(fake_history.kept(i, seconds) for i, seconds in enumerate(levels))
        machine = machine_of(fake_history.ENVIRONMENT)
        history = History(machine.key, machine, runs, Baseline((runs[2].name,), "2026-01-04T00:00:00+00:00"))
        made = [history_figure(judge(history, Rule()))]
    else:
        of = fake_family.rows() if number == "family" else rows(RUNS[number])
        choice = Choice(DEFAULT if number in (30, "family") else FIGURES, threads=(1,))
        made = make_figures(of, fake_run.manifest(environment=ENVIRONMENT), choice)
    return {each.name: each for each in made}


@functools.cache
def drawn(number, width=WIDTH, theme=LIGHT):
    """The figures' scenes by name; on a narrow page those that it may show."""
    found = {}
    for name, figure in figures(number).items():
        spec = themed(figure, theme)
        if width != WIDTH:
            if not all("layer" in view for view in spec["vconcat"]):
                continue  # panels side by side
            views = [view | {"width": width - spec["usermeta"]["beside"]} for view in spec["vconcat"]]
            spec |= {"vconcat": views, "params": [{"name": "outer", "value": width}, *spec["params"][1:]]}
        found[name] = scene.read(spec)
    return found


EVERY = [1, 4, 30, "family", "comparison", "history"]


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("number", EVERY)
def test_every_text_stands_in_the_frame_alone_and_unstruck(number, width):
    # Would catch: labels that leave the picture, names upon names, a whisker through a value.
    for name, picture in drawn(number, width).items():
        assert len(picture.texts) > 5 and picture.symbols
        assert scene.unreadable(picture, {LIGHT.line, LIGHT.shade}) == [], name
        assert picture.width <= width + 2 * 8 + 1, name  # and its padding


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("number", [4, "family", "comparison", "history"])
def test_every_text_can_be_read_and_every_mark_seen(number, theme):
    # Would catch: inks below WCAG's contrast of 4.5 for letters and of 3 for what has a meaning, letters like dust.
    quiet = {theme.line, theme.shade, theme.page}
    for name, picture in drawn(number, theme=theme).items():
        for text in picture.texts:
            under = [each for each in picture.grounds if each.order < text.order]
            ground = [each.ink for each in under if scene.inside(text.middle, each.box)]
            assert text.halo or contrast(text.ink, [theme.page, *ground][-1]) >= 4.5, (name, text.words)
            assert text.size >= 11
        for thing in (*picture.lines, *picture.symbols):
            assert thing.ink in quiet or contrast(thing.ink, theme.page) >= 3, (name, thing)
            assert thing.opacity == 1


def texts_in(picture, box):
    return [text.words for text in picture.texts if scene.inside(text.middle, box)]


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("number", RUNS)
def test_the_winners_stand_at_their_own_sizes(number, width):
    # Would catch: a cell at another T, C or B, another winner's colour, name or margin, a cell of nothing.
    picture = drawn(number, width)["causal_mean-winner-omp1"]
    labels = [text for text in picture.texts if text.mark["role"] == "axis-label"]
    across = {text.words: text.middle[0] for text in labels if "=" not in text.words}
    up = {text.words: text.middle[1] for text in labels if "=" in text.words}
    assert len(picture.grounds) == number
    for i, shape in enumerate(RUNS[number]):
        b, t, c = shape.split("x")
        middle = across[t], up[f"C = {c}, B = {b}"]
        (cell,) = (each for each in picture.grounds if scene.inside(middle, each.box))
        assert cell.ink == colour(WINNERS[i % 3])
        name, *_, lead = texts_in(picture, cell.box) if width == WIDTH else ["", *texts_in(picture, cell.box)]
        assert lead == f"{margin(i):.2f}x"
        assert width == NARROW or name == WINNERS[i % 3]


@pytest.mark.parametrize("kind", ["time", "share"])
def test_a_name_stands_beside_the_last_point_that_it_names(kind):
    # Would catch: a name in another's colour, a line from it to another's point, or to none.
    for text in (picture := drawn(4)[f"causal_mean-{kind}-omp1"]).texts:
        if text.mark["role"] != "mark" or text.words in ENVIRONMENT["caches"]:
            continue
        assert text.ink == colour(text.words)
        left = text.corners[0][0], text.middle[1]
        leads = [line for line in picture.lines if math.dist(max(line.points), left) < 6 and line.ink == text.ink]
        (start,) = (min(line.points) for line in leads)
        points = [each for each in picture.symbols if math.dist((each.x, each.y), start) < 0.5]
        assert {picture.told(each)["implementation"] for each in points if each.ink == text.ink} == {text.words}
        assert abs(start[1] - left[1]) < 90
        assert max(each.x for each in picture.symbols) == pytest.approx(start[0])


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_the_winner_at_each_shape_bears_its_name_in_the_roofline(width):
    # Would catch: points that nobody can tell apart, a name with a line to another shape's point.
    picture = drawn(4, width)["causal_mean-roofline-omp1"]
    for i, shape in enumerate(FEW):
        (name,) = (text for text in picture.texts if text.words == shape and not text.halo)
        (lead,) = (line for line in picture.lines if math.dist(line.points[1], name.middle) < 3)
        points = [each for each in picture.symbols if math.dist((each.x, each.y), lead.points[0]) < 0.5]
        assert (shape, WINNERS[i % 3]) in [
            (picture.told(each)["shape"], picture.told(each)["implementation"]) for each in points
        ]
        assert math.dist(lead.points[0], name.middle) < 90


def test_a_points_place_is_what_it_tells():
    # Would catch: an axis in other units than its title says, a logarithm too many.
    picture = drawn(4)["causal_mean-time-omp1"]
    ticks = [text for text in picture.texts if text.mark["role"] == "axis-label" and text.words[:1].isdigit()]
    heights = {float(text.words): text.middle[1] for text in ticks if text.mark["within"].get("orient") == "left"}
    (a, at), *_, (b, bt) = sorted(heights.items())
    for each in picture.symbols:
        if told := picture.told(each):
            value = float(told["ns per element (log)"])
            assert each.y == pytest.approx(at + (bt - at) * math.log(value / a) / math.log(b / a), abs=1.5)


def test_intervals_reach_as_far_as_they_tell():
    # Would catch: an interval cut off at the edge of the figure, an estimate outside its interval.
    picture = drawn("comparison")["comparison"]
    bars = [line for line in picture.lines if line.mark["role"] == "mark" and line.points[0][1] == line.points[1][1]]
    signs = [each for each in picture.symbols if each.mark["name"] == "marks_marks"]
    assert len(bars) == len(signs) == len(every_verdict.EVERY_VERDICT)
    for bar, sign in zip(bars, signs, strict=True):
        assert bar.points[0][0] - 1 <= sign.x <= bar.points[1][0] + 1 and bar.points[0][1] == sign.y


@pytest.mark.parametrize("number", EVERY)
def test_the_data_stand_once_in_a_specification(number):
    # Would catch: data copied into each layer, a theme's colours in what both themes share.
    for figure in figures(number).values():
        text = json.dumps(figure.spec)
        assert len(text) < 130_000
        for theme in (LIGHT, DARK):
            assert all(ink not in text for ink in (theme.page, theme.text, theme.quiet, theme.line))
        assert len(figure.spec["datasets"]) == 1
        assert max((len(json.dumps(each["data"])) for each in _layers(figure.spec) if "data" in each), default=0) < 2000


def _layers(spec):
    views = [view.get("spec", view) for view in spec["vconcat"]]
    return [layer for view in views for layer in view["layer"]]
