"""The page and the forest plot of a comparison: every verdict told, nothing hidden, nothing trusted."""

import math
import re

import every_verdict
import pytest
from every_verdict import EVERY_VERDICT, NOISY, SAME, SLOWER, measured, name
from fake_run import read_csv
from msgspec.structs import replace
from trilbench.again import command as again
from trilbench.commands import COMPARISON, PlotOptions, ReportOptions
from trilbench.compare import page
from trilbench.compare.figure import MOST_ROWS, comparison_figure
from trilbench.compare.text import labels
from trilbench.compare.verdict import outcome
from trilbench.report.figures.make import Choice, write_files
from trilbench.results import documents
from trilbench.results.run import NamedReason
from trilbench.stop import Exit, Stop
from web_page import Page

HOSTILE = '<script>alert("x")</script>&\'"\u202egnihton\u202c' + "long" * 300


def made(folder, **changes):
    """The page of a comparison, without its figure."""
    comparison = every_verdict.comparison(**changes)
    return Page(page.page(folder, outcome(comparison), []))


def drawn(**changes):
    comparison = every_verdict.comparison(**changes)
    return comparison_figure(outcome(comparison))


def rows_of(parsed):
    """The lines of the table of benchmarks: name and verdict."""
    table = parsed.text.partition("Time of head over base, the worst first")[2].partition("Only in head")[0]
    return re.findall(r"\n(\w+/\S+ \S+)\S? *(?:▲|△|▼|\?|=) (regressed: slower|regressed|\w+(?: tell)?)", table)


def test_the_page_tells_every_verdict_the_worst_first(tmp_path):
    # Would catch: a verdict shown as another, a regression that the eye does not meet first.
    assert rows_of(made(tmp_path)) == [
        ("prefix_mean/avx2 8x256x64", "regressed: slower"),
        ("running_sum/auto-avx2 8x256x64", "regressed"),
        ("tril_gemm/sse2 8x256x64", "slower"),
        ("scalar_loop/scalar 8x256x64", "cannot tell"),
        ("tril_gemm/avx2 8x256x64", "faster"),
        ("prefix_mean/avx512 8x256x64", "same"),
        ("masked_softmax/avx2 8x256x64", "same"),
    ]


def test_the_page_hides_nothing_that_makes_it_doubtful(tmp_path):
    text = made(tmp_path).text
    assert text.index("regression: ") < text.index("1 of 21 rounds do not count") < text.index("Every benchmark")
    assert "20 of 21 rounds count" in text
    assert re.search(r"no: other programs kept a core busy", text)
    assert "error_over_bound 3 at row 1" in text
    assert "double_sum/scalar" in text
    assert "became 0.9 of the bound" in text
    assert "the same machine code: layout or noise" in text
    assert re.search(r"compiler ≠\s*GNU 12\.2\.0\s*clang 14\.0\.6", text)
    assert re.search(r"xsimd\s*8\.1\.0\s*8\.1\.0", text)
    assert "scripts/compare main . --budget=300s" in text


