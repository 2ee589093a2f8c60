"""scripts/compare from the command line to the exit code, on stand-ins for the benchmark binaries."""

import json
import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import fake_run
import pytest
from fake_builds import MEAN, SUM, build_folder, program
from small_repository import small_repository
from trilbench import commands
from trilbench.commands import CompareOptions
from trilbench.compare import code as machine_code
from trilbench.compare import command as compare
from trilbench.compare import page, pairs, runs, session
from trilbench.compare import sides as side
from trilbench.compare.record import read_comparison
from trilbench.machine import moment
from trilbench.results.run import CellRecord, NamedReason, write_manifest
from trilbench.setup import build, tools
from trilbench.setup.binary import Program
from trilbench.stop import Exit, Stop


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch):
    monkeypatch.setattr(moment, "busy_others", lambda *_: 0.0)
    monkeypatch.setattr(moment, "steal", lambda *_: 0.0)
    monkeypatch.setattr(compare, "seconds_of_a_round", lambda _: 300 / 8)
    monkeypatch.setattr(page, "draw", lambda *_: (None, ""))  # it takes a second, and has tests of its own


@pytest.fixture
def base(tmp_path, monkeypatch):
    folder = build_folder(tmp_path / "base")
    monkeypatch.setattr(compare, "build", lambda *_: folder)
    return folder


@pytest.fixture
def run(base, tmp_path):
    def run(head, *arguments):
        words = [str(base), str(head), "--out", str(tmp_path / "out"), "--calibration", str(tmp_path / "none.json")]
        return compare.main(CompareOptions.parse([*words, *arguments]))

    return run


def test_a_slower_head_falls_through_the_gate(run, base, tmp_path, capsys):
    # Would catch: base and head exchanged, a verdict without an exit code, files that are not written.
    assert run(build_folder(tmp_path / "head", prefix_mean=1.1e-6)) == Exit.WRONG_RESULT
    shown = capsys.readouterr().out
    assert "+10.0%" in shown
    assert "regression: 1 of 2 benchmarks slower by 5% or more" in shown
    out = tmp_path / "out"
    written = read_comparison(out / "compare.json")
    assert {row.name: len(row.base) for row in written.benchmarks} == {MEAN: 8, SUM: 8}
    assert len(written.rounds) == 8
    assert "| slower |" in (out / "compare.md").read_text()
    assert "slower by 5% or more" in (out / "report.html").read_text()
    assert ElementTree.parse(out / "junit.xml").getroot().attrib["failures"] == "1"


def test_both_sides_make_the_same_number_of_calls(run, base, tmp_path):
    # Would catch: each side counting for itself, which makes its processes unlike.
    head = build_folder(tmp_path / "head", prefix_mean=2e-6)
    run(head)
    calls = [{*(folder / "bench" / "rounds").read_text().splitlines()} for folder in (base, head)]
    of_rows = [{line for line in lines if MEAN in line} for lines in calls]
    assert of_rows[0] == of_rows[1]
    assert len(of_rows[0]) == 1


def test_the_same_twice_is_the_same(run, base):
    assert run(base) == Exit.FINE


def test_a_small_difference_is_no_regression_but_told(run, tmp_path, capsys):
    # Would catch: a gate that falls for everything that is slower.
    head = build_folder(tmp_path / "head", prefix_mean=1.03e-6, running_sum=1.8e-6)
    assert run(head) == Exit.FINE
    shown = capsys.readouterr().out
    assert "slower, by less than the margin" in shown
    assert "faster" in shown


def test_rounds_that_shared_their_cores_do_not_count(run, tmp_path, capsys):
    # Would catch: a program beside one side's processes that makes that side slower.
    shared = {"seconds": 2e-6, "cpu_share": 0.5}
    assert run(build_folder(tmp_path / "head", prefix_mean=shared, running_sum=shared)) == Exit.TOO_NOISY
    assert "8 of 8 rounds do not count: another program or a quota took a part of the cores" in capsys.readouterr().out
    (share, *others) = {
        each.moments["head"].core_share for each in read_comparison(tmp_path / "out/compare.json").rounds
    }
    assert (share, others) == (0.75, [])  # two of four benchmarks


