"""scripts/history: runs in, answers out."""

import json

import fake_history
import fake_run
import pytest
from fake_history import NAME, PROGRAM, VARIANT, commit, kept, manifest, noisy, write_folder
from fake_run import read_csv
from msgspec import to_builtins
from trilbench.again import command as again
from trilbench.commands import HistoryOptions, PlotOptions
from trilbench.history import command
from trilbench.history.figure import pick
from trilbench.history.store import Baseline, History, machine_keys, read_history, write_run
from trilbench.history.text import headline
from trilbench.history.verdict import Rule, judge, overall
from trilbench.machine.key import machine_of
from trilbench.results.run import CellRecord, NamedReason, Status
from trilbench.stop import Exit, Stop

MACHINE = machine_of(fake_history.ENVIRONMENT)
STEP = [1e-6] * 12 + [1.2e-6] * 8  # commit 12 made it slower


@pytest.fixture
def call(tmp_path, capsys):
    """Calls scripts/history on a folder of the test's own: the exit code, and what was printed."""

    def called(*words):
        code = command.main(HistoryOptions.parse([words[0], f"--history={tmp_path / 'history'}", *map(str, words[1:])]))
        return code, capsys.readouterr().out

    return called


def fill(folder, seconds, **of_every):
    for number, time in enumerate(seconds):
        write_run(folder / "history", MACHINE, kept(number, time, **of_every))


# add


def test_a_run_is_added_once(tmp_path, call):
    run = write_folder(tmp_path / "run", [fake_run.row(VARIANT, 1e-6, least=1e-6)], manifest(0))
    code, out = call("add", run)
    (file,) = tmp_path.glob("history/*/2026*.json")
    assert code == Exit.FINE and out.startswith("added") and "(1 benchmark)" in out
    before = file.read_bytes()
    code, out = call("add", run)
    assert code == Exit.FINE and "is there already" in out
    assert file.read_bytes() == before and len([*tmp_path.glob("history/*/2026*.json")]) == 1
    assert json.loads(before)["rows"] == {NAME: {"median": 1e-06, "p10": 9.84e-07, "p90": 1.008e-06, "of_limit": 1.0}}


def test_a_resumed_run_is_brought_up_to_date_and_another_one_is_refused(tmp_path, call):
    row = fake_run.row(VARIANT, 1e-6)
    call("add", write_folder(tmp_path / "stopped", [row], manifest(0, finished="")))
    more = fake_run.row("tril_gemm/avx2", 2e-6, "8x8x8")
    _, out = call("add", write_folder(tmp_path / "resumed", [row, more], manifest(0)))
    assert out.startswith("brought up to date") and "(2 benchmarks)" in out
    other = write_folder(tmp_path / "other", [fake_run.row(VARIANT, 5e-6), more], manifest(0))
    with pytest.raises(Stop, match="holds another run of the same second and commit"):
        call("add", other)
    assert read_history(tmp_path / "history", MACHINE.key).runs[0].rows[NAME].median == 1e-6


def test_nothing_is_added_if_one_name_is_wrong(tmp_path, call):
    run = write_folder(tmp_path / "run", [fake_run.MEAN], manifest(0))
    (tmp_path / "nothing").mkdir()
    with pytest.raises(Stop, match="not a run of scripts/bench"):
        call("add", run, tmp_path / "nothing")
    assert not (tmp_path / "history").exists()


def test_what_cannot_be_kept_is_refused(tmp_path, call):
    nowhere = write_folder(tmp_path / "nowhere", [fake_run.MEAN], manifest(0, environment={"cpu": "unknown"}))
    with pytest.raises(Stop, match="does not say on which CPU") as stop:
        call("add", nowhere)
    assert stop.value.code == Exit.NOT_COMPARABLE
    with pytest.raises(Stop, match="nothing was measured") as stop:
        call("add", write_folder(tmp_path / "empty", [], manifest(0)))
    assert stop.value.code == Exit.NOTHING_MATCHED


