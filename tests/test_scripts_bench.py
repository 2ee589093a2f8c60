"""scripts/bench against a stand-in for the benchmark binary: what is kept, what is told, how it ends."""

import csv
import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import fake_run
import pytest
from msgspec.structs import replace
from trilbench import files
from trilbench import main as entry
from trilbench.bench import command as bench
from trilbench.bench import plan as planning
from trilbench.bench.plan import Mode, Plan
from trilbench.commands import BenchOptions
from trilbench.machine import moment
from trilbench.report import publish as report
from trilbench.results.run import Status
from trilbench.setup import tools
from trilbench.setup.binary import Program, ask_machine
from trilbench.setup.peers import Library
from trilbench.stop import Exit, Stop

SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch):
    monkeypatch.setattr(moment, "state", lambda: {"busy_cores": 0.0})
    monkeypatch.setattr(moment, "ticks", lambda: None)


@pytest.fixture(autouse=True)
def no_figures(monkeypatch):
    """They take seconds, and have tests of their own."""
    monkeypatch.setattr(report, "draw", lambda *_: ())


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "run"


def own(fake_binary):
    return [Program(fake_binary.path, "causal_mean")]


def start(folder, fake_binary, *arguments, programs=None):
    files.claim(folder)
    return bench.new_run(folder, programs or own(fake_binary), BenchOptions.parse(list(arguments)))


def resume(folder, fake_binary, programs=None):
    return bench.resume_run(folder, bench.read_manifest(folder), programs or own(fake_binary), BenchOptions.parse([]))


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def statuses(folder):
    return [cell["status"] for cell in manifest(folder)["cells"]]


