"""What is made of a run: the tables, the answer, summary.csv and report.html, of made-up data."""

import dataclasses
import io
import json
import math
import re
import sys
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import fake_run
import pytest
from fake_run import failed, row
from rich.console import Console
from trilbench.commands import report
from trilbench.compute.answer import wins
from trilbench.compute.limits import split
from trilbench.compute.reasons import by_reason
from trilbench.compute.table import make_tables
from trilbench.compute.tidy import tidy
from trilbench.model.result import CellResult
from trilbench.model.run import CellRecord, NamedReason, Status, write_manifest
from trilbench.options import ReportOptions, parse_report
from trilbench.render.answer import sentences
from trilbench.render.blocks import blocks
from trilbench.render.figures.palette import DARK, LIGHT, colour
from trilbench.render.html.page import Contents, page
from trilbench.render.table import print_limits, print_table
from trilbench.render.units import binary_bytes, count, rate, share
from trilbench.stop import Exit, Stop

HOSTILE = '<script>alert("x")</script>&\'' + "long" * 500

LOOP = row("scalar_loop/scalar", 8e-6, least=1e-6)
SUM = row("running_sum/auto-avx2", 2e-6, least=1e-6)
MEAN = row("prefix_mean/avx2", 1e-6, least=0.93e-6, of_peak=0.125)
WIDER_MEAN = row("prefix_mean/avx512", 1.001e-6, least=0.93e-6)
PEER = row("openblas_strmm/peer", 4e-6, least=1e-6)
ROWS = [LOOP, SUM, MEAN, WIDER_MEAN, PEER]


def table_of(*rows):
    (table,) = make_tables(rows)
    return table


def printed(show, what):
    text = io.StringIO()
    show(Console(width=100, highlight=False, file=text), what)
    return text.getvalue()


# The data


def test_shares_are_medians_of_each_repetitions_ratio():
    # Would catch: a share of the median time, a minimum, p10 and p90 exchanged.
    entry = table_of(row("a/avx2", 1.0, noise=(0.5, 1.0, 2.0), least=0.8)).lines[0].entries[0]
    assert entry is not None
    assert entry.of_limit is not None
    assert entry.of_limit.median == pytest.approx(0.8)
    assert (entry.of_limit.p10, entry.of_limit.p90) == pytest.approx((0.48, 1.44))
    assert entry.of_peak is None


@pytest.mark.parametrize(("shown", "above"), [(1.02, False), (1.04, True)])
def test_a_row_above_its_limit_is_known(shown, above):
    entry = table_of(row("a/avx2", 1.0, of_limit=shown)).lines[0].entries[0]
    assert entry is not None
    assert entry.above_limit == above


def test_libraries_stand_apart_and_are_no_winners_of_ours():
    # Would catch: a library taken for a way, for the fastest, or for a baseline.
    table = table_of(*ROWS, row("running_sum/peer", 1e-9, error_over_bound=4.5))
    assert [line.way for line in table.peers] == ["openblas_strmm/peer", "running_sum/peer"]
    assert [line.less_accurate for line in table.peers] == [False, True]
    (win,) = wins(table)
    assert win.way == "prefix_mean/avx2"
    assert win.peer is not None
    assert (win.peer.way, win.peer.less_accurate) == ("running_sum/peer", True)
    assert win.peer.factor == pytest.approx(1e-3)


def test_the_next_is_another_idea():
    # Would catch: the same idea for another instruction set taken for the runner-up.
    (win,) = wins(table_of(*ROWS))
    assert win.next is not None
    assert (win.next.way, win.next.factor, win.next.level) == ("running_sum/auto-avx2", pytest.approx(2), False)


def test_ways_within_each_others_spread_are_level():
    # Would catch: a winner by less than the noise told as one.
    (win,) = wins(table_of(row("a/avx2", 1.0), row("b/avx2", 1.005)))
    assert win.next is not None
    assert win.next.level
    (win,) = wins(table_of(row("a/avx2", 1.0), row("b/avx2", 1.1)))
    assert win.next is not None
    assert not win.next.level


