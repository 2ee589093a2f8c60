"""report.html of made-up data: what it holds, that it opens alone, and that it trusts no text."""

import base64
import dataclasses
import hashlib
import re
from urllib.parse import unquote

import fake_family
import fake_run
from fake_run import ROWS, failed, row
from trilbench.report.figures.palette import DARK, LIGHT, colour
from trilbench.report.limits import split
from trilbench.report.page import page
from trilbench.report.table import make_tables
from trilbench.results.run import CellRecord, NamedReason, Status
from web_page import Page, picture

HOSTILE = '<script>alert("x")</script>&\'' + "long" * 500


def made(folder, rows, figures=(), **changes):
    operations, limits = split(rows)
    return page(folder, fake_run.manifest(**changes), make_tables(operations), limits, figures)


def test_the_page_holds_the_answer_first_then_the_warnings(tmp_path):
    text = Page(made(tmp_path, [*ROWS, *fake_run.limits()], warnings=("the machine was busy",))).text
    order = [
        "prefix_mean is the fastest implementation",
        "the machine was busy",
        "The fastest variant at each shape",
        "The machine's limits",
        "no NEON",
        "scripts/bench --quick",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_page_loads_nothing_and_runs_only_its_own_scripts(tmp_path):
    # Would catch: a font, style, script or picture from elsewhere; one that lies beside the page, and gets lost; a
    # policy that lets other scripts run, or not ours.
    text = made(tmp_path, ROWS, [picture()])
    parsed = Page(text)
    assert not {"link", "iframe", "object", "embed", "img"} & {tag for tag, _ in parsed.elements}
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert re.findall(r"script-src ([^;]*);", text) == [" ".join(f"'sha256-{digest}'" for digest in digests)]
    kinds = [attributes.get("type") for tag, attributes in parsed.elements if tag == "script"]
    assert kinds == ["application/json", "application/json", None, None]
    for script in scripts:
        text = text.replace(script, "")
    assert set(re.findall(r"https?:[^\"]*", text)) == {"https://vega.github.io/schema/vega-lite/v6.json"}  # a name
    assert not re.search(r"@import|url\(", text)
    assert not parsed.all("src")
    assert not [attributes for _, attributes in parsed.elements if any(key.startswith("on") for key in attributes)]
    assert "default-src 'none'" in text


def test_the_page_holds_each_figures_data_once(tmp_path):
    # Would catch: a specification for each theme, a title told by the page and by the picture, Vega without a figure.
    text = made(tmp_path, ROWS, [picture(), picture("Another", name="b")])
    specs = [document["spec"] for document in Page(text).documents if "spec" in document]
    assert [spec["datasets"]["points"] for spec in specs] == [
        [{"T": 8, "seconds": 1e-6, "implementation": title}] for title in ("A picture", "Another")
    ]
    assert not [spec for spec in specs if "title" in spec or "config" in spec]
    assert text.count("vegaEmbed=") == 1
    assert "vegaEmbed=" not in made(tmp_path, ROWS)
    assert len(text) < 2.5e6


def test_links_lead_somewhere(tmp_path):
    # Would catch: a link to a part or a file that is not there, an identifier used twice.
    parsed = Page(made(tmp_path, [*ROWS, *fake_run.limits()], [picture()], failures=(NamedReason("a", "b"),)))
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
        [picture(HOSTILE, HOSTILE)],
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
    parsed = Page(text)
    assert [tag for tag, _ in parsed.elements].count("script") == 4  # our own, and what they read
    assert parsed.documents[0]["spec"]["datasets"]["points"][0]["implementation"] == HOSTILE
    assert parsed.text.count(HOSTILE) > 15
    assert not parsed.all("alert")


def test_every_raw_file_is_linked_and_nothing_else(tmp_path):
    # Would catch: a file that the page forgets, a link to one that is not there, one that a name breaks.
    for name in ("manifest.json", "raw/causal_mean/4x8x2-omp1.json", "raw/a #1?/50% & more.json", "figures/a.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "raw/causal_mean/4x8x2-omp1.json.part").touch()
    parsed = Page(made(tmp_path, ROWS))
    links = [unquote(link) for link in parsed.all("href") if not link.startswith("#")]
    assert links == [
        "manifest.json",
        "raw/a #1?/50% & more.json",
        "raw/causal_mean/4x8x2-omp1.json",
        "figures/a.csv",
    ]
    assert not [link for link in parsed.all("href") if " " in link or "?" in link]
    assert "log.txt" not in parsed.text


def test_an_empty_run_has_a_page(tmp_path):
    text = Page(made(tmp_path, [], skipped=(), environment={})).text
    assert "No variant of any operation was measured." in text
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
            assert text.count(f"{operation} on {threads}: a is the fastest implementation") == 1
            assert text.count(f"Every variant of {operation}, {threads}") == 1


def test_an_answer_leads_to_its_own_table(tmp_path):
    # Would catch: links that count tables with a winner alone, where an operation before them has none.
    parsed = Page(made(tmp_path, [failed("a/avx2"), row("b/avx2", 1.0, operation="tril_matmul")]))
    assert [each for each in parsed.all("href") if each.startswith("#table-")] == ["#table-2"]
    assert "No variant of any operation" in Page(made(tmp_path, [failed("a/avx2")])).text


def test_the_line_that_makes_pictures_can_be_typed(tmp_path, monkeypatch):
    # Would catch: the folder's name alone, which is not under the reader's own folder.
    folder = tmp_path / "runs" / "one run"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert "scripts/plot 'runs/one run' makes them" in Page(made(folder, ROWS, [picture()])).text


def family(folder, **changes):
    operations, limits = split(fake_family.rows())
    figures = [picture(f"A picture of {name}", name, name) for name in (*fake_family.SHAPES, "machine")]
    return page(folder, fake_family.manifest(**changes), make_tables(operations), limits, figures)


def test_the_page_of_the_whole_family_goes_from_the_answer_to_the_operations(tmp_path):
    # Would catch: an operation without its place in the answer, a figure under another's heading or shown twice.
    parsed = Page(family(tmp_path, warnings=("the machine was busy",)))
    text = parsed.text
    first, *others = fake_family.SHAPES
    order = [f"{operation} on 1 thread: " for operation in fake_family.SHAPES]
    order += [f"A picture of {first}", "the machine was busy", "how to read it"]
    for operation in fake_family.SHAPES:
        order += [f"{operation}, 1 thread", "The fastest variant at each shape", f"Every variant of {operation}"]
        order += [f"A picture of {operation}"] * (operation in others)
    order += ["The machine's limits", "A picture of machine", "What was skipped"]
    place = 0
    for words in order:
        place = text.index(words, place) + 1
    assert all(text.count(f"A picture of {operation}\n") == 1 for operation in fake_family.SHAPES)


def test_the_map_of_winners_stands_beside_the_answer(tmp_path):
    figures = [picture(f"The {name}", name=f"causal_mean-{name}-omp1") for name in ("time", "winner", "share")]
    text = Page(made(tmp_path, ROWS, figures)).text
    places = [text.index(f"The {name}") for name in ("winner", "time", "share")]
    assert places == sorted(places)
    assert places[0] < text.index("The fastest variant at each shape") < places[1]


def test_every_variant_is_told_the_best_first_and_libraries_last(tmp_path):
    # Would catch: a rank by times, a library among our own, a row left out.
    text = Page(made(tmp_path, [*ROWS, failed("tril_gemm/avx2")])).text
    names = ["prefix_mean/avx2", "prefix_mean/avx512", "running_sum/auto-avx2", "scalar_loop/scalar"]
    names += ["openblas_strmm/peer", "tril_gemm/avx2"]
    rows = text[text.index("Every variant at each shape") :]
    places = [rows.index(f"\n{name}") for name in names]
    assert places == sorted(places)


def test_a_tie_is_called_one(tmp_path):
    # Would catch: a winner by less than the noise, a factor without its uncertainty.
    shapes = ("4x8x2", "8x8x2")
    rows = [row("a/avx2", 1.0, shape, least=0.5) for shape in shapes]
    rows += [row("b/avx2", seconds, shape, least=0.5) for seconds, shape in zip((1.005, 2.0), shapes, strict=True)]
    text = Page(made(tmp_path, rows)).text
    assert "a is the fastest implementation at 8x8x2, 2.00x (1.95x to 2.05x) as fast as the next" in text
    assert re.search(r"4x8x2\s*a/avx2\s*level 0.98x to 1.03x\s*b/avx2", text)
    assert re.search(r"8x8x2\s*a/avx2\s*2.00x 1.95x to 2.05x\s*b/avx2\s*0.50 0.50 to 0.51\s*1.00 s", text)


def test_without_libraries_there_are_no_columns_for_them(tmp_path):
    # Would catch: columns of dashes where no library was measured.
    with_libraries = fake_family.rows()
    without = [each for each in with_libraries if each.name.isa != "peer"]
    assert "over the best library" in Page(made(tmp_path, with_libraries)).text
    assert "library" not in Page(made(tmp_path, without)).text.partition("How to read it")[0]


def test_hostile_names_of_operations_stay_text(tmp_path):
    rows = []
    for operation in ("causal_mean", HOSTILE):
        made_row = row("a/avx2", 1.0, shape="3x1@1x3", axes="XY")
        name = dataclasses.replace(made_row.name, operation=operation, implementation=HOSTILE)
        rows.append(dataclasses.replace(made_row, name=name))
    text = made(tmp_path, rows, [picture(HOSTILE, HOSTILE)])
    assert 'id="table-2"' in text
    parsed = Page(text)
    assert [tag for tag, _ in parsed.elements].count("script") == 4
    assert parsed.text.count(HOSTILE) >= 8


def test_a_page_of_many_shapes_shows_them_all(tmp_path):
    shapes = [f"{100 + i}x8x2" for i in range(24)]
    text = Page(made(tmp_path, [row("a/avx2", 1.0, shape=shape) for shape in shapes])).text
    assert [text.count(shape) for shape in shapes] == [2] * 24  # the winners and every variant


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
    assert re.search(r"tril_gemm/avx2\s*4x8x2\s*failed", text)
    assert re.search(r"4\.5\s+less accurate", text)
    assert reason in text
    assert "1 failure" in text


def test_a_variant_has_the_colours_of_the_figures(tmp_path):
    styles = Page(made(tmp_path, ROWS)).all("style")
    assert f"--light: {colour('prefix_mean', LIGHT)};--dark: {colour('prefix_mean', DARK)};" in styles