def test_machines_have_folders_of_their_own(tmp_path, call):
    for name, cpu in (("a", "Some CPU"), ("b", "Other CPU")):
        call("add", write_folder(tmp_path / name, [fake_run.MEAN], manifest(0, environment={"cpu": cpu})))
    keys = machine_keys(tmp_path / "history")
    assert [key.partition("-")[0] for key in keys] == ["other", "some"]
    _, out = call("list")
    assert all(key in out for key in keys) and "Some CPU, 2 cores" in out
    _, out = call("list", "--machine=some")
    assert keys[1] in out and keys[0] not in out
    with pytest.raises(Stop, match="no machine begins with 'x'; there is: other"):
        call("list", "--machine=x")


# list and promote


def test_list_marks_what_is_to_be_known(tmp_path, call):
    fill(tmp_path, [1e-6, 1.5e-6])
    write_run(tmp_path / "history", MACHINE, kept(2, finished="", state_before={"busy_cores": 2.0}))
    call("promote", commit(0)[:7])
    lines = call("list")[1].splitlines()
    of_run = {number: next(line for line in lines if commit(number)[:9] in line) for number in range(3)}
    assert of_run[0].endswith("+0.0%  baseline")
    assert "+50.0%" in of_run[1]
    assert "unfinished; disturbed: other programs kept 2.0 cores busy before it" in of_run[2]


def test_a_commit_is_promoted_with_all_its_runs_and_a_run_alone(tmp_path, call):
    fill(tmp_path, [1e-6] * 3)
    again = kept(5, environment={"git_commit": commit(1)})
    write_run(tmp_path / "history", MACHINE, again)
    changed = kept(6, environment={"git_commit": commit(1), "git_dirty": True})
    write_run(tmp_path / "history", MACHINE, changed)

    def baseline():
        return read_history(tmp_path / "history", MACHINE.key).baseline_places

    call("promote", commit(1)[:8])
    assert baseline() == (1, 3)
    call("promote", again.name)
    assert baseline() == (3,)
    with pytest.raises(Stop, match="no run or commit begins with 'nothing'") as stop:
        call("promote", "nothing")
    assert stop.value.code == Exit.NOTHING_MATCHED
    with pytest.raises(Stop, match="runs of several commits"):
        call("promote", "2026")
    assert baseline() == (3,)
    call("promote", changed.name)
    assert baseline() == (4,)


# changes


def test_a_change_is_told_with_commits_size_and_interval(tmp_path, call):
    fill(tmp_path, noisy(STEP))
    code, out = call("changes")
    assert code == Exit.FINE  # without a baseline it only tells
    assert f"{commit(11)[:7]} (2026-01-12) -> {commit(12)[:7]} (2026-01-13)" in out
    (line,) = (line for line in out.splitlines() if NAME.split("/f32")[0] in line)
    assert line.split()[0].startswith(("+19.", "+20.", "+21.")) and "[+1" in line and "1.00 us -> 1." in line
    assert "1 change; no baseline to judge by" in out


@pytest.mark.parametrize(
    ("baseline", "margin", "code"), [(3, "5%", 2), (11, "5%", 2), (3, "30%", 0), (12, "5%", 0), (19, "5%", 0)]
)
def test_what_is_slower_than_the_baseline_is_an_error(tmp_path, call, baseline, margin, code):
    # Would catch: a gate that compares with the run before, and so forgets every regression after a day.
    fill(tmp_path, noisy(STEP))
    call("promote", commit(baseline))
    found, out = call("changes", f"--margin={margin}")
    assert found == code
    assert ("regression: 1 of 1 benchmark" if code == 2 else "no regression of 1 benchmark") in out


def test_what_became_faster_or_slower_and_fast_again_is_no_error(tmp_path, call):
    fill(tmp_path, noisy([1e-6] * 8 + [1.2e-6] * 8 + [0.9e-6] * 8))
    call("promote", commit(0))
    assert call("changes")[0] == Exit.FINE


def test_too_few_runs_and_no_match_have_their_codes(tmp_path, call):
    fill(tmp_path, noisy([1e-6] * 9))
    code, out = call("changes")
    assert code == Exit.TOO_NOISY and "cannot tell: a change takes 5 runs before it" in out
    assert call("changes", "--select=nothing")[0] == Exit.NOTHING_MATCHED
    with pytest.raises(Stop, match="there is no history in") as stop:
        command.main(HistoryOptions.parse(["changes", f"--history={tmp_path / 'nowhere'}"]))
    assert stop.value.code == Exit.NOTHING_MATCHED