def test_a_run_leaves_raw_results_a_manifest_and_a_summary(folder, fake_binary, capsys):
    # Would catch: a cell not run, aggregates taken for measurements (their error is 99), skipped rows forgotten.
    assert start(folder, fake_binary) == Exit.FINE
    assert fake_binary.calls() == ["4x8x2", "8x16x4"]
    assert sorted(file.name for file in (folder / "raw" / "causal_mean").iterdir()) == [
        "4x8x2-omp1.json",
        "8x16x4-omp1.json",
    ]
    with (folder / "summary.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 6
    assert rows[0]["name"] == "causal_mean/scalar_loop/scalar/f32/B:4/T:8/C:2/omp:1"
    assert [rows[0][key] for key in ("B", "T", "C", "omp", "repetitions")] == ["4", "8", "2", "1", "3"]
    assert float(rows[0]["time_median"]) == pytest.approx(4e-6)
    assert {row["error_over_bound"] for row in rows} == {"0.25"}
    written = manifest(folder)
    assert written["finished"]
    assert {row["reason"] for row in written["skipped"]} == {"no NEON"}
    shown = capsys.readouterr().out
    assert "prefix_mean/avx2" in shown
    assert "4.00x" in shown  # over scalar_loop/scalar
    assert "no NEON" in shown
    assert str(folder) in shown


def test_what_the_program_knows_of_the_machine_counts(folder, fake_binary):
    # Would catch: cores that a quota or OpenMP's own settings leave us, asked of a script that does not know them.
    start(folder, fake_binary)
    known = manifest(folder)["environment"]
    assert (known["cores_allowed"], known["cores_quota"]) == (3, 1.5)
    assert "emulated" not in known and known["page_size"] > 0  # what it does not tell


def test_a_program_too_old_to_be_asked_of_the_machine_tells_nothing(tmp_path):
    old = tmp_path / "old"
    old.write_text("#!/bin/sh\necho 'causal_mean: unknown flag' >&2\nexit 1\n")
    assert not ask_machine(Program(old, "causal_mean"))
    old.chmod(0o755)
    assert not ask_machine(Program(old, "causal_mean"))


def test_a_nan_in_the_file_does_no_harm(folder, fake_binary):
    # Would catch: a JSON reader that refuses what Google Benchmark 1.7 writes.
    fake_binary.misbehave(s4x8x2="nan")
    assert start(folder, fake_binary) == Exit.FINE


def test_a_failed_verification_ends_with_2_after_the_other_cells(folder, fake_binary, capsys):
    # Would catch: stopping at the first failure, a failed row shown with a time, an exit code of 0.
    fake_binary.misbehave(s4x8x2="wrong")
    assert start(folder, fake_binary) == Exit.WRONG_RESULT
    assert statuses(folder) == ["failed verification", "done"]
    assert len(manifest(folder)["failures"]) == 1
    shown = capsys.readouterr().out
    assert "FAILED causal_mean/prefix_mean/avx2/f32/B:4/T:8/C:2/omp:1: error_over_bound 3 at row 1; repeat" in shown


@pytest.mark.parametrize("behaviour", ["crash", "full_disk"])
def test_a_cell_without_a_result_ends_with_1_and_keeps_the_others(folder, fake_binary, behaviour, capsys):
    # Would catch: a half-written file taken for a result or left behind, a crash passed over.
    fake_binary.misbehave(s4x8x2=behaviour)
    assert start(folder, fake_binary) == Exit.TOOL_FAILED
    assert statuses(folder) == ["failed", "done"]
    assert [file.name for file in (folder / "raw" / "causal_mean").iterdir()] == ["8x16x4-omp1.json"]
    assert "repeat with" in capsys.readouterr().out


def test_resuming_measures_only_what_is_missing(folder, fake_binary):
    # Would catch: measuring everything again, forgetting the earlier cells in the summary, stale failures.
    fake_binary.misbehave(s4x8x2="crash")
    start(folder, fake_binary)
    fake_binary.misbehave()
    assert resume(folder, fake_binary) == Exit.FINE
    assert fake_binary.calls() == ["4x8x2", "8x16x4", "4x8x2"]
    assert statuses(folder) == ["done", "done"]
    assert len((folder / "summary.csv").read_text().splitlines()) == 7


def test_a_run_that_is_still_measured_is_left_alone(folder, fake_binary):
    # Would catch: two programs writing one result, after the script alone was killed and its program runs on.
    fake_binary.misbehave(s4x8x2="crash")
    start(folder, fake_binary)
    with (folder / "log.txt").open() as orphans_output:
        fcntl.flock(orphans_output, fcntl.LOCK_EX)
        with pytest.raises(Stop, match="is being measured"):
            resume(folder, fake_binary)
    fake_binary.misbehave()
    assert resume(folder, fake_binary) == Exit.FINE


def test_a_folder_without_locks_is_measured_all_the_same(folder, fake_binary, monkeypatch, capsys):
    # Would catch: a traceback on a network's file system; a line for each cell.
    monkeypatch.setattr(tools.fcntl, "flock", lambda *_: no_locks())
    assert start(folder, fake_binary) == Exit.FINE
    assert capsys.readouterr().err.count("log.txt cannot be locked (No locks available): start no other") == 1
    with tools.alone():
        pass
    assert "lock cannot be locked (No locks available)" in capsys.readouterr().err


def no_locks():
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def test_a_full_disk_keeps_what_is_finished_and_says_how_to_go_on(folder, fake_binary):
    # Would catch: a traceback in the midst of a run.
    fake_binary.misbehave(s8x16x4="crash")
    start(folder, fake_binary)
    fake_binary.misbehave()
    log = folder / "log.txt"
    log.unlink()
    log.symlink_to("/dev/full")
    with pytest.raises(Stop, match=r"No space left on device; what is finished is kept, and this goes on: .*--resume"):
        resume(folder, fake_binary)
    log.unlink()
    assert resume(folder, fake_binary) == Exit.FINE
    assert fake_binary.calls() == ["4x8x2", "8x16x4", "8x16x4"]


def test_what_the_system_refuses_is_told_in_a_line(monkeypatch, capsys):
    # Would catch: a traceback from a full disk.
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/somewhere")

    monkeypatch.setattr(entry.environment, "enter", full)
    assert entry.main("bench", []) == Exit.TOOL_FAILED
    assert capsys.readouterr().err == "error: [Errno 28] No space left on device: '/somewhere'\n"


def test_a_run_without_rows_leaves_no_manifest(folder, fake_binary, monkeypatch):
    # Would catch: a folder that looks like a run.
    monkeypatch.setattr(bench, "plan_run", lambda *_: Plan((), ()))
    assert start(folder, fake_binary) == Exit.NOTHING_MATCHED
    assert list(folder.iterdir()) == []


def test_a_row_that_was_broken_off_can_be_made_good(folder, fake_binary):
    # Would catch: the earlier failure in the manifest of a run that has none any more.
    fake_binary.misbehave(s4x8x2="broken_off")
    assert start(folder, fake_binary) == Exit.TOOL_FAILED
    assert len(manifest(folder)["failures"]) == 1
    fake_binary.misbehave()
    assert resume(folder, fake_binary) == Exit.FINE
    assert manifest(folder)["failures"] == []


def test_resuming_measures_a_damaged_cell_again(folder, fake_binary):
    # Would catch: trusting the manifest where the file is cut short.
    start(folder, fake_binary)
    file = folder / "raw" / "causal_mean" / "8x16x4-omp1.json"
    file.write_text(file.read_text()[:100])
    assert resume(folder, fake_binary) == Exit.FINE
    assert fake_binary.calls()[2:] == ["8x16x4"]


def test_resuming_with_another_program_is_refused(folder, fake_binary):
    # Would catch: cells of two programs in one table.
    start(folder, fake_binary)
    fake_binary.path.write_text(fake_binary.path.read_text() + "# rebuilt\n")
    with pytest.raises(Stop, match="has changed") as stop:
        resume(folder, fake_binary)
    assert stop.value.code == Exit.NOT_COMPARABLE


@pytest.mark.parametrize(("change", "refused"), [({}, False), ({"kernel": "Linux 7"}, False), ({"cores": 99}, True)])
def test_resuming_on_another_machine_is_refused(folder, fake_binary, monkeypatch, change, refused):
    # Would catch: two machines that share their files, and so the programs, in one table.
    start(folder, fake_binary)
    here = bench.machine.environment() | change
    monkeypatch.setattr(bench.machine, "environment", lambda *_: here)
    monkeypatch.setattr(bench, "find_programs", lambda *_: (own(fake_binary), ()))
    options = BenchOptions.parse(["--resume", str(folder)])
    if not refused:
        assert bench.main(options) == Exit.FINE
        return
    monkeypatch.delattr(bench, "find_programs")  # nothing is built for it
    with pytest.raises(Stop, match=r"was begun on .*-cores-\w+, and this is .*-99-cores-\w+: run anew") as stop:
        bench.main(options)
    assert stop.value.code == Exit.NOT_COMPARABLE


def test_resuming_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(Stop, match=r"is not a run of scripts/bench"):
        bench.read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": 1, "command"')
    with pytest.raises(Stop, match="is damaged"):
        bench.read_manifest(tmp_path)


def test_the_time_is_up(folder, fake_binary, monkeypatch, capsys):
    # Would catch: a quick run that a hanging cell keeps from ending, and one that hides what it left out.
    monkeypatch.setitem(bench.MODES, "quick", Mode(repetitions=3, max_call=0.2, budget=100, deadline=2))
    fake_binary.misbehave(s8x16x4="hang")
    assert start(folder, fake_binary, "--strict") == Exit.TOO_NOISY
    assert statuses(folder)[1] == "out of time"
    assert "the time was up" in capsys.readouterr().out


def test_a_flag_that_the_binary_refuses_is_told_in_its_words(folder, fake_binary):
    with pytest.raises(Stop, match="there is no triangle") as stop:
        start(folder, fake_binary, "--only=triangle")
    assert stop.value.code == Exit.TOOL_FAILED


def test_noise_is_told_and_strict_exits_with_3(folder, fake_binary, monkeypatch, capsys):
    monkeypatch.setattr(moment, "state", lambda: {"busy_cores": 1.7})
    assert start(folder, fake_binary, "--strict") == Exit.TOO_NOISY
    assert "warning: other programs kept 1.7 cores busy" in capsys.readouterr().out


def test_an_earlier_result_is_never_written_over(folder, fake_binary):
    start(folder, fake_binary)
    with pytest.raises(Stop, match=r"is not empty: name a new folder$"):
        files.claim(folder)


def test_only_a_run_that_is_not_finished_is_to_be_resumed(folder, fake_binary, tmp_path):
    # Would catch: --resume advised for a folder of runs, of sources, or of a run that lacks nothing.
    start(folder, fake_binary)
    assert bench.or_resume(folder) == ""
    assert bench.or_resume(tmp_path) == ""
    made = bench.read_manifest(folder)
    waiting = replace(made.cells[0], status=Status.WAITING)
    bench.write_manifest(folder, replace(made, cells=(waiting, *made.cells[1:])))
    assert bench.or_resume(folder).endswith(f"scripts/bench --resume {folder}")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Stop, match="cannot make the folder"):
        files.claim(tmp_path / "file" / "run")


