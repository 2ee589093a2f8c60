"""Where things stand in the figures' SVG: texts inside the frame, legible and alone, every label with its point."""

import functools
import itertools
import math
import tempfile
from pathlib import Path

import every_verdict
import fake_family
import fake_history
import fake_run
import pytest
import svg_places
from fake_run import row
from test_scripts_colours import contrast
from trilbench.compare import outputs as comparison_command
from trilbench.compare.figure import comparison_figure
from trilbench.history.figure import history_figure
from trilbench.history.store import History
from trilbench.history.verdict import Rule, judge
from trilbench.machine.key import machine_of
from trilbench.report.figures import Choice, make_figures
from trilbench.report.figures.palette import DARK, LIGHT, colour
from trilbench.report.kinds import FIGURES

ENVIRONMENT = {"caches": {"L1d": "32K", "L2": "512K", "L3": "32768K"}, "cpu": "A CPU @ 3 GHz", "cores": 2}
SIZES = itertools.product((8, 64, 256, 1024, 4096), (2, 64, 384), (4, 32))
SHAPES = tuple(f"{b}x{t}x{c}" for t, c, b in SIZES)
FEW = (SHAPES[0], SHAPES[7], SHAPES[14], SHAPES[28])
RUNS = {1: FEW[:1], 4: FEW, 30: SHAPES}
WINNERS = ("prefix_mean", "tril_gemm", "eigen_softmax_triangular")
AGAINST_SHAPES = ("share", "time", "limit", "speedup", "winner", "roofline")  # what more shapes may crowd
IN_LIGHT = (1, 30)  # the others in the dark too, where all but the inks is the same


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
def drawn(number):
    """The figures of a run of so many shapes, of a family, a comparison or a history, by name; in light and dark."""
    folder = Path(tempfile.mkdtemp())
    kinds = AGAINST_SHAPES if number == 30 else FIGURES
    choice = Choice(kinds, formats=("svg",), threads=(1,), dark=number not in IN_LIGHT)
    if number == "comparison":
        comparison = every_verdict.comparison()
        made = (comparison_figure(comparison, *comparison_command.judge(comparison), folder, choice),)
    elif number == "history":
        levels = fake_history.noisy([1e-6] * 8 + [1.2e-6] * 8)
        runs = tuple(fake_history.kept(i, seconds) for i, seconds in enumerate(levels))
        machine = machine_of(fake_history.ENVIRONMENT)
        history = History(machine.key, machine, runs)
        made = (history_figure(history, judge(history, Rule()), folder, choice),)
    else:
        of = fake_family.rows() if number == "family" else rows(RUNS[number])
        made = make_figures(of, fake_run.manifest(environment=ENVIRONMENT), folder, choice=choice)
    return {
        (each.name, theme.name): (svg_places.read(path), theme)
        for each in made
        for path, theme in ((each.svg, LIGHT), (each.svg_dark, DARK))
        if path.exists()
    }


EVERY = [1, 4, 30, "family", "comparison", "history"]


@pytest.mark.parametrize("number", EVERY)
def test_every_text_stands_in_the_frame_alone_and_unstruck(number):
    # Would catch: labels that a resolution moves out of the picture, names upon names, a whisker through a value.
    for name, (picture, theme) in drawn(number).items():
        assert len(picture.texts) > 5 and len(picture.marks) + len(picture.lines) > 5
        assert svg_places.unreadable(picture, {theme.line, theme.shade}) == [], name


@pytest.mark.parametrize("number", EVERY)
def test_every_text_can_be_read_and_every_mark_seen(number):
    # Would catch: inks below WCAG's contrast of 4.5 for letters and of 3 for what has a meaning, thinned ones included.
    for name, (picture, theme) in drawn(number).items():
        for text in picture.texts:
            under = [each for each in picture.grounds if each.order < text.order and each.opacity == 1]
            ground = [each for each in under if svg_places.inside(text.middle, each.box)][-1]
            assert contrast(text.ink, ground.ink) >= 4.5, (name, text.words)
        quiet = {theme.line, theme.shade, theme.page}
        for line in picture.lines:
            assert line.ink in quiet or contrast(mixed(line.ink, theme.page, line.opacity), theme.page) >= 3, name
        for mark in picture.marks:
            inks = {mark.fill, mark.edge} - {"none"}
            seen = max(contrast(mixed(ink, theme.page, mark.opacity), theme.page) for ink in inks)
            assert seen >= 3, (name, mark)


def mixed(ink, page, opacity):
    parts = [[int(each[i : i + 2], 16) for i in (1, 3, 5)] for each in (ink, page)]
    return "#" + "".join(f"{round(opacity * a + (1 - opacity) * b):02x}" for a, b in zip(*parts, strict=True))


