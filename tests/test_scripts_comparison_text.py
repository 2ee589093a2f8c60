"""What people and CI servers read of a comparison: the table, the Markdown, JUnit's file."""

import io
from xml.etree import ElementTree

import pytest
from fake_comparison import calibration, comparison, measured, rounds
from msgspec.structs import replace
from rich.console import Console
from trilbench.compare.self_test import print_calibration
from trilbench.compare.text import calibrated, headline, junit, markdown, print_comparison
from trilbench.compare.verdict import Known, outcome
from trilbench.results.run import NamedReason, SideRecord

HOSTILE = "<img src=x onerror=alert(1)>|`[a](b)`**b**\n@here #1\x1b[31m"


def made(maker, of):
    return maker(outcome(of))


def table(of):
    text = io.StringIO()
    print_comparison(Console(width=100, highlight=False, file=text), outcome(of))
    return text.getvalue()


FULL = comparison(
    measured("causal_mean/a/avx2/f32/T:8/omp:1"),
    measured("causal_mean/b/avx2/f32/T:8/omp:1", 1.5),
    measured("causal_mean/c/avx2/f32/T:8/omp:1", 1.2, same_code=True),
    measured("causal_mean/d/avx2/f32/T:8/omp:1", [1.0, 1.2, 0.8] * 7),
    failures=(NamedReason("causal_mean/e", "error_over_bound 3"),),
    added=("causal_mean/f",),
)


def test_the_table_says_what_matters_and_folds_the_rest():
    # Would catch: a benchmark that is the same among what is not, a failure untold, a warning lost.
    lines = [line for line in table(FULL).splitlines() if line]
    names = [line.split()[0] for line in lines if line.startswith("causal_mean/")]
    assert names == ["causal_mean/b/avx2/T:8", "causal_mean/c/avx2/T:8", "causal_mean/d/avx2/T:8"]
    assert any("+50.0%" in line and line.rstrip().endswith("slower") for line in lines)
    assert any("the same machine code" in line for line in lines)
    assert any(line.startswith("the same: 1 benchmark") for line in lines)
    assert "FAILED causal_mean/e: error_over_bound 3" in lines
    assert "only in head: 1 benchmark" in lines
    assert lines[-1] == "regression: 1 of 4 benchmarks slower by 5% or more, 1 benchmark wrong or missing"


def test_every_doubt_is_told():
    disturbed = comparison(measured("a", 1.5), rounds=rounds(10) + rounds(11, head={"others": 1.0}), unequal=True)
    shown = table(disturbed)
    assert "warning: 11 of 21 rounds do not count: other programs kept a core busy" in shown
    assert "warning: unequal iterations" in shown
    assert "cannot tell: 11 of 21 rounds were disturbed" in shown.splitlines()[-1]
    assert "11 of 21 rounds do not count" in made(markdown, disturbed)


def test_a_calibration_is_told_with_every_comparison():
    # Would catch: a comparison that does not say what its verdicts are worth here.
    known = comparison(measured("a"), calibration=calibration())
    for text in (table(known), made(markdown, known)):
        flat = " ".join(text.replace("\\", "").split())
        assert "0 false alarms in 20 comparisons of a program with itself at margin 5%" in flat
        assert "tril_gemm/avx2 slower by 10% in 20 of 20 at margin 5%" in flat
    assert "not calibrated on this machine" in table(FULL)
    assert "not calibrated" in calibrated(None)


def test_the_rates_of_a_self_test_have_exact_intervals():
    text = io.StringIO()
    print_calibration(Console(width=100, file=text), calibration(), ["it was not good enough"])
    assert "20 of 20 (83% to 100%)" in text.getvalue()
    assert "0 of 20 (0% to 17%)" in text.getvalue()
    assert "NOT MET: it was not good enough" in text.getvalue()


def test_the_markdown_opens_what_says_something_and_folds_the_rest():
    text = made(markdown, FULL)
    opened, folded = text.split("<details>")
    assert text.startswith("### regression: 1 of 4 benchmarks slower")
    assert [name in opened for name in ("mean/a", "mean/b", "mean/c", "mean/d", "mean/e")] == [False] + 4 * [True]
    assert "mean/a" in folded


