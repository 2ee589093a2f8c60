"""scripts/compare --self-test from the command line to the exit code, on stand-ins for the benchmark binaries."""

import json

import pytest
from fake_builds import build_folder, program
from msgspec.structs import replace
from trilbench.commands import CompareOptions
from trilbench.compare import bank, page, session
from trilbench.compare import command as compare
from trilbench.compare import self_test as commands_self_test
from trilbench.compare.record import Bank
from trilbench.machine import cores, moment
from trilbench.results import documents
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
def self_test(base, tmp_path, monkeypatch):
    rows = json.loads((base / "bench" / "rows.json").read_text())
    rows["causal_mean"]["causal_mean/tril_gemm/avx2/f32/B:4/T:8/C:2/omp:1"] = {"seconds": 1e-4}
    (base / "bench" / "rows.json").write_text(json.dumps(rows))
    program(base / "bench", "slowed")
    monkeypatch.setattr(commands_self_test, "build", lambda *_: base)
    monkeypatch.setattr(bank, "BUILD", tmp_path)
    (tmp_path / "relinked").mkdir()
    orders = []

    def build_source(source, folder, preset, target, install, settings):
        orders.extend(settings)
        return base

    monkeypatch.setattr(bank, "build_source", build_source)
    monkeypatch.setattr(session, "MOST_ROUNDS", 14)

    def self_test(*words):
        file = str(tmp_path / "calibration.json")
        code = compare.main(CompareOptions.parse(["--self-test", "--calibration", file, *words]))
        assert orders in ([], [f"-DTRILBENCH_LINK_ORDER={i}" for i in (1, 2, 3)])
        return code

    return self_test


def test_the_self_test_calibrates_later_comparisons(self_test, base, tmp_path, capsys, monkeypatch):
    # Would catch: a slowed program that is not slowed, a calibration that nobody reads, one of another machine that
    # counts, a hog that nobody notices and that does not matter.
    assert self_test("--out", str(tmp_path / "out")) == Exit.TOO_NOISY
    shown = capsys.readouterr().out
    rates = {line.split("  ")[0]: line for line in shown.splitlines() if " of 2 (" in line}
    assert len(rates) == 6
    assert all("0 of 2" in line for line in rates.values())
    assert all("2 of 2" in line for what, line in rates.items() if "slower" in what)
    assert shown.count("NOT MET") == 1
    assert "NOT MET: beside programs that keep every core busy" in shown
    assert len(documents.read(tmp_path / "out" / "bank.json", Bank).rounds) == 14
    words = [str(base), str(base), "--calibration", str(tmp_path / "calibration.json"), "--out"]
    assert compare.main(CompareOptions.parse([*words, str(tmp_path / "first")])) == Exit.FINE
    assert "calibrated" in capsys.readouterr().out.split("not calibrated")[0]
    monkeypatch.setattr(compare.machine, "environment", lambda: {"cpu": "Another CPU"})
    assert compare.main(CompareOptions.parse([*words, str(tmp_path / "second")])) == Exit.FINE
    assert "not calibrated" in capsys.readouterr().out


@pytest.mark.slow
def test_a_budget_that_is_too_small_is_overrun_rather_than_wasted(self_test, tmp_path, capsys):
    # Would catch: minutes of rounds, and a refusal at their end because they are too few.
    assert self_test("--budget", "1s", "--out", str(tmp_path / "out")) in (Exit.FINE, Exit.TOO_NOISY)
    assert len(documents.read(tmp_path / "out" / "bank.json", Bank).rounds) == 14
    assert "for 1 s, 14 of them at least" in capsys.readouterr().err


def test_a_hog_that_is_seen_ends_in_cannot_tell(self_test, tmp_path, capsys, monkeypatch):
    # Would catch: a hog that is never started, or that runs through every round; one that runs on afterwards.
    started = []
    real = bank.subprocess.Popen

    def popen(*arguments, **settings):
        process = real(*arguments, **settings)
        if "getppid" in str(arguments):
            started.append(process)
        return process

    monkeypatch.setattr(bank.subprocess, "Popen", popen)
    alive = lambda *_: float(sum(process.poll() is None for process in started))  # noqa: E731
    monkeypatch.setattr(moment, "busy_others", alive)
    assert self_test("--out", str(tmp_path / "out")) == Exit.FINE
    assert "cannot tell: 2 of 7 rounds were disturbed" in capsys.readouterr().out
    assert [process.poll() is not None for process in started] == [True] * cores.allowed_count()


def test_a_bank_is_judged_again_and_a_small_one_is_refused(self_test, tmp_path, monkeypatch):
    out = tmp_path / "out"
    self_test("--out", str(out))
    (tmp_path / "calibration.json").unlink()
    assert self_test(str(out)) == Exit.TOO_NOISY
    assert (tmp_path / "calibration.json").exists()
    whole = documents.read(out / "bank.json", Bank)
    documents.write(out / "bank.json", replace(whole, rounds=whole.rounds[:13]))
    with pytest.raises(Stop, match="the bank has 13 rounds; to compare 3 benchmarks takes 14"):
        self_test(str(out))