def test_disturbed_runs_do_not_count_unless_asked_for(tmp_path, call):
    for number, time in enumerate(noisy(STEP)):
        busy = {"busy_cores": 1.0 if number >= 12 else 0.0}
        write_run(tmp_path / "history", MACHINE, kept(number, time, state_after=busy))
    _, out = call("changes")
    assert "0 changes" in out and "8 runs disturbed" in out
    assert "1 change;" in call("changes", "--disturbed")[1]


# What the code did not do.


def verdict_of(runs, baseline=(0,), rule=None):
    found = History("key", MACHINE, tuple(runs), Baseline(tuple(runs[i].name for i in baseline), ""))
    return judge(found, rule or Rule())


def test_the_same_program_on_both_sides_is_not_to_blame():
    # Would catch: a host that became slower taken for a commit that did.
    runs = [kept(i, time, binary="one" if i >= 8 else f"{i}") for i, time in enumerate(noisy(STEP))]
    verdict = verdict_of(runs)
    (change,) = verdict.judged[0].changes
    assert change.advisory.startswith("the same program") and verdict.code == Exit.FINE
    assert verdict.judged[0].since_baseline == pytest.approx(1.2, abs=0.03)


@pytest.mark.parametrize(
    ("astray", "excused"), [(-4, True), (-3, False), (-1, False), (0, False), (1, False), (3, False), (4, True)]
)
def test_a_change_that_is_found_beside_its_commit_is_not_excused(astray, excused):
    # Would catch: odd runs that move the place of a change off its commit, to where both sides ran the same program.
    times = enumerate(noisy(STEP))
    verdict = verdict_of([kept(i, time, binary="new" if i >= 12 + astray else "old") for i, time in times])
    (change,) = verdict.judged[0].changes
    assert change.new.first == 12 and bool(change.advisory) == excused
    assert verdict.code == (Exit.FINE if excused else Exit.WRONG_RESULT)


def test_a_change_that_the_machines_limit_shares_is_not_the_codes():
    def runs(moves):
        return [
            kept(i, rows=[fake_run.row(VARIANT, time, least=1e-6 * (1.2 if moves and i >= 12 else 1))])
            for i, time in enumerate(noisy(STEP))
        ]

    moved, stayed = verdict_of(runs(True)), verdict_of(runs(False))
    assert moved.judged[0].changes[0].advisory == "the machine's limit moved with it"
    # Would also catch: a pass where one tree's kernel and probe both became slower.
    assert (moved.code, stayed.code) == (Exit.TOO_NOISY, Exit.WRONG_RESULT)
    assert "the machine's limit with it" in moved.open[0].reason and not stayed.open


def test_a_limit_that_moved_is_not_passed_over_for_another_machine():
    # Would catch: exit code 0 because another machine is fine; a fresh machine's few runs that hide another's answer.
    moved = [
        kept(i, rows=[fake_run.row(VARIANT, time, least=1e-6 * (1.2 if i >= 12 else 1))])
        for i, time in enumerate(noisy(STEP))
    ]
    fine = verdict_of([kept(i, time) for i, time in enumerate(noisy([1e-6] * 12))])
    few = verdict_of([kept(0)])
    assert [each.code for each in (fine, few)] == [Exit.FINE, Exit.TOO_NOISY]
    assert overall([fine, verdict_of(moved)]) == Exit.TOO_NOISY
    assert overall([fine, few]) == Exit.FINE and overall([few]) == Exit.TOO_NOISY


def test_a_limit_that_moved_and_came_back_is_no_question():
    least = [1e-6] * 8 + [1.3e-6] * 8 + [1e-6] * 8
    runs = [kept(i, rows=[fake_run.row(VARIANT, 1.1 * each, least=each)]) for i, each in enumerate(noisy(least))]
    assert verdict_of(runs).code == Exit.FINE


# What cannot be judged.


