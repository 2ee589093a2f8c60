"""report.html in a real browser: quiet, readable in light and dark, on a phone and on paper, and deaf to hostile
names."""

import re
import zlib

import pytest
from browser import axe, drawn, unfold, visit
from report_pages import HOSTILE

EVERY = ["run", "comparison", "hostile run", "hostile comparison"]
PLAIN = EVERY[:2]
PAGES = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}
GROUND = "getComputedStyle(document.querySelector('.picture svg')).backgroundColor"


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_loads_nothing_and_complains_of_nothing(chromium, pages, kind, scheme):
    # Would catch: a script that fails, a policy that blocks our own or Vega's, a picture or font that lies elsewhere.
    with visit(chromium, pages[kind], scheme=scheme) as page:
        unfold(page)
        assert page.locator("figure svg.marks").count() == page.locator("figure").count() > 0
        assert page.get_by_role("button").count() > 10  # our script ran


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("touch", [True, False])
def test_nothing_sticks_out_of_a_narrow_page(chromium, pages, kind, touch):
    # Would catch: a long name, a table or a picture that makes the whole page scroll sideways on a phone.
    with visit(chromium, pages[kind], width=375, touch=touch) as page:
        unfold(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        assert page.evaluate("document.documentElement.clientWidth") == 375


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("width", [1280, 375])
def test_the_letters_of_a_figure_can_be_read(chromium, pages, kind, width):
    # Would catch: a figure shrunk to a phone's width, whose letters are then four pixels high; one wider than its
    # frame, of which a part is seen only by scrolling.
    with visit(chromium, pages[kind], width=width, touch=width < 1000) as page:
        sizes = page.locator(".picture svg").evaluate_all(
            "all => all.map(svg => [svg.clientWidth / svg.viewBox.baseVal.width,"
            " svg.clientWidth - svg.closest('.picture').clientWidth,"
            " ...[...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize))])"
        )
        assert sizes
        for scale, beyond, *letters in sizes:
            assert scale * min(letters) >= 11
            assert beyond <= 0


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_the_page_meets_wcag_aa(chromium, pages, kind, scheme, width):
    # Would catch: text too pale for its ground, targets too small to hit, fields without a label, in either theme.
    with visit(chromium, pages[kind], width=width, scheme=scheme) as page:
        unfold(page)
        page.get_by_role("columnheader").get_by_role("button").first.click()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == PAGES[scheme]
        wrong, passed = axe(page, "wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
        assert wrong == []
        assert passed["color-contrast"] > 50
        assert passed["target-size"] > 10


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)])
def test_targets_are_large_enough(chromium, pages, kind, touch, least):
    with visit(chromium, pages[kind], width=375, touch=touch) as page:
        unfold(page)
        boxes = [each.bounding_box() for each in page.locator("th button, input, summary").all()]
        assert len(boxes) > 10
        assert min(box["height"] for box in boxes) >= least
        assert min(box["width"] for box in boxes) >= 24


@pytest.mark.parametrize("kind", EVERY[2:])
def test_hostile_names_are_shown_as_text(chromium, pages, kind):
    # Would catch: a name that becomes an element, runs, or changes what stands beside it. The policy would stop a
    # script; no element may come of it either.
    with visit(chromium, pages[kind]) as page:
        unfold(page)
        assert page.locator("script:not([type])").count() == 2
        assert page.locator(".injected, img, svg[onload]").count() == 0
        shown = " ".join(page.evaluate("document.body.innerText").split())
        assert shown.count(" ".join(HOSTILE.split())) > 5
        assert page.title().startswith("trilbench: ")


@pytest.mark.parametrize("kind", EVERY)
def test_every_link_leads_to_a_file_or_a_part(chromium, pages, kind):
    # Would catch: a link that a name breaks, once a browser has read it.
    with visit(chromium, pages[kind]) as page:
        links = page.locator("a").evaluate_all("links => links.map(link => [link.protocol, link.hash, link.pathname])")
        identifiers = page.locator("[id]").evaluate_all("elements => elements.map(element => '#' + element.id)")
        folder = pages[kind].parent.as_uri().removeprefix("file://")
        assert len(links) > 6
        for protocol, part, path in links:
            assert protocol == "file:"
            assert path.startswith(f"{folder}/")
            assert not part or part in identifiers


@pytest.mark.parametrize("kind", PLAIN)
def test_the_first_screen_has_the_answer_and_its_picture(chromium, pages, kind):
    # Would catch: a picture that warnings or contents push down, an answer below it.
    with visit(chromium, pages[kind]) as page:
        answer, picture = (page.locator(each).first.bounding_box() for each in (".answer", ".picture svg"))
        assert answer["y"] <= picture["y"] < 200
        assert page.locator("main *").first.locator(".answer").count() == 1