DRIVER = """
import signal
import sys
from pathlib import Path
from trilbench.bench import command as bench
from trilbench.commands import BenchOptions
from trilbench.files import claim
from trilbench.machine import moment
from trilbench.report import publish as report
from trilbench.setup.binary import Program
from trilbench.setup.peers import Library
from trilbench.stop import Stop
moment.state = lambda: {}
signal.signal(signal.SIGINT, signal.default_int_handler)  # jobs in the background of a script ignore it
folder = claim(Path(sys.argv[1]))
try:
    programs = [Program(Path(path), "causal_mean", peer) for path, peer in zip(sys.argv[2:], ("", "openblas"))]
    sys.exit(bench.new_run(folder, programs, BenchOptions.parse([])))
except Stop as stop:
    sys.exit(f"error: {stop}")
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("library", ["", "openblas"])
def test_an_interrupted_run_keeps_what_is_finished(folder, fake_binary, how, library):
    # Would catch: finished cells lost, half-written files, a run that cannot go on; with a library, whose cell the kill
    # meets, our own cell of the same place measured again.
    programs = with_library(fake_binary) if library else own(fake_binary)
    fake_binary.misbehave(**{"causal_mean_openblas/8x16x4" if library else "8x16x4": "hang"})
    command = [sys.executable, "-c", DRIVER, folder, *(program.path for program in programs)]
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS)}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
    deadline = time.monotonic() + 60
    cells = 2 * len(programs)
    while len(fake_binary.calls()) < cells and time.monotonic() < deadline:
        time.sleep(0.02)
    # The terminal's Ctrl-C reaches the whole group; so does this kill, lest the stand-in sleeps on.
    os.killpg(process.pid, how)
    _, words = process.communicate(timeout=60)
    assert sorted(statuses(folder)) == [*["done"] * (cells - 1), "waiting"]
    if how == signal.SIGINT:
        assert process.returncode == Exit.TOOL_FAILED
        assert f"scripts/bench --resume {folder}" in words
        assert not list(folder.rglob("*.part"))
    fake_binary.misbehave()
    assert resume(folder, fake_binary, programs) == Exit.FINE
    *begun, interrupted, again = fake_binary.calls()
    assert (len(begun), interrupted) == (cells - 1, again)
    assert not list(folder.rglob("*.part"))


# --- The choice of rows, and the answer ---


def test_rows_that_do_not_match_are_not_planned(folder, fake_binary, capsys):
    # Would catch: a process started, and a skipped row told, for what nobody asked for; a resumed run with other rows.
    fake_binary.misbehave(s8x16x4="crash")
    programs = [*with_library(fake_binary), Program(fake_binary.beside("machine"), "machine")]
    words = ["--peers", "--select", "causal_mean/.*/(avx2|neon|peer)/.*/B:"]
    assert start(folder, fake_binary, *words, programs=programs) == Exit.TOOL_FAILED
    assert "machine/" not in capsys.readouterr().out
    made = manifest(folder)
    assert made["operations"] == ["causal_mean"]
    assert {row["name"].split("/")[2] for row in made["skipped"]} == {"neon"}
    commands = [cell["command"] for cell in made["cells"]]
    assert len(commands) == 4
    assert "'--benchmark_filter=^(causal_mean/prefix_mean/avx2/f32/B:4/T:8/C:2/omp:1)(/|$)'" in commands[0]
    assert all("scalar" not in command for command in commands)
    fake_binary.misbehave()
    assert resume(folder, fake_binary, programs) == Exit.FINE
    again = manifest(folder)["cells"]
    assert [cell["command"] for cell in again] == commands
    assert "--select='causal_mean/" in made["command"] or "'--select=causal_mean/" in made["command"]


@pytest.mark.parametrize(("words", "longest"), [([], 0.2), (["--max-call=9"], 9), (["--", "--max-call=3e-06"], 3e-6)])
def test_the_users_longest_call_is_that_of_the_plan(folder, fake_binary, words, longest):
    # Would catch: a plan by the mode's longest call, and then a measurement by the user's.
    assert start(folder, fake_binary, *words) == Exit.FINE
    made = manifest(folder)
    assert (made["max_call"], made["flags"]) == (longest, [])
    assert all(f"--max-call={longest:g}" in cell["command"] for cell in made["cells"])
    assert made["command"] == " ".join(["scripts/bench --quick", *words[-1:]])
    assert BenchOptions.parse(made["command"].split()[1:]).max_call == (longest if words else None)


def test_what_matches_nothing_is_told(folder, fake_binary, capsys):
    assert start(folder, fake_binary, "--select=nonsense") == Exit.NOTHING_MATCHED
    assert "no row to run whose name matches 'nonsense'" in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_the_answer_for_programs(folder, fake_binary, capfd):
    # Would catch: an answer without the table's figures, or with paths that are not there.
    assert start(folder, fake_binary, "--json") == Exit.FINE
    out = capfd.readouterr().out
    told = json.loads(out[out.index("\n{") :])
    assert (told["exit_code"], told["folder"]) == (0, str(folder))
    assert all(Path(told[key]).exists() for key in ("report", "summary"))
    fastest = {each["shape"]: {each["variant"].split("/")[0], *each["level_with"]} for each in told["fastest"]}
    assert fastest == {key: {"scalar_loop", "running_sum", "prefix_mean"} for key in ("4x8x2", "8x16x4")}
    assert {each["entry"]["of_limit"]["median"] for each in told["fastest"]} == {0.9}
    assert [row["name"] for row in told["rows"]] == [line["name"] for line in fake_run.read_csv(folder / "summary.csv")]
    assert {row["reason"] for row in told["skipped"]} == {"no NEON"}


# --- Libraries ---


def with_library(fake_binary, **environment):
    library = Program(fake_binary.beside("causal_mean_openblas"), "causal_mean", "openblas", environment)
    return [*own(fake_binary), library]


def test_a_librarys_process_follows_our_own(folder, fake_binary):
    # Would catch: its cell far from ours or in our file, its variables in our process, our --only sent to it.
    programs = with_library(fake_binary, LD_LIBRARY_PATH="/some/where")
    assert start(folder, fake_binary, "--peers", "--", "--only=prefix_mean", programs=programs) == Exit.FINE
    assert fake_binary.calls() == [
        "4x8x2", "causal_mean_openblas/4x8x2", "8x16x4", "causal_mean_openblas/8x16x4",
    ]  # fmt: skip
    raw = folder / "raw" / "causal_mean"
    ours, theirs = (json.loads((raw / f"4x8x2-omp1{end}.json").read_text()) for end in ("", "-openblas"))
    assert (ours["context"]["library_path"], theirs["context"]["library_path"]) == ("", "/some/where")
    assert [row["name"].split("/")[1] for row in theirs["benchmarks"]][:1] == ["openblas_strmm"]
    commands = {cell["peer"]: cell["command"] for cell in manifest(folder)["cells"]}
    assert commands["openblas"].startswith("env LD_LIBRARY_PATH=/some/where ")
    assert len((folder / "summary.csv").read_text().splitlines()) == 9


def test_a_library_that_crashes_is_told_and_fails_no_run(folder, fake_binary, capsys):
    # Would catch: a run lost to somebody else's fault, or one that hides it.
    fake_binary.misbehave(**{"causal_mean_openblas/4x8x2": "crash"})
    programs = with_library(fake_binary)
    assert start(folder, fake_binary, "--peers", "--strict", programs=programs) == Exit.TOO_NOISY
    assert statuses(folder) == ["done", "done", "failed", "done"]
    assert "warning: causal_mean_openblas failed in 1 cell, first at 4x8x2" in capsys.readouterr().out
    fake_binary.misbehave()
    assert resume(folder, fake_binary, programs) == Exit.FINE
    assert fake_binary.calls()[4:] == ["causal_mean_openblas/4x8x2"]
    assert manifest(folder)["warnings"] == []


def test_a_librarys_wrong_row_fails_no_run(folder, fake_binary):
    fake_binary.misbehave(**{"causal_mean_openblas/4x8x2": "wrong"})
    assert start(folder, fake_binary, "--peers", programs=with_library(fake_binary)) == Exit.FINE


def test_a_library_that_cannot_even_list_is_skipped_with_the_reason(folder, fake_binary, capsys):
    # Would catch: a library that is gone since the build, which keeps our own rows from being measured.
    fake_binary.misbehave(list="crash")
    programs = with_library(fake_binary)
    assert start(folder, fake_binary, "--peers", programs=programs) == Exit.FINE
    (absent,) = manifest(folder)["absent_peers"]
    assert absent["name"] == "causal_mean_openblas"
    assert "was ended by signal 6" in absent["reason"]
    assert "skipped: causal_mean_openblas: " in capsys.readouterr().err
    assert resume(folder, fake_binary, programs) == Exit.FINE


def test_resuming_without_the_library_is_refused(folder, fake_binary):
    # Would catch: a KeyError in the middle of a run, the library's rows silently left away.
    start(folder, fake_binary, "--peers", programs=with_library(fake_binary))
    with pytest.raises(Stop, match="causal_mean_openblas has changed"):
        resume(folder, fake_binary)


def test_a_library_without_a_program_is_skipped_with_the_reason(fake_binary, monkeypatch):
    # Would catch: a run that ends for want of somebody else's library; one of our own programs passed over likewise; a
    # program measured that was built with a library which is gone; a build that is not told where the libraries are.
    libraries = {
        "openblas": Library(environment={"N": "1"}, settings=("-DONE=1",)),
        "other": Library(settings=("-DTWO=2",)),
        "gone": Library(missing="nowhere to be had"),
    }
    told = []

    def build(*_, install, settings):
        told.append(settings)
        return fake_binary.path.parent.parent

    monkeypatch.setattr(bench.peers, "ensure", lambda _: libraries)
    monkeypatch.setattr(bench, "build", build)
    fake_binary.beside("machine")
    fake_binary.beside("causal_mean_gone")  # of an earlier build
    with_library(fake_binary)
    programs, absent = bench.find_programs(["causal_mean", "machine"], with_peers=True, install=False)
    assert [(program.path.name, program.peer, program.environment) for program in programs] == [
        ("causal_mean", "", {}),
        ("machine", "", {}),
        ("causal_mean_openblas", "openblas", {"N": "1"}),
    ]
    assert [(peer.name, peer.reason) for peer in absent] == [
        ("other", "it computes none of these operations"),
        ("gone", "nowhere to be had"),
    ]
    programs, absent = bench.find_programs(["causal_mean"], with_peers=False, install=False)
    assert (len(programs), absent) == (1, ())
    assert told == [["-DONE=1", "-DTWO=2"], []]
    with pytest.raises(Stop, match=r"there is no .*nothing"):
        bench.find_programs(["nothing"], with_peers=True, install=False)


def test_the_machine_is_measured_first(folder, fake_binary):
    programs = [*own(fake_binary), Program(fake_binary.beside("machine"), "machine")]
    assert start(folder, fake_binary, programs=programs) == Exit.FINE
    assert fake_binary.calls() == ["machine/4x8x2", "machine/8x16x4", "4x8x2", "8x16x4"]


def test_the_machines_limits_leave_time_for_the_rest(folder, fake_binary, monkeypatch):
    # Would catch: a large size of the machine's that takes the whole of a quick run, or vanishes without a word.
    monkeypatch.setitem(bench.MODES, "quick", Mode(repetitions=3, max_call=0.2, budget=3))
    monkeypatch.setattr(planning, "time", SimpleNamespace(monotonic=lambda: 0.0))  # listing takes no time
    programs = [*own(fake_binary), Program(fake_binary.beside("machine"), "machine")]
    start(folder, fake_binary, programs=programs)
    assert fake_binary.calls() == ["machine/4x8x2", "4x8x2", "8x16x4"]
    left_out = [row for row in manifest(folder)["skipped"] if "too long for --quick" in row["reason"]]
    assert {row["name"].split("/")[0] for row in left_out} == {"machine"}
    assert len(left_out) == 3


# --- Doubts ---


def test_a_row_above_its_limit_is_told(folder, fake_binary, capsys):
    fake_binary.misbehave(s4x8x2="above")
    assert start(folder, fake_binary, "--strict") == Exit.TOO_NOISY
    assert "warning: 3 of 6 rows above 1.03 of the limit (worst 1.20: " in " ".join(capsys.readouterr().out.split())


def test_stolen_time_is_recorded_with_each_cell(folder, fake_binary, monkeypatch, capsys):
    # Would catch: steal that nobody sees because it was looked for before the run only.
    ticks = ({"idle": 0, "steal": 10**9 * i} for i in range(99))  # more than any time that may pass
    monkeypatch.setattr(moment, "ticks", lambda: next(ticks))
    assert start(folder, fake_binary, "--strict") == Exit.TOO_NOISY
    assert {cell["steal"] for cell in manifest(folder)["cells"]} == {1.0}
    assert "took 100.0% of the time of the cores in use" in capsys.readouterr().out


def test_a_shared_core_is_told_and_strict_refuses_it(folder, fake_binary, capsys):
    # Would catch: half of a core that shows as half of the limit, in a table that looks like any other.
    fake_binary.misbehave(s4x8x2="shared")
    assert start(folder, fake_binary, "--strict") == Exit.TOO_NOISY
    shown = " ".join(capsys.readouterr().out.split())
    assert "warning: 3 of 6 rows had less than 95% of their cores (marked busy; least 51%: " in shown
    lines = {line["name"]: line for line in fake_run.read_csv(folder / "summary.csv")}
    assert [line["shared_core"] for line in lines.values()] == ["yes"] * 3 + ["no"] * 3
    assert '<span class="wrong">busy</span>' in (folder / "report.html").read_text(encoding="utf-8")