def test_files_and_page_say_the_margin_that_was_asked_for(run, tmp_path, capsys):
    # Would catch: 0.4 % shown as 0 %, anywhere.
    assert run(build_folder(tmp_path / "head", prefix_mean=1.2e-6), "--margin", "0.4%") == Exit.WRONG_RESULT
    out = tmp_path / "out"
    for text in (capsys.readouterr().out, (out / "compare.md").read_text(), (out / "report.html").read_text()):
        assert "slower by 0.4% or more" in text
        assert not re.search(r"(?<![\d.])0 ?% or more|margin of 0 ?%", text)
    assert "margin of 0.4%" in (out / "report.html").read_text()


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"fails": True}, "wrong"),
        ({"absent": True}, "head has no such benchmark"),
        ({"error": 0.9}, "less accurate: 0.25 became 0.9 of the bound"),
    ],
)
def test_what_is_wrong_or_missing_in_head_is_a_regression(run, tmp_path, capsys, fault, words):
    # Would catch: a head that is fast because it is wrong, coarse or not there.
    assert run(build_folder(tmp_path / "head", prefix_mean=fault)) == Exit.WRONG_RESULT
    assert words in capsys.readouterr().out


def test_a_head_that_hangs_is_ended(run, tmp_path, monkeypatch):
    # Would catch: a comparison that waits for ever for a head that does not end.
    monkeypatch.setattr(session, "PROCESS_LIMIT", 0.5)
    monkeypatch.setattr(session, "_HANGS", 1)
    assert run(build_folder(tmp_path / "head", prefix_mean={"hangs": True})) == Exit.WRONG_RESULT
    assert "did not end within" in (tmp_path / "out" / "compare.md").read_text()


def test_a_head_that_fails_later_keeps_the_rounds_before(run, base, tmp_path, monkeypatch):
    # Would catch: a flaky head that takes the comparison with it, base's failure held against head.
    head = build_folder(tmp_path / "head")
    real = session.Part.run
    for culprit, code in ((head, Exit.WRONG_RESULT), (base, Exit.TOOL_FAILED)):
        left = iter(range(5))

        def flaky(part, program=culprit / "bench" / "causal_mean", left=left):
            if part.runner.program.path == program and next(left, None) is None:
                raise Stop("wrong")
            return real(part)

        monkeypatch.setattr(session.Part, "run", flaky)
        out = tmp_path / culprit.name / "out"
        with pytest.raises(Stop, match=r"(head|base): wrong; scripts/compare .* judges the rounds") as stop:
            compare.main(CompareOptions.parse([str(base), str(head), "--out", str(out)]))
        assert stop.value.code == code
        assert len(read_comparison(out / "compare.json").rounds) == 5


def test_what_fails_in_base_already_is_not_compared(base, tmp_path, capsys):
    # Would catch: one broken benchmark that takes all others with it, a benchmark left out without a word.
    broken = build_folder(tmp_path / "broken", prefix_mean={"fails": True})
    assert compare.main(CompareOptions.parse([str(broken), str(base), "--out", str(tmp_path / "out")])) == Exit.FINE
    assert f"not compared: {MEAN} fails in base already" in capsys.readouterr().out
    worse = build_folder(tmp_path / "worse", prefix_mean={"fails": True}, running_sum={"fails": True})
    with pytest.raises(Stop, match="nothing can be compared") as stop:
        compare.main(CompareOptions.parse([str(worse), str(base), "--out", str(tmp_path / "none")]))
    assert stop.value.code == Exit.NOT_COMPARABLE


def test_nothing_that_matches(run, base):
    with pytest.raises(Stop, match="whose name matches 'softmax'") as stop:
        run(base, "--select", "softmax")
    assert stop.value.code == Exit.NOTHING_MATCHED


