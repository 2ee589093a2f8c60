"""scripts/report on a run that lies there."""

import json

import fake_history
import fake_run
import pytest
from fake_run import LOOP, MEAN
from trilbench.again import command as again
from trilbench.commands import ReportOptions
from trilbench.history.store import write_run
from trilbench.machine.key import machine_of
from trilbench.report import publish as report
from trilbench.results.rows import CellResult
from trilbench.results.run import CellRecord, Status, write_manifest
from trilbench.stop import Exit, Stop
from web_page import Page, picture


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
    monkeypatch.setattr(report, "draw", lambda *_: [picture()])
    before = (run_folder / "manifest.json").read_bytes()
    assert again.main(ReportOptions.parse([str(run_folder), "--no-install"])) == Exit.FINE
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


def test_every_librarys_version_is_kept():
    # Would catch: one library's version for all, as they say it under one name.
    said = ({}, {"library": "OpenBLAS 0.3"}, {"library": "Eigen 3.4"}, {"library": "OpenBLAS 0.3"})
    judged = report.judged(fake_run.manifest(), [CellResult(context, ()) for context in said], "")
    assert judged.environment["program"] == {"library": "OpenBLAS 0.3; Eigen 3.4"}


def no_ink(*_):
    raise ValueError("no ink")


def test_figures_that_fail_take_nothing_else_away(run_folder, monkeypatch, capsys):
    # Would catch: a run whose tables are lost because a picture could not be drawn, or one that hides it.
    monkeypatch.setattr(report, "draw", no_ink)
    assert again.main(ReportOptions.parse([str(run_folder), "--no-install"])) == Exit.TOOL_FAILED
    shown = capsys.readouterr()
    assert "prefix_mean/avx2" in shown.out
    assert shown.err == "error: the figures could not be drawn: ValueError: no ink\n"
    assert (run_folder / "summary.csv").exists()
    assert "no ink" in Page((run_folder / "report.html").read_text()).text


def test_figures_are_files_only_where_they_are_asked_for(run_folder, monkeypatch):
    # Would catch: a folder of files beside each page, a page that does not name those that are there.
    monkeypatch.setattr(report, "draw", lambda *_: [picture()])
    assert again.main(ReportOptions.parse([str(run_folder), "--no-install"])) == Exit.FINE
    assert not (run_folder / "figures").exists()
    assert again.main(ReportOptions.parse([str(run_folder), "--no-install", "--figures"])) == Exit.FINE
    files = {path.name for path in (run_folder / "figures").iterdir()}
    assert files == {"a.csv", "a.png", "a-dark.png", "a.svg", "a-dark.svg"}
    links = Page((run_folder / "report.html").read_text()).all("href")
    assert {link.removeprefix("figures/") for link in links if link.startswith("figures/")} == files


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(Stop, match=r"is not a run of scripts/bench"):
        again.main(ReportOptions.parse([str(tmp_path), "--no-install"]))
    with pytest.raises(Stop, match="required: FOLDER"):
        ReportOptions.parse([])
    with pytest.raises(Stop, match="there is no folder 'runs/x'"):
        ReportOptions.parse(["--no-install", "runs/x"])


@pytest.fixture
def run_with_history(tmp_path):
    """A run, and a history of its machine in which the time grew by a fifth after eight runs."""
    levels = fake_history.noisy([1e-6] * 8 + [1.2e-6] * 8)
    for number, seconds in enumerate(levels):
        kept = fake_history.kept(number, seconds)
        write_run(tmp_path / "history", machine_of(fake_history.ENVIRONMENT), kept)
    rows = [fake_run.row(fake_history.VARIANT, 1.2e-6, least=1e-6)]
    return fake_history.write_folder(tmp_path / "run", rows, fake_history.manifest(20)), tmp_path / "history"


def test_the_report_shows_the_machines_history(run_with_history):
    # Would catch: a history left out, its picture lost, a change with the wrong sign or between the wrong runs.
    run, history = run_with_history
    assert again.main(ReportOptions.parse([f"--history={history}", str(run)])) == Exit.FINE
    page = Page((run / "report.html").read_text())
    old, new = (fake_history.commit(number)[:7] for number in (7, 8))
    assert page.text.index("1 change; no baseline to judge by") < page.text.index("What was skipped")
    assert f"{old} (2026-01-08) -> {new} (2026-01-09)" in page.text
    attributes = [each for _, each in page.elements]
    below = attributes[attributes.index({"id": "history"}) :]
    place, ratio, low, high, before, after = [float(each["data-value"]) for each in below if "data-value" in each][:6]
    assert (place, ratio, after / before) == (8, pytest.approx(1.2, abs=0.03), pytest.approx(1.2, abs=0.03))
    assert 1 < low < ratio < high
    assert "time of a call, run by run" in page.text


def test_of_chosen_benchmarks_all_is_told_but_no_others(run_with_history, tmp_path, capsys):
    # Would catch: speed-ups lost with the baseline's line; the history of what was not chosen.
    _, history = run_with_history
    run = fake_history.write_folder(tmp_path / "two", [LOOP, MEAN], fake_history.manifest(20))
    assert again.main(ReportOptions.parse([f"--history={history}", "--select=prefix_mean", str(run)])) == Exit.FINE
    text = Page((run / "report.html").read_text()).text
    assert "over scalar_loop/scalar" in text and "8.00x" in text and "1 change; no baseline" in text
    assert "scalar_loop" not in (run / "summary.csv").read_text()
    shown = capsys.readouterr().out
    assert "8.00x" in shown and "scalar_loop/scalar  " not in shown
    assert again.main(ReportOptions.parse([f"--history={history}", "--select=scalar_loop", str(run)])) == Exit.FINE
    text = Page((run / "report.html").read_text()).text
    assert "no benchmark matched" in text and "1 change" not in text


def test_a_history_of_other_machines_is_refused_only_where_it_was_asked_for(run_with_history, tmp_path, monkeypatch):
    run, history = run_with_history
    monkeypatch.setattr(again, "HISTORY", tmp_path / "nowhere")
    assert again.main(ReportOptions.parse([str(run)])) == Exit.FINE
    assert 'id="history"' not in (run / "report.html").read_text()
    with pytest.raises(Stop, match="nowhere knows nothing of the machine") as stop:
        again.main(ReportOptions.parse([f"--history={tmp_path / 'nowhere'}", str(run)]))
    assert stop.value.code == Exit.NOTHING_MATCHED
    monkeypatch.setattr(again, "HISTORY", history)
    assert again.main(ReportOptions.parse([str(run)])) == Exit.FINE
    assert 'id="history"' in (run / "report.html").read_text()