def test_shapes_without_a_time_have_no_winner():
    (win,) = wins(table_of(failed("a/avx2"), row("b/avx2", 1.0, shape="8x8x8")))
    assert (win.shape, win.next, win.peer) == ("8x8x8", None, None)


def test_damaged_counters_and_times_are_left_out():
    # Would catch: a NaN sorted into a median, a division by a time of 0.
    nan = math.nan
    damaged = row("a/avx2", 1.0, noise=(nan, 1.0, 0.0), of_limit=nan, error_over_bound=nan, bytes_per_second=math.inf)
    (line,) = table_of(damaged).lines
    (entry,) = line.entries
    assert entry is not None
    assert (entry.seconds, entry.of_limit, entry.error, entry.bytes_per_second) == (1.0, None, None, None)
    assert line.worst_error is None
    assert table_of(row("a/avx2", 1.0, noise=(nan, nan))).lines[0].entries == (None,)
    columns, (flat,) = tidy([damaged])
    assert "of_limit" in columns
    assert not [key for key, value in flat.items() if isinstance(value, float) and not math.isfinite(value)]


def test_the_summary_has_the_spread_of_shares():
    columns, (flat,) = tidy([row("a/avx2", 1.0, noise=(0.5, 1.0, 2.0), least=0.8)])
    at = columns.index("of_limit")
    assert columns[at : at + 3] == ["of_limit", "of_limit_p10", "of_limit_p90"]
    assert [flat[key] for key in columns[at : at + 3]] == pytest.approx([0.8, 0.48, 1.44])


def test_the_machine_is_no_operation():
    # Would catch: its rows among the operations', a copy taken for arithmetic, elements taken for bytes.
    operations, (limits,) = split([*ROWS, *fake_run.limits()])
    assert operations == ROWS
    assert limits.copies.sizes == (32 * 2**10, 16 * 2**20)
    assert [(line.way, line.values) for line in limits.copies.lines] == [("copy/avx2", (112, 40.5))]
    assert limits.arithmetic.sizes == (32 * 2**10,)
    assert [(line.way, line.values) for line in limits.arithmetic.lines] == [("fma/avx2", (58.6,))]


def test_reasons_are_folded():
    name = "causal_mean/prefix_mean/neon/f32/B:{}/T:8/C:2/omp:1"
    rows = [NamedReason(name.format(b), "no NEON") for b in (4, 5, 4)] + [NamedReason("causal_mean_openblas", "absent")]
    assert by_reason(rows) == {
        "no NEON": ["causal_mean/prefix_mean/neon at 4x8x2, 5x8x2"],
        "absent": ["causal_mean_openblas"],
    }


def test_reasons_that_differ_in_numbers_alone_are_one():
    # Would catch: a line for each of twenty predictions; ms and s, or an instruction set's name, taken for numbers.
    texts = (
        "a call takes 3.9 s, above 0.2",
        "a call takes 0.31 s, above 0.2",
        "a call takes 9 ms",
        "no avx2",
        "no avx512",
    )
    rows = [NamedReason(str(i), text) for i, text in enumerate(texts)]
    assert by_reason(rows) == {
        "a call takes 0.31 to 3.9 s, above 0.2": ["0", "1"],
        "a call takes 9 ms": ["2"],
        "no avx2": ["3"],
        "no avx512": ["4"],
    }


# The text