def test_a_budget_that_is_too_small_says_what_would_do(run, base, monkeypatch):
    # Would catch: five rounds that can find nothing, and say that nothing was found.
    monkeypatch.setattr(compare, "seconds_of_a_round", lambda _: 50.0)
    with pytest.raises(Stop, match=r"30 s allow 0 rounds.* takes 7: give --budget 38[56]s"):
        run(base, "--budget", "30s")


def test_an_interrupted_comparison_is_judged_by_what_there_is(run, base, tmp_path, monkeypatch, capsys):
    # Would catch: rounds lost with the process.
    real = session.measure_round
    left = iter(range(7))

    def interrupted(*arguments):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(session, "measure_round", interrupted)
    with pytest.raises(Stop, match=r"interrupted; scripts/compare .* judges the rounds that are finished"):
        run(build_folder(tmp_path / "head", prefix_mean=1.2e-6))
    assert len(read_comparison(tmp_path / "out" / "compare.json").rounds) == 7
    assert compare.main(CompareOptions.parse([str(tmp_path / "out")])) == Exit.WRONG_RESULT


def test_a_comparison_is_judged_again_by_another_margin(run, tmp_path):
    # Would catch: verdicts that are stored rather than computed.
    assert run(build_folder(tmp_path / "head", prefix_mean=1.1e-6)) == Exit.WRONG_RESULT
    assert compare.main(CompareOptions.parse([str(tmp_path / "out"), "--margin", "20%"])) == Exit.FINE
    assert compare.main(CompareOptions.parse([str(tmp_path / "out")])) == Exit.WRONG_RESULT


def test_two_runs_are_compared_as_they_are(tmp_path, monkeypatch, capsys):
    # Would catch: rows that are paired by chance, what two processes happened to take taken for the code's doing.
    base, slower = (fake_run_folder(tmp_path / name, factor) for name, factor in (("a", 1), ("b", 1.2)))
    out = str(tmp_path / "out")
    assert compare.main(CompareOptions.parse([str(base), str(slower), "--out", out])) == Exit.TOO_NOISY
    shown = capsys.readouterr().out
    assert "+20.0%" in shown
    assert "cannot tell: each run is one process of each benchmark" in shown
    assert "| slower" not in (tmp_path / "out" / "compare.md").read_text()
    page = (tmp_path / "out" / "report.html").read_text()
    assert "there are no intervals" in page
    assert "has a probability of" not in page


@pytest.mark.parametrize(("factor", "code"), [(1.2, Exit.WRONG_RESULT), (1.0, Exit.FINE)])
def test_several_runs_a_side_are_judged(tmp_path, monkeypatch, capsys, factor, code):
    # Would catch: a run's repetitions taken for replicates, sides exchanged, a run's warning lost, `all of one side
    # first` untold.
    sides = [
        [str(fake_run_folder(tmp_path / f"{name}{i}", by + i / 1000, started=f"2026-01-0{1 + i}T{hour}:00"))
         for i in range(5)]
        for name, by, hour in (("a", 1, "10"), ("b", factor, "12"))
    ]  # fmt: skip
    words = [*sides[0], "--out", str(tmp_path / "out"), "--against", *sides[1]]
    assert compare.main(CompareOptions.parse(words)) == code
    shown = capsys.readouterr().out
    assert "5 runs against 5, each one process of each benchmark" in shown
    assert "not made in turn" not in shown
    assert (
        compare.main(CompareOptions.parse([*sides[0][:2], "--out", str(tmp_path / "few"), "--against", *sides[1][3:]]))
        == 3
    )
    shown = capsys.readouterr().out
    assert "to tell anything of 2 benchmarks takes 5 runs a side" in shown
    assert "the runs were not made in turn" in shown