@pytest.mark.parametrize(("counts", "code"), [(0, Exit.TOO_NOISY), (1, Exit.FINE)])
def test_runs_that_do_not_count_are_no_pass(counts, code):
    # Would catch: a baseline held against itself, because every run since it was disturbed; a run that counts and is
    # not enough for it.
    busy = {"busy_cores": 1.0}
    runs = [kept(i, time) for i, time in enumerate(noisy([1e-6] * (12 + counts)))]
    runs += [kept(12 + counts + i, 1.5e-6, state_after=busy) for i in range(12)]
    verdict = verdict_of(runs, baseline=(11,))
    assert verdict.code == code and len(verdict.open) == (counts == 0)
    assert [each.since_baseline for each in verdict.judged] == [1.0 if counts else None]
    assert verdict_of(runs[:12], baseline=(11,)).code == Exit.FINE  # nothing follows the baseline
    assert verdict_of(runs, (11,), Rule(disturbed_too=True)).code == Exit.WRONG_RESULT


@pytest.mark.parametrize(("counts", "code"), [(9, Exit.TOO_NOISY), (10, Exit.FINE)])
def test_a_benchmark_of_few_runs_is_no_pass(counts, code):
    # Would catch: "no regression of 2 benchmarks" where a change of one could not be seen.
    old, new = fake_run.row(VARIANT, 1e-6), fake_run.row("tril_gemm/avx2", 1e-6)
    runs = [kept(i, rows=[old, new] if i >= 20 - counts else [old]) for i in range(20)]
    verdict = verdict_of(runs, baseline=(20 - counts,))
    assert verdict.code == code
    assert [each.since_baseline for each in verdict.judged] == [1.0, None if code else 1.0]
    expected = "cannot tell: 1 benchmark cannot be judged" if code else "no regression of 2 benchmarks"
    assert headline(verdict).startswith(expected)
    assert verdict_of(runs, baseline=(19,)).code == Exit.FINE  # nothing follows the baseline
    assert verdict_of(runs, baseline=(0,)).code == Exit.FINE  # which lacks it
    assert overall([verdict_of(runs[-9:], baseline=(0,)), verdict_of(runs, baseline=(0,))]) == Exit.FINE


def test_a_baseline_whose_runs_are_gone_is_no_pass(tmp_path, call):
    # Would catch: a gate that stands open since somebody removed a file.
    fill(tmp_path, noisy([1e-6] * 12))
    call("promote", commit(3))
    next(tmp_path.glob(f"history/*/*-{commit(3)[:9]}.json")).unlink()
    code, out = call("changes")
    assert code == Exit.NOT_COMPARABLE
    assert out.splitlines()[-1].startswith("not comparable: no run of the baseline is there any more")
    few = History("key", MACHINE, (kept(0),), Baseline(("gone",), ""))
    assert overall([judge(few, Rule()), verdict_of([kept(i) for i in range(12)])]) == Exit.NOT_COMPARABLE


def test_a_series_that_ended_never_passes_without_a_baseline_either():
    others = fake_run.row("tril_gemm/avx2", 2e-6)
    runs = [kept(i, rows=[fake_run.row(VARIANT, 1e-6), others]) for i in range(12)]
    assert (
        verdict_of([*runs, *(kept(12 + i, rows=[others]) for i in range(6))], baseline=()).code == Exit.NOT_COMPARABLE
    )


OTHER_FLAGS = PROGRAM | {"flags_avx2": " -mavx2 -O0"}


@pytest.mark.parametrize("baseline", [None, 3])
def test_a_series_whose_flags_changed_never_passes(tmp_path, call, baseline):
    # Would catch: three times slower under other flags, which is a series of its own, held against nobody.
    for number, time in enumerate(noisy([1e-6] * 12 + [3e-6] * 12)):
        program = PROGRAM if number < 12 else OTHER_FLAGS
        write_run(tmp_path / "history", MACHINE, kept(number, time, program=program))
    if baseline is not None:
        call("promote", commit(baseline))
    code, out = call("changes")
    assert code == Exit.NOT_COMPARABLE
    (line,) = (line for line in out.splitlines() if " ended with " in line)
    assert f"ended with {commit(11)[:7]} (2026-01-12): flags: -mavx2 -O3 became flags: -mavx2 -O0" in line
    assert "not comparable: 1 benchmark cannot be judged; scripts/history promote" in out
    call("promote", commit(14))
    assert call("changes")[0] == Exit.FINE  # accepted