def test_the_table_as_text():
    wild = row("tril_gemm/avx2", 3e-6, noise=(0.5, 1.0, 2.0), of_limit=1.05)
    inexact = row("openblas_sgemm/peer", 5e-6, error_over_bound=4.5)
    expected = """
causal_mean, float32, 1 thread, shapes BxTxC

      fastest way          time of limit     x a     x b  x next  x library
4x8x2 prefix_mean/avx2  1.00 us     0.93   8.00x   2.00x   2.00x      4.00x

                                            4x8x2 error/
way                      time limit    x a    x b  bound
scalar_loop/scalar    8.00 us 0.12   1.00x  0.25x   0.25
running_sum/auto-avx2 2.00 us 0.50   4.00x  1.00x   0.25
prefix_mean/avx2      1.00 us 0.93*  8.00x  2.00x   0.25
prefix_mean/avx512    1.00 us 0.93   7.99x  2.00x   0.25
tril_gemm/avx2       ~3.00 us!1.05   2.67x  0.67x   0.25
────────────────────────────────────────────────────────
openblas_sgemm/peer   5.00 us    -   1.60x  0.40x    4.5
openblas_strmm/peer   4.00 us 0.25*  2.00x  0.50x   0.25

time: median of a call; limit: the least time this machine allows over it, 1 is best
x a: speed-up over scalar_loop/scalar; x b: speed-up over running_sum/auto-avx2
x next: over the best other way; x library: over the best library
* fastest of its block; ~ spread above 10%; ! above 1.03 of the limit: do not trust
openblas_sgemm/peer: less accurate, its error is up to 4.5 times the bound
"""
    assert printed(print_table, table_of(*ROWS, wild, inexact)) == expected


@pytest.mark.parametrize("shapes", [1, 2, 3, 4, 5, 6, 24])
def test_the_table_keeps_to_a_hundred_columns(shapes):
    # Would catch: columns that wrap on a screen, speed-ups that push shapes out, a shape left out.
    names = [f"4x{100 + i}x384" for i in range(shapes)]
    ways = ("scalar_loop/auto-avx512", "running_sum/auto-avx512", "scalar_loop/scalar")
    noisy = (0.5, 1.0, 2.0)
    text = printed(print_table, table_of(*(row(way, 0.123, shape=name, noise=noisy) for name in names for way in ways)))
    assert max(map(len, text.splitlines())) <= 100
    assert all(name in text for name in names)


@pytest.mark.parametrize(
    ("columns", "most", "sizes"),
    [(5, 5, [5]), (6, 5, [3, 3]), (24, 7, [6] * 4), (17, 7, [6, 6, 5]), (2, 0, [1, 1]), (0, 3, [])],
)
def test_wide_tables_are_cut_evenly(columns, most, sizes):
    cut = blocks(columns, most)
    assert [len(places) for places in cut] == sizes
    assert [place for places in cut for place in places] == list(range(columns))


def test_a_failed_row_is_seen_and_a_missing_one_too():
    lines = printed(print_table, table_of(failed("a/avx2"), row("b/avx2", 1.0, shape="8x8x8"))).splitlines()
    assert any(line.split() == ["a/avx2", "FAILED", "-"] for line in lines)


def test_the_limits_as_text():
    _, (limits,) = split(fake_run.limits(threads=2))
    expected = """
the machine's limits, 2 threads

copies, GB/s read and written; x and y together take
           32 KiB  16 MiB
copy/avx2     112    40.5

fused multiply-adds, GFLOP/s; x and y together take
          32 KiB
fma/avx2    58.6
"""
    assert printed(print_limits, limits) == expected


def test_the_answer_in_sentences():
    assert sentences(table_of(*ROWS)) == [
        "causal_mean on 1 thread: prefix_mean is the fastest way at 4x8x2.",
        "prefix_mean is 8.00x as fast as scalar_loop/scalar, 2.00x as fast as running_sum/auto-avx2 and "
        "2.00x as fast as the best other way.",
        "It reaches 0.93 of what this machine allows.",
        "The best library routine (openblas_strmm) takes 4.00x our time.",
    ]


def test_the_answer_names_every_winner():
    # Would catch: the winner of most shapes told as the winner of all.
    shapes = [f"{b}x8x2" for b in range(1, 6)]
    rows = [row("a/avx2", 1.0, shape=shape, of_limit=0.2 * (i + 1)) for i, shape in enumerate(shapes)]
    rows += [row("b/avx2", 0.5 if shape == "2x8x2" else 3.0, shape=shape) for shape in shapes]
    assert sentences(table_of(*rows)) == [
        "causal_mean on 1 thread: a is the fastest way at 4 of 5 shapes.",
        "b wins at 2x8x2.",
        "a is 3.00x as fast as the best other way.",
        "It reaches 0.70 of what this machine allows at the median shape, 0.20 at 1x8x2, 1.00 at 5x8x2.",
    ]