def test_the_answer_for_programs(run, tmp_path, capsys, monkeypatch):
    # Would catch: an answer that lacks what the table says, or the table in its midst.
    monkeypatch.setattr("sys.__stdout__", io := StringIO())
    assert run(build_folder(tmp_path / "head", prefix_mean=1.1e-6), "--json") == Exit.WRONG_RESULT
    told = json.loads(io.getvalue())
    assert (told["exit_code"], told["headline"]) == (2, "regression: 1 of 2 benchmarks slower by 5% or more")
    first, second = told["benchmarks"]
    assert (first["name"], first["verdict"], first["regressed"]) == (MEAN, "slower", True)
    assert first["estimate"] == pytest.approx(1.1)
    assert (second["name"], second["verdict"]) == (SUM, "same")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"environment": {"cpu": "Another CPU"}}, "machine of"),
        ({"flags": ("--cold",)}, "flags of the binaries"),
        ({"mode": "full"}, "mode of"),
    ],
)
def test_runs_that_do_not_fit_are_refused(tmp_path, changes, words):
    base, head = fake_run_folder(tmp_path / "a", 1), fake_run_folder(tmp_path / "b", 1, **changes)
    with pytest.raises(Stop, match=words) as stop:
        compare.main(CompareOptions.parse([str(base), str(head), "--out", str(tmp_path / "out")]))
    assert stop.value.code == Exit.NOT_COMPARABLE
    assert not (tmp_path / "out").exists()


def test_what_can_be_refused_is_refused_before_a_build(base, tmp_path, monkeypatch):
    # Would catch: minutes of building the first side before anybody looks at the second, at --out or at a calibration.
    if not shutil.which("git"):
        pytest.skip("git is missing")
    repository = tmp_path / "repository"
    small_repository(repository)
    monkeypatch.setattr(side, "ROOT", repository)
    monkeypatch.setattr(commands, "ROOT", repository)
    monkeypatch.setattr(side, "build_source", lambda *_: pytest.fail("it is built"))
    monkeypatch.setattr(compare, "build", lambda *_: pytest.fail("it is built"))
    foreign = tmp_path / "foreign"
    foreign.write_text("#!/bin/sh")
    foreign.chmod(0o755)
    damaged = tmp_path / "damaged.json"
    damaged.write_text("{")
    out = ["--out", str(tmp_path / "out")]
    for words, message, code in (
        (["HEAD", "nosuchref", *out], "'nosuchref' neither exists nor is a ref", Exit.TOOL_FAILED),
        (["nosuchref", "HEAD", *out], "'nosuchref' neither exists nor is a ref", Exit.TOOL_FAILED),
        (["HEAD", str(foreign), *out], "only one of HEAD and .* is a program of this suite", Exit.NOT_COMPARABLE),
        (["HEAD", "HEAD", "--calibration", str(damaged), *out], "damaged.json is damaged", Exit.TOOL_FAILED),
        (["HEAD", "HEAD", "--select", "(", *out], "is no regular expression", Exit.TOOL_FAILED),
        (["HEAD", "HEAD", "--out", str(base)], "is not empty: name a new folder$", Exit.TOOL_FAILED),
    ):
        with pytest.raises(Stop, match=message) as stop:
            compare.main(CompareOptions.parse(words))
        assert stop.value.code == code
    assert not (tmp_path / "out").exists()


