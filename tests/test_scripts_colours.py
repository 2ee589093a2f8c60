"""The colours: each implementation has its own, eyes of every kind tell them apart, and every text can be read."""

import itertools
import math
import re
from pathlib import Path

import pytest
from trilbench.compare.figure import LOOKS
from trilbench.paths import ROOT, instruction_sets, operations
from trilbench.report import publish as report
from trilbench.report.figures.palette import DARK, IMPLEMENTATIONS, LIGHT, colour, symbol


def test_every_known_implementation_has_a_colour_of_its_own_that_stays():
    for theme in (LIGHT, DARK):
        assert len({colour(implementation, theme) for implementation in IMPLEMENTATIONS}) == len(IMPLEMENTATIONS)
    assert colour("prefix_mean") == "#1874d0"  # pictures that lie elsewhere have it
    assert colour("a new implementation") == colour("a new implementation") != colour("another new implementation")


def linear(code):
    parts = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def luminance(rgb):
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one, other):
    """WCAG's ratio."""
    dark, light = sorted(luminance(linear(code)) for code in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("implementation", [*IMPLEMENTATIONS, *(f"a new implementation {i}" for i in range(50))])
def test_colours_stand_out_from_the_page(implementation, theme):
    # Would catch: an implementation whose name, written in its colour, is below the contrast of 4.5 that WCAG AA asks
    # of letters, or whose marks are below the 3 that it asks of what has a meaning, on a band too.
    assert contrast(colour(implementation, theme), theme.page) >= 4.5
    assert contrast(colour(implementation, theme), theme.shade) >= 3


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


PROBES = {"traffic", "prefetched_traffic", "streaming_traffic"}  # no figure shows them


def names_of(operation):
    """The implementations and the libraries' routines that meet in the operation's figures."""
    own = {file.stem for file in (ROOT / "src" / "operations" / operation).glob("*.cpp")} - {"operation"} - PROBES
    tables = (file.read_text() for file in (ROOT / "src" / "peers").glob("*/routines.cpp"))
    return own.union(*(re.findall(rf'{{"{operation}", "(\w+)"', table) for table in tables))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("operation", operations())
def test_no_eyes_take_one_implementation_for_another(operation, theme, eye):
    """Where this fails for a new one, whose name has decided, choose it a colour in palette.py."""
    for one, other in itertools.combinations(sorted(names_of(operation)), 2):
        assert math.dist(lab(colour(one, theme), eye), lab(colour(other, theme), eye)) > 9, (one, other)


def test_every_chosen_colour_is_drawn():
    assert set(IMPLEMENTATIONS) <= set(itertools.chain(*map(names_of, operations())))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_lines_stand_out_from_the_page_and_its_bands(theme):
    # Would catch: quiet letters below WCAG's 4.5 on a band, a verdict's heading on the page, a rule below 3.
    for ground in (theme.page, theme.shade):
        assert contrast(theme.text, ground) >= 4.5 and contrast(theme.quiet, ground) >= 4.5
    for _, *inks in LOOKS.values():
        assert contrast(inks[theme is DARK], theme.page) >= 4.5


def test_instruction_sets_differ_by_symbol():
    sets = {isa.removeprefix("auto-") for isa in instruction_sets()} | {"peer"}
    assert len({symbol(isa) for isa in sets}) == len(sets)
    assert symbol("auto-avx2").startswith(symbol("avx2")) and symbol("auto-avx2") != symbol("avx2")  # hollow
    assert symbol("a new set") not in {symbol(isa) for isa in sets}


def test_every_text_can_be_read_on_every_ground():
    # Would catch: colours below the contrast of 4.5 that WCAG AA asks for, in light or dark.
    css = (Path(report.__file__).parents[1] / "report" / "templates" / "report.css").read_text()
    themes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ]
    assert len(themes) == 2
    for theme in themes:
        for text in ("text", "quiet", "link", "wrong"):
            for ground in ("page", "raised", "bar", "warning"):
                if text in ("quiet", "link") and ground in ("bar", "warning"):
                    continue  # never meet
                assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