@pytest.mark.parametrize("later", [1, 12])
def test_a_series_that_fails_is_wrong_at_once(tmp_path, call, later):
    # Would catch: rows that are absent from the newest runs because their results are wrong.
    others = fake_run.row("tril_gemm/avx2", 2e-6)
    for number, time in enumerate(noisy([1e-6] * 12)):
        write_run(tmp_path / "history", MACHINE, kept(number, rows=[fake_run.row(VARIANT, time), others]))
    for number in range(12, 12 + later):
        failing = kept(number, rows=[others], failures=(NamedReason(NAME, "error_over_bound 3"),))
        write_run(tmp_path / "history", MACHINE, failing)
    call("promote", commit(3))
    code, out = call("changes")
    assert code == Exit.WRONG_RESULT
    assert f"prefix_mean/avx2/B:4/T:8/C:2: wrong or broken in {commit(11 + later)[:7]}" in out
    assert "regression: 1 benchmark wrong or broken" in out
    write_run(tmp_path / "history", MACHINE, kept(12 + later, rows=[fake_run.row(VARIANT, 1e-6), others]))
    assert call("changes")[0] == Exit.FINE  # mended


def test_a_cell_that_breaks_is_wrong_too():
    cell = CellRecord("causal_mean", "4x8x2", 1, status=Status.BROKEN)
    rows = [fake_run.row(VARIANT, 1e-6, "8x8x8")]
    runs = [kept(i, rows=[fake_run.row(VARIANT, time), *rows]) for i, time in enumerate(noisy([1e-6] * 12))]
    assert verdict_of([*runs, kept(12, rows=rows, cells=(cell,))]).code == Exit.WRONG_RESULT


@pytest.mark.parametrize(("absent", "code"), [(4, Exit.FINE), (5, Exit.NOT_COMPARABLE)])
def test_a_series_that_no_run_has_any_more_never_passes(absent, code):
    # Would catch: a benchmark that was removed, or is skipped now, and nobody misses; an alarm for every run that
    # measures only a part.
    others = fake_run.row("tril_gemm/avx2", 2e-6)
    runs = [kept(i, rows=[fake_run.row(VARIANT, time), others]) for i, time in enumerate(noisy([1e-6] * 12))]
    runs += [kept(12 + i, rows=[others]) for i in range(absent)]
    assert verdict_of(runs).code == code
    assert verdict_of(runs, baseline=(12,)).code == Exit.FINE  # what ended before the baseline was accepted


def test_several_that_end_alike_share_a_line(tmp_path, call):
    for number in range(24):
        rows = [fake_run.row(VARIANT, 1e-6, shape) for shape in fake_run.SHAPES]
        program = PROGRAM if number < 12 else OTHER_FLAGS
        write_run(tmp_path / "history", MACHINE, kept(number, rows=rows, program=program))
    lines = [line for line in call("changes")[1].splitlines() if " ended with " in line]
    assert len(lines) == 1
    assert lines[0].strip().startswith(f"{len(fake_run.SHAPES)} benchmarks of causal_mean/prefix_mean: ended with")


def test_libraries_that_end_are_nobodys_fault():
    rows = [fake_run.row("openblas_strmm/peer", 1e-6), fake_run.row(VARIANT, 1e-6)]
    runs = [kept(i, rows=rows if i < 12 else rows[1:]) for i in range(24)]
    assert verdict_of(runs).code == Exit.FINE


def test_libraries_and_the_machine_are_told_and_raise_no_alarm():
    for variant, own in (
        ("openblas_strmm/peer", {}),
        ("copy/avx2", {"operation": "machine", "axes": "N", "shape": "8"}),
    ):
        rows = [[fake_run.row(variant, time, **own)] for time in noisy(STEP)]
        verdict = verdict_of([kept(i, rows=of_run) for i, of_run in enumerate(rows)])
        assert verdict.judged[0].changes[0].advisory and verdict.code == Exit.FINE


def test_what_else_changed_is_told_beside_a_change():
    compilers = ["GNU 12.2.0"] * 12 + ["GNU 13.1.0"] * 8
    runs = [
        kept(i, time, program=PROGRAM | {"compiler": compiler})
        for i, (time, compiler) in enumerate(zip(noisy(STEP), compilers, strict=True))
    ]
    assert verdict_of(runs).judged[0].changes[0].remarks == ("compiler: GNU 12.2.0 -> GNU 13.1.0",)