def test_hostile_names_stay_names():
    # Would catch: a branch or a benchmark whose name is markup, in a comment that a bot writes.
    of = comparison(
        measured(HOSTILE, 1.5),
        measured("a"),
        base=SideRecord(HOSTILE, HOSTILE, {}),
        failures=(NamedReason(HOSTILE, HOSTILE),),
        doubts=(HOSTILE,),
        command=f"scripts/compare '{HOSTILE}' ```",
    )
    text = made(markdown, of)
    *outside, command = text.rstrip("\n").split("\n\n")
    assert not [part for part in outside if "<img" in part or "**b**" in part or "\x1b" in part]
    assert command.startswith("```` scripts/compare '<img") and command.endswith(" ````")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {7}
    cases = ElementTree.fromstring(made(junit, of)).findall("testcase")
    assert cases[0].attrib["name"].startswith("<img src=x")
    assert cases[0].attrib["name"].endswith("**b**\n@here #1?[31m")  # the line break stays; XML cannot hold \x1b


def test_junit_counts_failures_and_skips():
    root = ElementTree.fromstring(made(junit, FULL))
    assert {key: root.attrib[key] for key in ("tests", "failures", "skipped")} == {
        "tests": "5",
        "failures": "2",
        "skipped": "1",
    }


def test_what_head_left_out_is_counted_and_named():
    # Would catch: "none of 1 benchmark" where there are two, and nobody knows of one.
    of = comparison(measured("a"), unseen=(NamedReason("b", "runs/head skipped it: a call would take 3 s"),))
    headline = "no regression seen, but 1 of 2 benchmarks cannot be told"
    assert table(of).splitlines()[-1] == headline
    reason = "nothing can be told of b: runs/head skipped it: a call would take 3 s"
    assert f"warning: {reason}" in table(of) and reason in made(markdown, of) and headline in made(markdown, of)
    assert ElementTree.fromstring(made(junit, of)).attrib["skipped"] == "1"


def test_what_is_slower_by_less_than_the_margin_is_not_folded():
    # Would catch: a difference that is certain, and nobody sees.
    of = comparison(measured("a", 1.03), measured("b", 0.97), measured("c"))
    lines = table(of).splitlines()
    assert [line.split()[0] for line in lines if line.rstrip().endswith(" same")] == ["a", "b"]
    assert sum("slower, by less than the margin" in line for line in lines) == 1
    assert sum("faster, by less than the margin" in line for line in lines) == 1
    assert lines[-1] == "no regression: none of 3 benchmarks is slower by 5% or more"
    assert "slower, by less than the margin" in made(markdown, of).partition("<details>")[0]


def test_what_may_be_layout_says_so():
    text = io.StringIO()
    of = comparison(measured("a", 1.1))
    judged = outcome(of, Known({"a": 0.2}))
    print_comparison(Console(width=100, highlight=False, file=text), judged)
    assert "builds of the same code differ by up to +20.0%" in text.getvalue()


@pytest.mark.parametrize("margin", [0.004, 0.125, 0.05])
def test_the_margin_is_the_one_that_was_asked_for(margin):
    # Would catch: "slower by 0% or more" of a margin of 0.4 %.
    asked = {0.004: "0.4%", 0.125: "12.5%", 0.05: "5%"}[margin]
    for head, words in ((2.0, "regression: 1 of 1 benchmark slower by"), (0.5, "none of 1 benchmark is slower by")):
        of = comparison(measured("a", head))
        assert f"{words} {asked} or more" in headline(outcome(replace(of, margin=margin)))


@pytest.mark.parametrize("maker", [markdown, junit])
def test_nothing_measured_is_still_written(maker):
    empty = comparison(rounds=(), failures=(NamedReason("a", "head has no such benchmark"),))
    assert "head has no such benchmark" in made(maker, empty)
    assert "FAILED a" in table(empty)