@pytest.mark.parametrize(("width", "abreast"), [(1280, 2), (1000, 1), (375, 1)])
def test_figures_stand_two_abreast_where_they_have_room(chromium, pages, width, abreast):
    # Would catch: a wide page that is empty on its right, figures squeezed until their names cover each other.
    with visit(chromium, pages["run"], width=width) as page:
        drawn(page)
        boxes = [each.bounding_box() for each in page.locator(".figures").first.locator("figure").all()]
        assert len(boxes) > 1 and len({box["x"] for box in boxes}) == abreast
        assert min(box["width"] for box in boxes) >= min(560, width - 32)


# Figures that answer.


@pytest.mark.parametrize("kind", PLAIN)
def test_figures_follow_the_readers_theme(chromium, pages, kind):
    # Would catch: figures that stay as they were drawn, ones of which some are forgotten.
    with visit(chromium, pages[kind], scheme="light") as page:
        assert page.evaluate(GROUND) == PAGES["light"]
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(
            "dark => [...document.querySelectorAll('.picture svg')].every("
            "each => getComputedStyle(each).backgroundColor === dark)",
            arg=PAGES["dark"],
        )
        assert page.locator("figure svg.marks").count() == page.locator("figure").count()


@pytest.mark.parametrize("kind", PLAIN)
def test_paper_is_light(chromium, pages, kind):
    # Would catch: a dark page printed black, figures that paper has too late.
    with visit(chromium, pages[kind], scheme="dark") as page:
        drawn(page)
        printed = page.pdf()
    streams = re.findall(rb"stream\r?\n(.*?)endstream", printed, re.DOTALL)
    texts = [zlib.decompress(each) for each in streams if each[:1] == b"x"]
    colours = {tuple(map(float, each.split())) for text in texts for each in re.findall(rb"([\d. ]+) rg\b", text)}
    assert (1.0, 1.0, 1.0) in colours
    dark = tuple(int(part) / 255 for part in re.findall(r"\d+", PAGES["dark"]))
    assert min(max(abs(a - b) for a, b in zip(colour, dark, strict=True)) for colour in colours) > 0.005


@pytest.mark.parametrize("kind", ["run", "hostile run"])
def test_a_point_tells_its_numbers(chromium, pages, kind):
    # Would catch: a tooltip that the policy blocks, one without a number, a name in it that becomes an element.
    with visit(chromium, pages[kind]) as page:
        figure = page.locator("figure").filter(has_text="time per element").first
        figure.locator(".mark-symbol path[aria-roledescription]").first.hover()
        tooltip = page.locator("#vg-tooltip-element")
        told = tooltip.inner_text()
        assert tooltip.is_visible()
        for words in ("implementation", "shape", "time", "of the limit", "GB/s"):
            assert words in told
        assert re.search(r"\d+ [num]s \(\d\S* [num]s to \d\S* [num]s\)", told)
        assert tooltip.locator("script, img, b, svg").count() == 0
        if kind == "hostile run":
            assert "<script>" in told


@pytest.mark.parametrize("how", ["mouse", "keyboard", "touch"])
def test_a_name_in_the_key_hides_its_points(chromium, pages, how):
    # Would catch: a key that only a mouse reaches, names that hide others, no way back.
    with visit(chromium, pages["run"], touch=how == "touch") as page:
        figure = page.locator("figure").filter(has_text="time per element").first
        points = figure.locator(".mark-symbol path[aria-roledescription]")
        name = figure.locator(".role-legend-label text", has_text="prefix_mean")
        before = points.count()
        assert name.get_attribute("aria-pressed") == "true"

        def press():
            if how == "mouse":
                name.click()
            elif how == "touch":
                name.tap()
            else:
                name.focus()
                page.keyboard.press("Enter")

        press()
        shown = points.evaluate_all("all => all.map(each => each.getAttribute('aria-label')).join()")
        assert 0 < points.count() < before
        assert "prefix_mean" not in shown
        assert "running_sum" in shown
        assert name.get_attribute("aria-pressed") == "false"
        press()
        assert points.count() == before
        assert name.get_attribute("aria-pressed") == "true"


def test_without_scripts_a_line_says_how_to_get_the_pictures(chromium, pages):
    for kind in PLAIN:
        with visit(chromium, pages[kind], scripts=False) as page:
            assert page.get_by_text("scripts/plot").first.is_visible()
            assert page.locator("figure svg").count() == 0
            assert len(page.locator(".picture").first.inner_text()) > 20  # what it would show, in words