def test_a_benchmark_that_the_baseline_lacks_is_not_held_against_it():
    old, new = fake_run.row("tril_gemm/avx2", 1e-6), [fake_run.row(VARIANT, time) for time in noisy(STEP)]
    runs = [kept(0, rows=[old]), *(kept(i + 1, rows=[row]) for i, row in enumerate(new))]
    assert [each.since_baseline for each in verdict_of(runs).judged if each.enough] == [None]


# plot


def test_plot_draws_panels_and_their_data(tmp_path, call, capsys):
    fill(tmp_path, noisy(STEP))
    call("promote", commit(3))
    code, out = call("plot", "--format=svg", "--light", f"--out={tmp_path / 'out'}")
    names = [f"history-{MACHINE.key}.csv", f"history-{MACHINE.key}.svg"]
    assert code == Exit.FINE and sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert len(out.splitlines()) == 2
    lines = read_csv(tmp_path / "out" / names[0])
    assert [line["commit"] for line in lines] == [commit(i) for i in range(20)]
    assert [i for i, line in enumerate(lines) if line["change"]] == [12]
    assert [i for i, line in enumerate(lines) if line["baseline"] == "1"] == [3]
    assert float(lines[0]["level_ns"]) == pytest.approx(1000, rel=0.02)


def test_plot_says_what_it_leaves_out_and_shows_what_changed_first(tmp_path, call, capsys):
    rows = [
        [
            fake_run.row(f"{variant}/avx2", time if (variant, shape) == ("c", "1x4096x384") else 1e-6, shape)
            for variant in "abcdefg"
            for shape in fake_run.SHAPES
        ]
        for time in noisy(STEP)
    ]
    runs = [kept(i, rows=of_run) for i, of_run in enumerate(rows)]
    chosen = [each.series.name for each in pick(verdict_of(runs).judged, 12)]
    assert len(chosen) == 12 and ("c", "1x4096x384") in [(name.implementation, name.shape) for name in chosen]
    assert {name.implementation for name in chosen} == set("abcdefg")
    for run in runs:
        write_run(tmp_path / "history", MACHINE, run)
    command.main(HistoryOptions.parse(["plot", f"--history={tmp_path / 'history'}", "--format=png", "--dark"]))
    assert "23 more benchmarks not shown: choose with --select" in capsys.readouterr().err
    assert len([*tmp_path.glob("history/*/figures/*-dark.png")]) == 1
    assert len(read_history(tmp_path / "history", MACHINE.key).runs) == 20  # figures beside them do no harm


def test_plot_stands_hostile_names_and_short_histories(tmp_path, call):
    row = fake_run.row("<script>$\\frac{/avx2", 1e-6)
    write_run(tmp_path / "history", MACHINE, kept(0, rows=[row], program=PROGRAM | {"compiler": "[red]$x$"}))
    assert call("plot", "--format=svg")[0] == Exit.FINE
    assert call("list")[0] == Exit.FINE and call("changes")[0] == Exit.TOO_NOISY
    with pytest.raises(Stop, match="nothing to draw") as stop:
        call("plot", "--select=none")
    assert stop.value.code == Exit.NOTHING_MATCHED


def test_the_figure_of_a_run_may_be_its_history(tmp_path, capsys):
    run = write_folder(tmp_path / "run", [fake_run.row(VARIANT, 1e-6, least=1e-6)], manifest(0))
    words = ["--figure=history", f"--history={tmp_path / 'history'}", "--format=svg", "--light", str(run)]
    with pytest.raises(Stop, match="nothing to draw"):
        again.main(PlotOptions.parse(words))
    assert "no figure history: " in capsys.readouterr().err
    fill(tmp_path, [1e-6] * 3)
    assert again.main(PlotOptions.parse(words)) == Exit.FINE
    name = f"history-{MACHINE.key}"
    assert sorted(path.name for path in (run / "figures").iterdir()) == [f"{name}.csv", f"{name}.svg"]


# Renames.


def rename(folder, **renames):
    text = json.dumps(
        {"format": 1, "renames": {f"causal_mean/{old}": f"causal_mean/{new}" for old, new in renames.items()}}
    )
    (folder / "history" / "renames.json").write_text(text)


