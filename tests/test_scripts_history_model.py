"""What a history keeps of a run, under which key, and that every format that ever was is read."""

import json
import shutil
from pathlib import Path

import fake_history
import fake_run
import pytest
from fake_history import ENVIRONMENT, NAME, PROGRAM, VARIANT, kept, manifest
from trilbench.history.store import (
    Baseline,
    KeptRow,
    KeptRun,
    keep,
    machine_keys,
    read_history,
    run_text,
    write_baseline,
    write_run,
)
from trilbench.history.verdict import series_of
from trilbench.machine.key import machine_of
from trilbench.results.run import CellRecord, NamedReason, Status
from trilbench.stop import Exit, Stop

GOLDEN = Path(__file__).parent / "data" / "history"
KEY = "a-cpu-2-00ghz-2-cores-e1d068c6"
MACHINE = machine_of(ENVIRONMENT)


# The machine's key.


@pytest.mark.parametrize(
    "change",
    [
        {"program": {"mhz_per_cpu": 2599}},
        {"governor": "powersave", "boost": "off"},
        {"caches": {"L3": "8M, shared by CPUs 4-5", "L1d": "48K, shared by CPUs 4"}},
        {"instruction_sets": "fma avx2 avx"},
        {"host_name": "somewhere", "kernel": "Linux 7", "microcode": "0x2", "git_commit": "1"},
    ],
)
def test_what_differs_from_boot_to_boot_leaves_the_key(change):
    # Would catch: a measured clock in the key, which has split histories of one machine.
    assert machine_of(ENVIRONMENT | change).key == MACHINE.key


@pytest.mark.parametrize(
    "change",
    [
        {"cpu": "Another"},
        {"cores": 4},
        {"instruction_sets": "avx avx2 avx512f fma"},
        {"caches": ENVIRONMENT["caches"] | {"L3": "16M, shared by CPUs 0-1"}},
        {"caches": ENVIRONMENT["caches"] | {"L3": "8M, shared by CPUs 0"}},
        {"hypervisor": "KVM"},
    ],
)
def test_what_makes_another_machine_changes_the_key(change):
    assert machine_of(ENVIRONMENT | change).key != MACHINE.key


def test_the_key_is_what_it_was():
    # Would catch: a change of how keys are made, which would leave every history behind.
    assert MACHINE.key == KEY
    assert machine_of({}).cpu == "unknown"


@pytest.mark.parametrize("cpu", ["../../etc", "a" * 500, "$(rm)\n", "日本", ""])
def test_a_key_is_a_folders_name_whatever_the_cpu_is_called(cpu):
    key = machine_of(ENVIRONMENT | {"cpu": cpu, "cores": "../2", "caches": "none"}).key
    assert 0 < len(key) < 80 and set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


# What is kept.


def test_a_run_keeps_its_medians_and_conditions():
    run = kept(3, 2e-6)
    assert run.rows == {NAME: KeptRow(median=2e-06, p10=1.968e-06, p90=2.016e-06, of_limit=0.5)}
    assert (run.commit, run.dirty, run.started) == (fake_history.commit(3), False, "2026-01-04T03:00:00+00:00")
    assert run.name == f"20260104T030000Z-{run.commit[:9]}"
    assert run.flags == {"avx2": "-mavx2 -O3"}
    assert run.conditions["compiler"] == "GNU" and run.surroundings["compiler"] == "GNU 12.2.0"
    assert (run.failures, run.disturbed, run.finished) == ((), (), True)


def test_doubts_are_marked():
    # Would catch: a run beside which a build ran, taken for a slow commit.
    busy = kept(0, state_before={"busy_cores": 1.25})
    assert busy.disturbed == ("other programs kept 1.2 cores busy before it",)
    stolen = kept(0, cells=(CellRecord("causal_mean", "4x8x2", 1, status=Status.DONE, seconds=2.0, steal=0.2),))
    assert stolen.disturbed == ("the hypervisor took 20.0% of the time of the cores in use",)
    shared, whole = (fake_run.row(VARIANT, 1e-6, least=1e-6, cpu_share=share) for share in (0.6, 0.99))
    assert kept(0, rows=[shared]).disturbed == ("1 of 1 rows had less than their cores",)
    assert (kept(0, rows=[shared]).rows[NAME].of_limit, kept(0, rows=[whole]).rows[NAME].of_limit) == (None, 1.0)
    assert kept(0, rows=[shared, *[whole] * 4]).disturbed == ()
    broken = CellRecord("causal_mean", "8x8x8", 2, status=Status.BROKEN, peer="openblas")
    failed = kept(0, failures=(NamedReason(NAME, "wrong"),), cells=(broken,), finished="")
    assert failed.failures == (NAME, "causal_mean_openblas 8x8x8 on 2 threads")
    assert not failed.finished


def test_what_is_unknown_is_kept_as_such():
    run = keep(manifest(0, program={}, environment={"git_commit": "../x", "git_dirty": "unknown"}), [fake_run.MEAN])
    assert (run.commit, run.dirty, run.label) == ("unknown", None, "?")
    assert run.name == "20260101T030000Z-unknown"
    with pytest.raises(ValueError):
        keep(manifest(0, started="yesterday"), [])


def test_no_path_of_the_machine_is_kept():
    library = "OpenBLAS 0.3.34, /home/somebody/lib/libopenblas.so; PyTorch 2.13, /home/torch; Eigen 3.4"
    text = run_text(kept(0, program=PROGRAM | {"library": library, "executable": "/home/x"}))
    assert "/home" not in text
    assert '"OpenBLAS 0.3.34; PyTorch 2.13; Eigen 3.4"' in text


# Series.