def along(ticks, value):
    """Where a value lies on a logarithmic axis of which these ticks are known."""
    if len(ticks) == 1:
        assert value in ticks
        return ticks[value]
    (a, at), *_, (b, bt) = sorted(ticks.items())
    return at + (bt - at) * math.log(value / a) / math.log(b / a)


@pytest.mark.parametrize("number", RUNS)
def test_the_winners_stand_at_their_own_sizes(number):
    # Would catch: marks placed in pixels of another resolution, at another T or C, another winner's colour or margin.
    picture, theme = drawn(number)["causal_mean-winner-omp1", "light"]
    points = {}
    for shape in RUNS[number]:
        _, t, c = map(int, shape.split("x"))
        points[shape] = along(picture.ticks(1), t), along(picture.ticks(2), c)
    left, bottom = min(picture.ticks(1).values()), max(picture.ticks(2).values())
    assert left > 61 and bottom < picture.frame[3] - 61  # ticks, not the corner of the picture
    for i, (shape, point) in enumerate(points.items()):
        b = shape.split("x")[0]
        (margin_text,) = (each for each in picture.texts if each.words.endswith(f"{margin(i):.2f}x"))
        own = [each for each in picture.texts if each.group == margin_text.group]
        assert " ".join(each.words for each in own) in (f"B = {b} {margin(i):.2f}x", f"B = {b}: {margin(i):.2f}x")
        (mark,) = (each for each in picture.grounds if each.group[:-1] == margin_text.group)
        assert mark.ink == colour(WINNERS[i % 3], theme)
        assert all(svg_places.inside(corner, mark.box) for text in own for corner in text.corners)
        dots = [each for each in picture.marks if math.dist((each.x, each.y), point) < 0.5 and each.fill == mark.ink]
        assert dots, shape
        leads = [line for line in picture.lines if math.dist(line.points[0], point) < 0.5 and line.ink == mark.ink]
        assert svg_places.inside(point, mark.box) or any(
            svg_places.inside(line.points[-1], mark.box) and line.order < mark.order for line in leads
        ), shape
        distance = math.dist(margin_text.middle, point)
        assert distance < (12 if number == 1 else 150), (shape, distance)
        for other, place in points.items():
            assert place == pytest.approx(point) or not svg_places.inside(place, mark.box), (shape, other)


@pytest.mark.parametrize("number", RUNS)
@pytest.mark.parametrize(("kind", "variants"), [("limit", 6), ("speedup", 6)])
def test_a_value_stands_right_of_the_whiskers_of_its_own_row(number, kind, variants):
    # Would catch: a value beside another shape's dots, far from its dot, or before the whisker's end.
    picture, _ = drawn(number)[f"causal_mean-{kind}-omp1", "light"]
    names = {text.words: text.middle[1] for text in picture.texts if text.words in RUNS[number]}
    assert len(names) == len(RUNS[number])
    heights = sorted(names.values())
    row_height = heights[1] - heights[0] if len(heights) > 1 else 60
    values = [t for t in picture.texts if t.group[-2:-1] in (("axes_1",), ("axes_2",)) and t.words[:1].isdigit()]
    assert len(values) == 2 * len(names)
    for value in values:
        (shape,) = (shape for shape, height in names.items() if abs(height - value.middle[1]) < row_height / 2)
        dots = [
            mark
            for mark in picture.marks
            if mark.group[1] == value.group[1] and abs(mark.y - names[shape]) < row_height / 2 and mark.clip
        ]
        assert len(dots) == variants
        best = max(dots, key=lambda mark: mark.x)
        assert abs(best.y - value.middle[1]) < row_height / 2
        ends = [
            max(x for x, _ in line.points)
            for line in picture.lines
            if line.group[1] == value.group[1] and abs(line.points[0][1] - best.y) < 0.1 and line.ink == best.fill
        ]
        assert 2 < value.box[0] - max([best.x, *ends]) < 40, (shape, value)


@pytest.mark.parametrize("number", [1, 4])
def test_the_best_point_of_each_shape_bears_its_name(number):
    # Would catch: points of the roofline that nobody can tell apart, a name with a line to another shape's point.
    picture, _ = drawn(number)["causal_mean-roofline-omp1", "light"]
    for i, shape in enumerate(RUNS[number]):
        (name,) = (text for text in picture.texts if text.words == shape)
        (lead,) = (
            line
            for line in picture.lines
            if line.order < name.order and math.dist(line.points[-1], name.middle) < 3 and len(line.points) == 2
        )
        near = [mark for mark in picture.marks if mark.clip and math.dist((mark.x, mark.y), lead.points[0]) < 0.5]
        assert {colour(WINNERS[i % 3])} <= {mark.fill for mark in near}
        assert math.dist(lead.points[0], name.middle) < 60