def test_a_renamed_benchmark_keeps_its_series(tmp_path, call):
    # Would catch: a regression that a rename hides, since the series ends and another begins.
    names = ["old_mean"] * 8 + ["middle_mean"] * 4 + ["prefix_mean"] * 8
    for number, (time, name) in enumerate(zip(noisy(STEP), names, strict=True)):
        write_run(tmp_path / "history", MACHINE, kept(number, rows=[fake_run.row(f"{name}/avx2", time)]))
    call("promote", commit(3))
    assert call("changes")[0] == Exit.NOT_COMPARABLE  # it ended
    rename(tmp_path, old_mean="middle_mean", middle_mean="prefix_mean", prefix="nothing")
    code, out = call("changes")
    assert code == Exit.WRONG_RESULT and "1 series of benchmarks" in out
    assert "regression: 1 of 1 benchmark since the baseline" in out


def test_two_benchmarks_are_no_rename_of_each_other(tmp_path, call):
    # Would catch: one benchmark's times lost under the other's name, a circle that never ends.
    both = [fake_run.row("old_mean/avx2", 2e-6), fake_run.row(VARIANT, 1e-6)]
    failing = kept(1, rows=both[1:], failures=(NamedReason(NAME.replace("prefix", "old"), "wrong"),))
    for run in (kept(0, rows=both), failing):
        write_run(tmp_path / "history", MACHINE, run)
    rename(tmp_path, old_mean="prefix_mean", prefix_mean="old_mean")
    read_history(tmp_path / "history", MACHINE.key)
    rename(tmp_path, old_mean="prefix_mean")
    first, second = read_history(tmp_path / "history", MACHINE.key).runs
    assert sorted(row.median for row in first.rows.values()) == [1e-6, 2e-6]
    assert second.failures == (NAME,)


@pytest.mark.parametrize(
    "text", ["{", '{"format": 1, "renames": {"a": 3}}', '{"format": 1, "renames": {"causal_mean": ""}}']
)
def test_renames_that_cannot_be_read_are_named(tmp_path, text):
    fill(tmp_path, [1e-6])
    (tmp_path / "history" / "renames.json").write_text(text)
    with pytest.raises(Stop, match=r"renames\.json"):
        read_history(tmp_path / "history", MACHINE.key)


# For programs.


def test_programs_read_the_answers(tmp_path, capfd):
    fill(tmp_path, noisy(STEP))
    for action, key in (("list", "runs"), ("changes", "changes")):
        command.main(HistoryOptions.parse([action, f"--history={tmp_path / 'history'}", "--json"]))
        text = capfd.readouterr().out
        (machine,) = json.loads(text[text.index('{\n "exit_code"') :])["machines"]
        assert len(machine[key]) == {"runs": 20, "changes": 1}[key]
    (change,) = machine["changes"]
    assert change["benchmark"] == NAME and change["after"].endswith(commit(12)[:9])


# The command line.


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "required: ACTION"),
        (["destroy"], "invalid choice: 'destroy'"),
        (["add"], "required: RUN"),
        (["promote"], "required: RUN_OR_COMMIT"),
        (["changes", "--select=("], "is no regular expression"),
        (["changes", "--margin=5"], "not a share"),
        (["plot", "--format=pdf"], "there is no format 'pdf'"),
        (["list", "--margin=5%"], "unrecognized arguments"),
    ],
)
def test_wrong_use_is_one_line(words, message):
    with pytest.raises(Stop, match=message) as stop:
        HistoryOptions.parse(words)
    assert stop.value.code == Exit.TOOL_FAILED and "\n" not in str(stop.value)


def test_a_broken_cell_is_no_obstacle(tmp_path, call):
    made = manifest(0)
    folder = write_folder(tmp_path / "run", [fake_run.row(VARIANT, 1e-6)], made)
    document = json.loads((folder / "manifest.json").read_text())
    broken = to_builtins(CellRecord("causal_mean", "9x9x9", 1)) | {"status": "failed", "message": "crashed"}
    document["cells"].append(broken)
    (folder / "manifest.json").write_text(json.dumps(document))
    assert call("add", folder)[0] == Exit.FINE
    assert "1 failure: causal_mean 9x9x9 on 1 threads" in call("list")[1]
