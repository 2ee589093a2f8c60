"""The tables of report.html in a real browser: sorted by keyboard and by touch, filtered, and whole without scripts."""

import pytest
from browser import unfold, visit
from report_pages import FAILED, TIMES

VARIANTS = "Every variant at each shape"  # the table of the run's page that most tests use
LIBRARY = "openblas_strmm/peer"
FASTEST_FIRST = sorted(TIMES, key=TIMES.get)
ORDER = [*(variant for variant in FASTEST_FIRST if variant != LIBRARY), LIBRARY, FAILED]  # at each shape


def table(page, caption=VARIANTS):
    return page.get_by_role("region", name=caption)


def rows(found):
    """The first cells of the rows that can be seen, from the top."""
    return [text.strip() for text in found.locator("tbody tr:visible th").all_inner_texts() if text.strip()]


def head(found, name="time"):
    return found.get_by_role("columnheader", name=name).first


def test_a_heading_sorts_by_keyboard(chromium, pages):
    # Would catch: an order by the shown text (1.00 ms before 2.00 us), one that a mouse alone can ask for or that a
    # screen reader is not told, empty cells before full ones, no way back.
    with visit(chromium, pages["run"]) as page:
        unfold(page)
        found = table(page)
        page.get_by_role("searchbox", name=VARIANTS).fill("4x8x2")
        before = rows(found)
        time = head(found)
        assert time.get_attribute("aria-sort") is None
        time.get_by_role("button").focus()
        page.keyboard.press("Enter")
        assert time.get_attribute("aria-sort") == "ascending"
        after = rows(found)
        assert after == [*FASTEST_FIRST, FAILED]
        page.keyboard.press("Space")
        assert time.get_attribute("aria-sort") == "descending"
        assert rows(found) == [*reversed(after[:-1]), FAILED]
        page.keyboard.press("Enter")
        assert time.get_attribute("aria-sort") is None
        assert rows(found) == before
        assert page.evaluate("document.activeElement.textContent") == "time"


def test_tab_reaches_the_next_heading_and_only_one_is_sorted(chromium, pages):
    # Would catch: headings out of the tab order, an old mark left standing.
    with visit(chromium, pages["run"]) as page:
        unfold(page)
        found = table(page)
        head(found).get_by_role("button").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert found.locator("[aria-sort]").all_inner_texts() == ["least"]
        error = head(found, "bound")
        error.get_by_role("button").click()
        assert error.get_attribute("aria-sort") == "ascending"
        assert found.locator("[aria-sort]").count() == 1
        variant = head(found, "variant")
        variant.get_by_role("button").click()
        assert rows(found) == sorted(rows(found))


def test_a_heading_sorts_by_touch(chromium, pages):
    # Would catch: headings that fingers miss, or that answer to a mouse alone.
    with visit(chromium, pages["comparison"], width=375, touch=True) as page:
        found = table(page, "Time of head over base")
        before = rows(found)
        ratio = head(found, "head/base")
        ratio.get_by_role("button").tap()
        assert ratio.get_attribute("aria-sort") == "ascending"
        assert rows(found)[0] == "tril_gemm/avx2 8x256x64"
        ratio.get_by_role("button").tap()
        assert rows(found)[0] == "prefix_mean/avx2 8x256x64"
        ratio.get_by_role("button").tap()
        assert rows(found) == before


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_every_column_of_every_table_sorts(chromium, pages, kind):
    # Would catch: a row with fewer cells than there are columns, a value that is no number, a row that gets lost.
    with visit(chromium, pages[kind]) as page:
        unfold(page)
        for found in page.locator("table.sorts").all():
            before = sorted(rows(found))
            buttons = found.get_by_role("button").all()
            cells = found.locator("tbody tr").evaluate_all("rows => rows.map(row => row.cells.length)")
            assert set(cells) == {len(buttons)}
            for button in buttons:
                button.click()
                assert sorted(rows(found)) == before
            values = found.locator("[data-value]").evaluate_all(
                "cells => cells.map(cell => Number(cell.dataset.value))"
            )
            assert all(value == value for value in values)  # no NaN


def test_the_filter_keeps_the_rows_with_all_words(chromium, pages):
    # Would catch: a filter that takes a word for a pattern, cares for capitals, forgets the count or a hidden row.
    with visit(chromium, pages["run"]) as page:
        unfold(page)
        found = table(page)
        field = page.get_by_role("searchbox", name=VARIANTS)
        counter = field.locator("xpath=ancestor::p").get_by_role("status")
        every = rows(found)
        assert counter.inner_text() == f"{len(every)} rows"
        field.fill("PREFIX avx512")
        assert rows(found) == ["prefix_mean/avx512"] * 3
        assert counter.inner_text() == f"3 of {len(every)} rows"
        head(found).get_by_role("button").click()
        assert rows(found) == ["prefix_mean/avx512"] * 3
        field.fill("(.*[")
        assert rows(found) == []
        assert counter.inner_text() == f"0 of {len(every)} rows"
        field.fill("")
        assert sorted(rows(found)) == sorted(every)


def test_a_label_focuses_its_filter(chromium, pages):
    with visit(chromium, pages["comparison"], width=375, touch=True) as page:
        page.get_by_text("Filter the rows").first.tap()
        page.keyboard.type("other programs")
        assert rows(table(page, "Round by round")) == ["4"]


@pytest.mark.parametrize("kind", ["run", "comparison"])
def test_without_scripts_everything_can_be_read(chromium, pages, kind):
    # Would catch: controls that do nothing, content that only a script shows.
    with visit(chromium, pages[kind], scripts=False) as page:
        assert page.locator("button, input, output").count() == 0
        hidden = page.locator("tbody tr").evaluate_all("rows => rows.filter(row => row.hidden).length")
        assert hidden == 0
        if kind == "run":
            assert rows(table(page, "The fastest variant"))[0] == "4x8x2"
            page.get_by_text("Every variant of causal_mean").click()
            assert rows(table(page)) == ORDER * 3
        else:
            assert rows(table(page, "Time of head over base"))[0] == "prefix_mean/avx2 8x256x64"