def test_the_answer_claims_no_lead_within_the_noise():
    shapes = ["1x8x2", "2x8x2"]
    level, ahead = (row("b/avx2", seconds, shape=shape) for seconds, shape in zip((1.005, 3.0), shapes, strict=True))
    rows = [row("a/avx2", 1.0, shape=shape) for shape in shapes]
    (_, text) = sentences(table_of(*rows, level, ahead))
    assert text == "a is 1.00x to 3.00x as fast as the best other way (no difference beyond the noise at 1 shape)."


def test_nothing_measured_has_no_answer():
    assert sentences(table_of(failed("a/avx2"))) == []


def test_numbers_for_people():
    assert [share(value) for value in (0.931, 1.05, 0.004, 0.0, 12.44)] == ["0.93", "1.05", "<.01", "<.01", "12.4"]
    assert [rate(value) for value in (8.214, 65.04, 117.2)] == ["8.21", "65.0", "117"]
    assert [binary_bytes(value) for value in (512, 32768, 1.5 * 2**20, 2**30)] == [
        "512 B", "32 KiB", "1.5 MiB", "1 GiB",
    ]  # fmt: skip
    assert [count(1, "thread"), count(2, "thread")] == ["1 thread", "2 threads"]


# The page


class Page(HTMLParser):
    """Elements, identifiers and the text that a reader sees. Fails where tags do not match."""

    VOID = ("meta", "img", "br", "wbr", "source", "link", "input", "hr")

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += " " if self.open and self.open[-1] == "style" else data

    def all(self, key):
        return [attributes[key] for _, attributes in self.elements if key in attributes]


@dataclass
class Picture:
    """A figure as render.figures makes them."""

    name: str
    title: str
    caption: str
    alt: str
    svg: Path
    svg_dark: Path
    png: Path
    png_dark: Path
    csv: Path


def picture(folder, title="A picture"):
    paths = [folder / "figures" / name for name in ("a.svg", "a-dark.svg", "a.png", "a-dark.png", "a.csv")]
    paths[0].parent.mkdir(exist_ok=True)
    for path in paths:
        path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return Picture("a", title, "what it shows", 'the words "for" <readers>', *paths)


def made(folder, rows, figures=(), **changes):
    operations, limits = split(rows)
    contents = Contents(fake_run.manifest(**changes), make_tables(operations), limits, figures)
    return page(folder, contents)


def test_the_page_holds_the_answer_first_then_the_warnings(tmp_path):
    text = Page(made(tmp_path, [*ROWS, *fake_run.limits()], warnings=("the machine was busy",))).text
    order = [
        "prefix_mean is the fastest way",
        "the machine was busy",
        "The fastest way at each shape",
        "The machine's limits",
        "no NEON",
        "scripts/bench --quick",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_page_loads_nothing_and_runs_nothing(tmp_path):
    # Would catch: a font, style, script or picture from elsewhere; one that lies beside the page, and gets lost.
    text = made(tmp_path, ROWS, [picture(tmp_path)])
    parsed = Page(text)
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in parsed.elements}
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text)
    assert all(value.startswith("data:image/svg+xml;base64,") for key in ("src", "srcset") for value in parsed.all(key))
    assert not [attributes for _, attributes in parsed.elements if any(key.startswith("on") for key in attributes)]
    assert "default-src 'none'" in text


def test_links_lead_somewhere(tmp_path):
    # Would catch: a link to a part or a file that is not there, an identifier used twice.
    parsed = Page(made(tmp_path, [*ROWS, *fake_run.limits()], [picture(tmp_path)], failures=(NamedReason("a", "b"),)))
    identifiers = parsed.all("id")
    assert len(identifiers) == len(set(identifiers))
    for link in parsed.all("href"):
        assert link.removeprefix("#") in identifiers if link.startswith("#") else (tmp_path / link).is_file()
    assert set(parsed.all("aria-labelledby")) <= set(identifiers)