def test_a_ref_that_is_none_is_refused_without_the_environment():
    # Would catch: modules of numbers loaded, or installed, to find out that a name is mistyped.
    words = "import sys; from trilbench.commands import CompareOptions\n"
    words += "try: CompareOptions.parse(['HEAD', 'no-such-ref'])\nfinally: "
    words += "print([name for name in ('numpy', 'scipy', 'rich') if name in sys.modules])"
    scripts = str(side.ROOT / "scripts")
    done = subprocess.run([sys.executable, "-c", words], env={"PYTHONPATH": scripts, "PATH": os.environ["PATH"]},
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert "no-such-ref" in done.stderr
    assert done.stdout == "[]\n"


def test_a_full_folder_is_told_what_goes_on_with_it(base, run, tmp_path):
    # Would catch: --resume advised for a comparison, or for a folder that is no run.
    assert run(base) == Exit.FINE
    with pytest.raises(Stop, match=r"is not empty: name a new folder, or judge again what is there: scripts/compare "):
        run(base)


def test_a_run_and_a_build_do_not_go_together(base, tmp_path):
    with pytest.raises(Stop, match="compare two runs, or two builds"):
        compare.main(CompareOptions.parse([str(fake_run_folder(tmp_path / "a", 1)), str(base)]))


def test_a_ref_is_built_in_a_worktree_that_is_gone_afterwards(tmp_path, monkeypatch):
    # Would catch: a checkout left behind, the working tree built in place of the commit, a build done twice, or taken
    # again that other flags made, sources that another process deletes.
    repository = tmp_path / "repository"
    commit = small_repository(repository)
    monkeypatch.setattr(side, "ROOT", repository)
    monkeypatch.setattr(commands, "ROOT", repository)
    monkeypatch.setattr(side, "CACHE", tmp_path / "cache")
    built = []

    def build_source(source, folder, *_):
        built.append((source / "file").read_text())
        with (tmp_path / "cache" / f"{commit[:12]}.lock").open() as other:
            assert not tools.lock(other)
        shutil.copytree(build_folder(tmp_path / f"build{len(built)}"), folder, dirs_exist_ok=True)
        (folder / build.GIVEN).write_text(json.dumps(build.given_now()))
        return folder

    monkeypatch.setattr(side, "build_source", build_source)
    (repository / "file").write_text("changed since")
    named = side.find("HEAD", "release", install=False)
    assert not built
    found = named()
    assert (found.what, built) == (f"commit {commit[:12]}: Add a file", ["committed"])
    side.find(commit, "release", install=False)()
    assert len(built) == 1
    for flags in ("-O1", "-O1", "-O2"):
        monkeypatch.setenv("CXXFLAGS", flags)
        side.find(commit, "release", install=False)()
    assert len(built) == 3
    assert not [folder for folder in (tmp_path / "cache").iterdir() if folder.name.endswith("-source")]


@pytest.mark.parametrize("name", ["no-such-ref", "--upload-pack=x", "./tests"])
def test_a_side_that_is_nothing_is_refused(name):
    with pytest.raises(Stop, match="a side is a git ref, a source folder"):
        side.find(name, "release", install=False)


@pytest.mark.parametrize(
    ("words", "message"), [(["", "."], "an empty text names no side"), (["--select", "(", ".", "."], "no regular expr")]
)
def test_what_a_shell_can_get_wrong_is_told(words, message):
    # Would catch: an unset variable taken for the current folder, which is the same as itself.
    with pytest.raises(Stop, match=message):
        CompareOptions.parse(words)


def test_an_operation_that_head_lost_is_a_regression(base, tmp_path, capsys, monkeypatch):
    # Would catch: a program that is no longer built, which nobody misses.
    both = side.Side("base", "base", tuple(Program(base / "bench" / name, name) for name in ("causal_mean", "machine")))
    one, other = (side.Side("one", "one", (program,)) for program in both.programs)
    assert pairs.pair_up(one, other, "", (), tmp_path)[1] == ()  # single programs are compared whatever they are called
    two = side.Side("head", "head", (both.programs[1], Program(base / "bench" / "other", "other")))
    for select in ("", "prefix_mean/avx2"):  # a benchmark's name counts
        assert pairs.pair_up(both, two, select, (), tmp_path)[1] == ("causal_mean",)
    with pytest.raises(Stop, match="no benchmark whose name matches 'softmax'"):
        pairs.pair_up(both, two, "softmax", (), tmp_path)


def test_a_head_that_lost_the_only_operation_of_the_flags_is_a_regression(base, tmp_path, capsys, monkeypatch):
    # Would catch: "no program in common", which has a code of its own, because the flags choose none of the others.
    head, limits = build_folder(tmp_path / "head"), build_folder(tmp_path / "limits")
    monkeypatch.setattr(compare, "build", lambda *_: limits)
    sides = {"base": (base, ("causal_mean", "causal_attention")), "head": (head, ("causal_mean", "tril_matmul"))}
    for folder, names in sides.values():
        (folder / "bench" / "machine").unlink()
        for name in names:
            program(folder / "bench", name)
        _refuse_only(folder / "bench" / "causal_mean")
    two = [side.Side(name, name, _programs(folder, *names)) for name, (folder, names) in sides.items()]
    flags = ("--only=flash",)
    assert pairs.pair_up(*two, "", flags, tmp_path) == ((), ("causal_attention",))
    with pytest.raises(Stop, match="no benchmark whose name matches 'softmax'") as stop:
        pairs.pair_up(*two, "softmax", flags, tmp_path)
    assert stop.value.code == Exit.NOTHING_MATCHED
    words = [str(base), str(head), "--out", str(tmp_path / "out"), "--calibration", str(tmp_path / "none.json")]
    assert compare.main(CompareOptions.parse([*words, "--only=flash"])) == Exit.WRONG_RESULT
    assert "FAILED causal_attention: head has no such program" in capsys.readouterr().out


@pytest.mark.parametrize("flags", [(), ("--isa=avx2",)])
def test_a_lost_program_that_does_not_start_ends_no_comparison(base, tmp_path, capsys, flags):
    # Would catch: nothing compared because of a program that only base has and that is broken there.
    (base / "bench" / "broken").write_text("#!/bin/sh\nexit 1\n")
    (base / "bench" / "broken").chmod(0o755)
    two = [
        side.Side("base", "base", _programs(base, "causal_mean", "broken")),
        side.Side("head", "head", _programs(base, "causal_mean", "machine")),
    ]
    (pair,), gone = pairs.pair_up(*two, "", flags, tmp_path)
    assert (len(pair.benchmarks), gone) == (2, ())
    assert "left out: broken: " in capsys.readouterr().err


def _programs(folder, *names):
    return tuple(Program(folder / "bench" / name, name) for name in names)


def _refuse_only(path):
    """Lets the stand-in refuse --only, as a program does that has none of the implementations."""
    start, _, rest = path.read_text().partition("\n")
    path.write_text(f'{start}\ncase "$*" in *--only=*) echo "has no such" >&2; exit 1;; esac\n{rest}')


@pytest.mark.parametrize("words", [[], ["--select=prefix_mean/avx2"], ["--operations=causal_mean"]])
def test_a_head_without_what_was_asked_for_is_a_regression(run, tmp_path, capsys, words):
    # Would catch: exit code 0 or 5 where a missing benchmark is 2, because nothing else was to be compared.
    head = build_folder(tmp_path / "head")
    (head / "bench" / "causal_mean").unlink()
    assert run(head, *words) == Exit.WRONG_RESULT
    assert "FAILED causal_mean: head has no such program" in capsys.readouterr().out


@pytest.mark.parametrize("lacking", ["a", "b"])
def test_runs_that_are_not_complete_are_refused_on_either_side(tmp_path, lacking):
    # Would catch: the first run's own cells that nobody looks at.
    cells = fake_run.manifest().cells
    waiting = {"cells": (*cells, CellRecord("causal_mean", "9x9x9", 1))}
    sides = [str(fake_run_folder(tmp_path / name, 1, **(waiting if name == lacking else {}))) for name in "ab"]
    with pytest.raises(Stop, match=rf"{lacking} is not complete, 1 cell missing") as stop:
        compare.main(CompareOptions.parse([*sides, "--out", str(tmp_path / "out")]))
    assert stop.value.code == Exit.NOT_COMPARABLE


@pytest.mark.parametrize(("isa", "failures", "doubts"), [("peer", 0, 1), ("avx2", 1, 0)])
@pytest.mark.parametrize("there", [True, False])
def test_a_library_that_is_wrong_or_missing_in_head_is_a_doubt(tmp_path, isa, failures, doubts, there):
    # Would catch: another project's failure taken for a regression of ours.
    ours, theirs = fake_run.MEAN, fake_run.row(f"other/{isa}", 1e-6)
    rows = [[ours, theirs], [ours, fake_run.failed(f"other/{isa}")] if there else [ours]]
    base, head = (
        runs.Run(tmp_path / str(i), fake_run.manifest(peers=True), {row.name.text: row for row in of})
        for i, of in enumerate(rows)
    )
    found = runs.match([base], [head])
    assert (len(found.failures), sum("other/" in doubt for doubt in found.doubts)) == (failures, doubts)


def test_what_a_run_of_head_skips_cannot_be_told(tmp_path):
    # Would catch: a head so slow that scripts/bench leaves the benchmark out and that passes so; a result that is wrong
    # in one run, and another run that skips it.
    def run(name, *rows, **changes):
        return runs.Run(tmp_path / name, fake_run.manifest(**changes), {row.name.text: row for row in rows})

    mean, slow = fake_run.MEAN, fake_run.row("tril_gemm/avx2", 1e-6)
    skips = {"skipped": (NamedReason(slow.name.text, "a call would take 3 s"),)}
    base, head = run("base", mean, slow), run("head", mean, **skips)
    found = runs.match([base] * 2, [run("other", mean, slow), head])
    assert ([row.name for row in found.benchmarks], found.failures) == ([mean.name.text], ())
    ((name, reason),) = ((each.name, each.reason) for each in found.unseen)
    assert name == slow.name.text and reason.endswith("head skipped it: a call would take 3 s")
    found = runs.match([base] * 2, [run("other", mean, fake_run.failed("tril_gemm/avx2")), head])
    assert (len(found.failures), found.unseen) == (1, ())


@pytest.mark.parametrize(("machine", "same"), [("x86_64", True), ("aarch64", None)])
def test_the_same_code_is_known_on_x86_64_alone(monkeypatch, machine, same):
    # Would catch: slower code that is reached by address, which the disassembly of another machine does not show, and
    # so passes for the same.
    said = {
        "--symbols": "   1: 0000000000001000     1 FUNC    GLOBAL DEFAULT    1 f\n",
        "--relocs": "",
        "--disassemble": "    1000:\tret\n",
    }
    monkeypatch.setattr(machine_code, "_run", lambda *words: next(text for flag, text in said.items() if flag in words))
    monkeypatch.setattr(machine_code.platform, "machine", lambda: machine)
    assert machine_code.same_code(Path("base"), Path("head"), ["a"], lambda _: "f") == {"a": same}


def test_runs_with_nothing_to_compare_are_refused(tmp_path):
    # Would catch: exit code 0 for no benchmark at all.
    broken, fine = fake_run_folder(tmp_path / "a", 0.0), fake_run_folder(tmp_path / "b", 1)
    words = [str(broken), str(fine), "--select", "prefix_mean", "--out", str(tmp_path / "out")]
    with pytest.raises(Stop, match="no benchmark with a time in common") as stop:
        compare.main(CompareOptions.parse(words))
    assert stop.value.code == Exit.NOT_COMPARABLE


def test_runs_are_judged_by_what_is_known_of_their_own_machine(tmp_path):
    # Would catch: another machine's calibration, and its name in the result.
    run = fake_run_folder(tmp_path / "a", 1)
    compare.main(CompareOptions.parse([str(run), str(run), "--out", str(tmp_path / "out")]))
    assert read_comparison(tmp_path / "out" / "compare.json").environment["cpu"] == "A CPU"


def fake_run_folder(folder, factor, **changes):
    """A run of ten repetitions of two rows, the first slower by the factor."""
    rows = [{"name": f"{MEAN}/real_time", "real_time": 1e-6 * factor}, {"name": f"{SUM}/real_time", "real_time": 2e-6}]
    repetitions = [
        row
        | {"run_type": "iteration", "iterations": 9, "time_unit": "s", "real_time": row["real_time"] * (1 + i / 500)}
        for row in rows
        for i in range(10)
    ]
    manifest = fake_run.manifest(**changes)
    file = folder / manifest.cells[0].file
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"context": {}, "benchmarks": repetitions}))
    write_manifest(folder, manifest)
    return folder
