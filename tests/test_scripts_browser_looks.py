"""report.html in a real browser: quiet, readable in light and dark, on a phone, and deaf to hostile names."""

import pytest
from browser import axe, unfold, visit
from report_pages import HOSTILE
from trilbench.report.figures.canvas import TINY, WIDTH

EVERY = ["run", "comparison", "hostile run", "hostile comparison"]
PLAIN = EVERY[:2]


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_loads_nothing_and_says_nothing(chromium, pages, kind, scheme):
    # Would catch: a script that fails, a policy that blocks our own, a picture or font that lies elsewhere.
    with visit(chromium, pages[kind], scheme=scheme) as page:
        unfold(page)
        sizes = page.locator("figure img").evaluate_all("images => images.map(image => image.naturalWidth)")
        assert sizes and min(sizes) > 100
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
def test_the_letters_of_a_figure_can_be_read_on_a_phone(chromium, pages, kind):
    # Would catch: a figure shrunk to a phone's width, whose letters are then four pixels high.
    with visit(chromium, pages[kind], width=375, touch=True) as page:
        widths = page.locator("figure img").evaluate_all("images => images.map(image => image.clientWidth)")
        assert widths
        assert min(widths) * TINY / 72 / WIDTH >= 8  # pixels of the smallest
        assert page.evaluate("document.documentElement.scrollWidth") == 375


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_the_page_meets_wcag_aa(chromium, pages, kind, scheme, width):
    # Would catch: text too pale for its ground, targets too small to hit, fields without a label, in either theme.
    with visit(chromium, pages[kind], width=width, scheme=scheme) as page:
        unfold(page)
        page.get_by_role("columnheader").get_by_role("button").first.click()
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") is (scheme == "light")
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
        assert page.locator("script").count() == 1
        assert page.locator(".injected, img[src=x], svg[onload]").count() == 0
        assert page.title() != "run"
        shown = " ".join(page.evaluate("document.body.innerText").split())
        assert shown.count(" ".join(HOSTILE.split())) > 5
        assert page.evaluate("document.title").startswith("trilbench: ")


@pytest.mark.parametrize("kind", EVERY)
def test_every_link_leads_to_a_file_or_a_part(chromium, pages, kind):
    # Would catch: a link that a name breaks, once a browser has read it.
    with visit(chromium, pages[kind]) as page:
        links = page.locator("a").evaluate_all("links => links.map(link => [link.protocol, link.hash, link.pathname])")
        identifiers = page.locator("[id]").evaluate_all("elements => elements.map(element => '#' + element.id)")
        folder = pages[kind].parent.as_uri().removeprefix("file://")
        assert len(links) > 8
        for protocol, part, path in links:
            assert protocol == "file:"
            assert path.startswith(f"{folder}/")
            assert not part or part in identifiers