def test_hostile_text_is_shown_as_text(tmp_path):
    # Would catch: markup from a name, a reason, a warning or the environment that becomes part of the page.
    hostile = row("a/avx2", 1.0)
    name = dataclasses.replace(hostile.name, implementation=HOSTILE, operation=HOSTILE)
    text = made(
        tmp_path,
        [dataclasses.replace(hostile, name=name)],
        [picture(tmp_path, title=HOSTILE)],
        command=HOSTILE,
        operations=(HOSTILE,),
        flags=(HOSTILE,),
        warnings=(HOSTILE,),
        failures=(NamedReason(HOSTILE, HOSTILE),),
        skipped=(NamedReason(HOSTILE, HOSTILE),),
        absent_peers=(NamedReason(HOSTILE, HOSTILE),),
        environment={"cpu": HOSTILE, "program": {"compiler": HOSTILE, "flags_avx2": HOSTILE, HOSTILE: HOSTILE}},
        cells=(CellRecord(HOSTILE, "4x8x2", 1, status=Status.BROKEN, command=HOSTILE, message=HOSTILE),),
    )
    assert "<script" not in text
    parsed = Page(text)
    assert parsed.text.count(HOSTILE) > 15
    assert not parsed.all("alert")


def test_an_empty_run_has_a_page(tmp_path):
    text = Page(made(tmp_path, [], skipped=(), environment={})).text
    assert "No way of any operation was measured." in text
    assert "unknown CPU" in text


def test_a_run_of_the_machine_alone_has_no_speedups(tmp_path):
    text = Page(made(tmp_path, fake_run.limits(), operations=("machine",))).text
    assert "copy/avx2" in text
    assert "over the best" not in text


def test_two_operations_at_two_thread_counts_have_a_table_each(tmp_path):
    rows = [
        row("a/avx2", 1.0, operation=operation, threads=threads)
        for operation in ("causal_mean", "tril_matmul")
        for threads in (1, 2)
    ]
    text = Page(made(tmp_path, rows)).text
    for operation in ("causal_mean", "tril_matmul"):
        for threads in ("1 thread", "2 threads"):
            assert text.count(f"{operation} on {threads}: a is the fastest way") == 1
            assert text.count(f"Every figure of {operation}, {threads}") == 1


def test_a_page_of_many_shapes_shows_them_all(tmp_path):
    shapes = [f"{100 + i}x8x2" for i in range(24)]
    text = Page(made(tmp_path, [row("a/avx2", 1.0, shape=shape) for shape in shapes])).text
    assert [text.count(shape) for shape in shapes] == [3] * 24  # the winners, every way, every figure


def test_what_is_unknown_says_so(tmp_path):
    # Would catch: a blank, a "None", or silence about what could not be read.
    text = Page(made(tmp_path, ROWS, environment={"git_commit": "abc", "git_dirty": "unknown"})).text
    assert "abc, unknown whether changed" in text
    assert re.search(r"OMP_WAIT_POLICY\s*unknown", text)
    assert re.search(r"governor\s*unknown", text)
    assert "None" not in text


def test_failed_rows_and_less_accurate_libraries_are_told(tmp_path):
    inexact = row("openblas_sgemm/peer", 5e-6, error_over_bound=4.5)
    reason = "error_over_bound 3 at row 1; repeat with: x"
    text = Page(
        made(tmp_path, [*ROWS, failed("tril_gemm/avx2"), inexact], failures=(NamedReason("tril", reason),))
    ).text
    assert re.search(r"tril_gemm/avx2\s*failed", text)
    assert re.search(r"4\.5\s+less accurate", text)
    assert reason in text
    assert "1 failure" in text


def test_a_way_has_the_colours_of_the_figures(tmp_path):
    styles = Page(made(tmp_path, ROWS)).all("style")
    assert f"--light: {colour('prefix_mean', LIGHT)};--dark: {colour('prefix_mean', DARK)};" in styles