def conditions_of(*programs, threads=1):
    rows = [fake_run.row("prefix_mean/avx2", 1e-6, threads=threads)]
    runs = [kept(i, rows=rows, program=PROGRAM | program) for i, program in enumerate(programs)]
    return [(series.apart, len(series.points)) for series in series_of(runs)]


@pytest.mark.parametrize(
    ("program", "apart"),
    [
        ({"flags_avx2": "-O2"}, "flags: -O2"),
        ({"cache_state": "cold: sets of arrays take turns"}, "cache_state: cold: sets of arrays take turns"),
        ({"alignment": "none: whole floats only"}, "alignment: none: whole floats only"),
        ({"data": "denormal"}, "data: denormal"),
        ({"trilbench_build_type": "Debug"}, "build_type: Debug"),
        ({"compiler": "Clang 14.0.6"}, "compiler: Clang"),
    ],
)
def test_other_conditions_make_another_series(program, apart):
    # Would catch: a cold run taken for a regression of the warm ones.
    assert [which for which, number in conditions_of({}, program, {}) if number == 1] == [apart]


@pytest.mark.parametrize(
    "program", [{"data": "normal"}, {"compiler": "GNU 13.1.0"}, {"xsimd_version": "14"}, {"flags_sse2": "-O1"}]
)
def test_what_a_history_is_to_judge_stays_in_one_series(program):
    assert conditions_of({}, program) == [("", 2)]


def test_openmp_matters_to_several_threads_alone():
    other = {"OMP_PROC_BIND": "spread"}
    assert conditions_of({}, other) == [("", 2)]
    assert len(conditions_of({}, other, threads=2)) == 2


def test_threads_make_another_series():
    rows = [fake_run.row("prefix_mean/avx2", 1e-6, threads=n) for n in (1, 2)]
    assert [len(series.points) for series in series_of([kept(0, rows=rows), kept(1, rows=rows)])] == [2, 2]


# The files.


def test_what_is_written_is_read(tmp_path):
    runs = [kept(1), kept(0, 3e-6), kept(2, environment={"git_dirty": True})]
    for run in runs:
        write_run(tmp_path, MACHINE, run)
    baseline = Baseline((runs[1].name,), "2026-02-01T00:00:00+00:00")
    write_baseline(tmp_path, KEY, baseline)
    (tmp_path / "not a machine").mkdir()
    assert machine_keys(tmp_path) == (KEY,)
    read = read_history(tmp_path, KEY)
    assert read.machine == MACHINE
    assert read.runs == (runs[1], runs[0], runs[2])  # in the order of their start
    assert (read.baseline, read.baseline_places) == (baseline, (0,))
    assert machine_keys(tmp_path / "nowhere") == ()


def test_a_difference_is_one_line_for_each_benchmark():
    rows = [fake_run.row("prefix_mean/avx2", 1e-6, shape) for shape in fake_run.SHAPES]
    slower = [fake_run.row("prefix_mean/avx2", 2e-6, fake_run.SHAPES[0]), *rows[1:]]
    one, other = (run_text(kept(0, rows=found)).splitlines() for found in (rows, slower))
    assert sum(a != b for a, b in zip(one, other, strict=True)) == 1


@pytest.mark.parametrize("number", sorted(int(path.name.removeprefix("format-")) for path in GOLDEN.iterdir()))
def test_every_format_that_ever_was_is_read(number):
    # Would catch: a field that is renamed or gets no default, and histories of years that no longer open.
    read = read_history(GOLDEN / f"format-{number}", KEY)
    assert read.machine == MACHINE
    assert [run.label for run in read.runs] == ["b6589fc", "356a192+"]
    first, second = read.runs
    assert first.rows[NAME] == KeptRow(median=1e-06, p10=9.84e-07, p90=1.008e-06, of_limit=1.0)
    assert first.flags == {"avx2": "-mavx2 -O3"}
    assert second.disturbed == ("other programs kept 1.2 cores busy before it",)
    assert second.failures == (f"causal_mean/{'tril_gemm/avx2'}/f32/B:4/T:8/C:2/omp:1",)
    assert read.baseline_places == (0,)


def test_todays_format_is_written_as_its_example_stands():
    # Would catch: a change of the format without a new number and an example of its own.
    folder = GOLDEN / f"format-{KeptRun.FORMAT}" / KEY
    for run in read_history(folder.parent, KEY).runs:
        assert run_text(run) == (folder / f"{run.name}.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["machine.json", "baseline.json", "20260101T030000Z-b6589fc6a.json"])
def test_a_newer_format_is_refused_in_plain_words(tmp_path, file):
    shutil.copytree(GOLDEN / "format-1", tmp_path / "history")
    path = tmp_path / "history" / KEY / file
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 99}))
    with pytest.raises(Stop, match=rf"{file} has format 99; this version reads formats up to 1: use a newer") as stop:
        read_history(tmp_path / "history", KEY)
    assert stop.value.code == Exit.NOT_COMPARABLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": 1}',
        '{"format": []}',
        run_text(kept(0)).replace('"median": 1e-06', '"median": 0'),
        run_text(kept(0)).replace('"median": 1e-06', '"median": NaN'),
        run_text(kept(0)).replace('"median": 1e-06', '"median": "fast"'),
        run_text(kept(0)).replace("2026-01-01", "someday"),
        run_text(kept(0)).replace("/omp:1", ""),
    ],
)
def test_a_damaged_file_is_named(tmp_path, text):
    write_run(tmp_path, MACHINE, kept(1))
    (tmp_path / KEY / "20260101T030000Z-x.json").write_text(text)
    with pytest.raises(Stop, match=r"20260101T030000Z-x\.json is damaged"):
        read_history(tmp_path, KEY)