def test_links_of_a_comparison_lead_somewhere(tmp_path):
    for file in (COMPARISON, "compare.md", "junit.xml", "log.txt"):
        (tmp_path / file).touch()
    parsed = made(tmp_path)
    links = parsed.all("href")
    assert links[-4:] == [COMPARISON, "compare.md", "junit.xml", "log.txt"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(parsed.all("id"))


def test_hostile_names_in_a_comparison_are_shown_as_text(tmp_path):
    # Would catch: markup from a label, a benchmark, a reason or a program's own words that becomes part of the page.
    side = replace(every_verdict.side(HOSTILE, compiler=HOSTILE, flags_avx2=HOSTILE), what=HOSTILE)
    parsed = made(
        tmp_path,
        base=side,
        head=side,
        command=HOSTILE,
        benchmarks=(measured(HOSTILE, 1.2),),
        failures=(NamedReason(HOSTILE, HOSTILE),),
        added=(HOSTILE,),
        doubts=(HOSTILE,),
        environment={"cpu": HOSTILE},
    )
    assert [tag for tag, _ in parsed.elements].count("script") == 1
    assert parsed.text.count(HOSTILE) > 12


@pytest.mark.parametrize(
    "changes",
    [
        {"benchmarks": (), "rounds": ()},
        {"rounds": (), "benchmarks": (replace(SAME, base=(), head=()),)},
        {"rounds": every_verdict.rounds(disturbed=range(21))},
        {"rounds": every_verdict.rounds(1), "benchmarks": (measured(name("a/avx2"), 1.2, rounds=1),)},
        {"rounds": (), "paired": False, "benchmarks": (measured(name("a/avx2"), 1.2, rounds=3),)},
        {"environment": {}, "finished": "", "base": every_verdict.side("x"), "failures": ()},
    ],
    ids=["nothing", "no round", "all disturbed", "one round", "two runs", "unknown"],
)
def test_poor_comparisons_have_a_page(tmp_path, changes):
    # Would catch: a crash, an "inf" or a "nan" where there are too few rounds for an interval.
    comparison = every_verdict.comparison(**changes)
    assert page.write(tmp_path, outcome(comparison)) == ""
    text = (tmp_path / "report.html").read_text()
    assert not re.search(r"\b(nan|inf|None)\b", Page(text).text)
    assert not re.search(r'data-value="(-?inf|nan|None)"', text)


def test_the_forest_plots_data_are_the_judgements():
    figure = drawn()
    lines = {line["benchmark"]: line for line in figure.lines}
    assert len(lines) == len(EVERY_VERDICT)
    slower, noisy = lines[SLOWER.name], lines[NOISY.name]
    assert (slower["verdict"], int(slower["regressed"]), noisy["verdict"]) == ("slower", 1, "cannot tell")
    assert slower["ratio_low"] < slower["ratio"] < slower["ratio_high"]
    assert slower["ratio"] == pytest.approx(1.12, abs=0.01)
    assert "2 regressed, 1 slower, the same code, 1 cannot tell, 1 faster, 2 same" in figure.alt


def test_a_forest_of_many_says_how_many_it_leaves_out():
    many = tuple(measured(name("a/avx2", f"8x{t}x2"), 1.0) for t in range(1, MOST_ROWS + 4))
    figure = drawn(benchmarks=many)
    assert "3 more benchmarks follow in the CSV" in figure.caption
    assert len(figure.lines) == MOST_ROWS + 3


def test_hostile_names_and_wide_intervals_do_not_break_the_forest_plot(tmp_path):
    wild = measured("b", 1.0, spread=0.0)
    wild = replace(wild, head=tuple(t * (1e-4 if i % 2 else 1e4) for i, t in enumerate(wild.base)))
    figure = drawn(benchmarks=(measured(f"$a_b^{HOSTILE}", 1.2), wild))
    csv, *_ = write_files(figure, tmp_path, Choice(formats=("png",)))
    assert (tmp_path / f"{figure.name}.png").stat().st_size > 1000
    assert all(math.isfinite(float(line["ratio"])) for line in read_csv(csv))
    assert drawn(benchmarks=()) is None


def test_labels_say_what_differs():
    assert labels([name("a/avx2"), name("b/avx2", "4x8x2")]) == {
        name("a/avx2"): "a/avx2 8x256x64",
        name("b/avx2", "4x8x2"): "b/avx2 4x8x2",
    }
    names = [name("a/avx2"), name("a/avx2", operation="tril_matmul", threads=2), "BM_other/8"]
    assert list(labels(names).values()) == [
        "causal_mean/a/avx2 8x256x64 omp:1",
        "tril_matmul/a/avx2 8x256x64 omp:2",
        "BM_other/8",
    ]


@pytest.fixture
def folder(tmp_path):
    documents.write(tmp_path / COMPARISON, every_verdict.comparison())
    return tmp_path


def test_report_makes_everything_of_a_comparison_anew(folder, capsys):
    # Would catch: a comparison taken for a damaged run, or one that reporting changes.
    before = (folder / COMPARISON).read_bytes()
    assert again.main(ReportOptions.parse([str(folder)])) == Exit.FINE
    assert (folder / COMPARISON).read_bytes() == before
    assert {"report.html", "compare.md", "junit.xml"} < (made := {path.name for path in folder.iterdir()})
    assert "figures" not in made
    assert "regression: " in capsys.readouterr().out


def test_a_picture_that_fails_takes_nothing_else_away(folder, monkeypatch, capsys):
    def draw(*_):
        raise ValueError("no ink")

    monkeypatch.setattr(page, "draw", draw)
    assert again.main(ReportOptions.parse([str(folder)])) == Exit.TOOL_FAILED
    assert "no ink" in Page((folder / "report.html").read_text()).text
    assert "no ink" in capsys.readouterr().err


def test_plot_draws_a_comparison(folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert again.main(PlotOptions.parse(["--format=svg", "--dark", f"--out={out}", str(folder)])) == Exit.FINE
    assert sorted(path.name for path in out.iterdir()) == ["comparison-dark.svg", "comparison.csv"]
    assert len(capsys.readouterr().out.split()) == 2
    with pytest.raises(Stop, match="is a comparison, which has no figure 'time'") as stop:
        again.main(PlotOptions.parse(["--figure=time", str(folder)]))
    assert stop.value.code == Exit.NOTHING_MATCHED