def luminance(hexadecimal):
    parts = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_text_can_be_read_on_every_ground():
    # Would catch: colours below the contrast of 4.5 that WCAG AA asks for, in light or dark.
    css = (Path(report.__file__).parents[1] / "render" / "html" / "report.css").read_text()
    themes = [
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ]
    assert len(themes) == 2
    for theme in themes:
        for text in ("text", "quiet", "link", "wrong"):
            for ground in ("page", "raised", "bar", "best", "warning"):
                if text in ("quiet", "link") and ground in ("bar", "best", "warning"):
                    continue  # never meet
                light, dark = sorted((luminance(theme[text]), luminance(theme[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)


# The command


def entry(name, seconds):
    return {"name": f"{name}/real_time", "iterations": 10, "real_time": seconds, "time_unit": "s", "of_limit": 0.9}


@pytest.fixture
def run_folder(tmp_path):
    """A run that was interrupted after the first of its two cells."""
    cells = (CellRecord("causal_mean", "4x8x2", 1, status=Status.DONE), CellRecord("causal_mean", "8x8x8", 1))
    file = tmp_path / cells[0].file
    file.parent.mkdir(parents=True)
    names = [each.name.text for each in (LOOP, MEAN)]
    rows = [entry(name, 1e-3 * (i + 1)) for i, name in enumerate(names)]
    file.write_text(json.dumps({"context": {"compiler": "GNU 1.2"}, "benchmarks": rows}))
    write_manifest(tmp_path, fake_run.manifest(cells=cells, finished=""))
    return tmp_path


def test_the_report_of_an_interrupted_run(run_folder, monkeypatch, capsys):
    # Would catch: a report that hides what is missing, or that changes the run it reports on.
    monkeypatch.setattr(report, "draw", lambda *_: ([picture(run_folder)], ""))
    before = (run_folder / "manifest.json").read_bytes()
    assert report.main(ReportOptions(run_folder, no_install=True)) == Exit.FINE
    assert (run_folder / "manifest.json").read_bytes() == before
    text = Page((run_folder / "report.html").read_text()).text
    assert "the run was interrupted: 1 of 2 cells are missing; scripts/bench --resume" in text
    assert "GNU 1.2" in text
    assert len((run_folder / "summary.csv").read_text().splitlines()) == 3
    shown = capsys.readouterr().out
    assert "prefix_mean/avx2" in shown
    assert str(run_folder / "report.html") in shown


def test_what_only_a_librarys_program_says_is_kept():
    # Would catch: the version of the library lost, or its compiler in the place of ours.
    ours, theirs = ({"compiler": "ours", "date": "now"}, {"compiler": "theirs", "openblas_version": "0.3"})
    program = report.judged(fake_run.manifest(), [CellResult(ours, ()), CellResult(theirs, ())], "").environment[
        "program"
    ]
    assert program == {"compiler": "ours", "openblas_version": "0.3"}


def test_figures_that_fail_take_nothing_else_away(run_folder, monkeypatch, capsys):
    # Would catch: a run whose tables are lost because a picture could not be drawn, or one that hides it.
    monkeypatch.setattr(report, "draw", lambda *_: ((), "ValueError: no ink"))
    assert report.main(ReportOptions(run_folder, no_install=True)) == Exit.TOOL_FAILED
    shown = capsys.readouterr()
    assert "prefix_mean/avx2" in shown.out
    assert shown.err == "error: the figures could not be drawn: ValueError: no ink\n"
    assert (run_folder / "summary.csv").exists()
    assert "no ink" in Page((run_folder / "report.html").read_text()).text


def test_a_drawing_that_breaks_is_a_reason_and_no_crash(run_folder, monkeypatch):
    def make_figures(rows, manifest, folder):
        raise ZeroDivisionError("no ink")

    monkeypatch.setitem(sys.modules, "trilbench.render.figures", SimpleNamespace(make_figures=make_figures))
    assert report.draw(run_folder, fake_run.manifest(), ROWS) == ((), "ZeroDivisionError: no ink")


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(Stop, match=r"is not a run of scripts/bench"):
        report.main(ReportOptions(tmp_path, no_install=True))
    with pytest.raises(Stop, match="required: RUN"):
        parse_report([])
    assert parse_report(["--no-install", "runs/x"]) == ReportOptions(Path("runs/x"), no_install=True)
