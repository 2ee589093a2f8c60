"""scripts/compare --self-test on simulated banks whose truth is known."""

import math

import numpy as np
import pytest
from fake_comparison import calibration
from trilbench.compare.bank import Bank, read_bank, write_bank
from trilbench.compare.calibration import Trial, read_calibration, write_calibration
from trilbench.compare.floors import Case, draws, exact_interval, floors, floors_for, smallest_effect, spreads, try_case
from trilbench.compare.record import Moment, Round
from trilbench.compare.self_test import Hogged, comparisons_of, unmet
from trilbench.compare.sign import interval
from trilbench.compare.verdict import Rule
from trilbench.stop import Stop

VARIANT = "tril_gemm/avx2"
SLOWED = f"causal_mean/{VARIANT}/f32/T:1"
OTHERS = tuple(f"causal_mean/prefix_mean/avx2/f32/T:{i}" for i in range(11))
LAID_OUT = OTHERS[0]  # which another order of the same code slows
EQUALS = ("again", "relinked")


def bank(rounds=300, noise=0.02, busy=0.0, seed=1, seconds=1e-3):
    """Sides of known truth: again is the same, relinked slows one row by 8 %, slower slows the kernel by 10 %."""
    random = np.random.default_rng(seed)
    truth = {"base": {}, "again": {}, "relinked": {LAID_OUT: 0.08}, "slower": {SLOWED: 0.10}}
    times = {
        side: {
            name: tuple(seconds * np.exp(random.normal(math.log1p(effects.get(name, 0.0)), noise, rounds)))
            for name in (SLOWED, *OTHERS)
        }
        for side, effects in truth.items()
    }
    moments = [
        Moment(1.0, {"fma": 1e-3}, others=1.0 if random.random() < busy else 0.0, steal=0.0) for _ in range(rounds)
    ]
    measured = tuple(Round(tuple(truth), dict.fromkeys(truth, moment)) for moment in moments)
    return Bank("x", "2026-01-01", dict.fromkeys((SLOWED, *OTHERS), 10), measured, times, {"cpu": "A"})


def tried(of, side, margin=0.05, slowed="", comparisons=14):
    return try_case(of, Case(side, side, margin, slowed), EQUALS, draws(len(of.rounds), comparisons, 1), Rule())


def test_no_round_serves_two_comparisons():
    drawn = draws(430, 20, seed=1)
    assert [len(each) for each in drawn] == [21] * 20
    assert len({i for each in drawn for i in each}) == 420
    assert drawn[0] != list(range(21))
    assert drawn == draws(430, 20, seed=1) != draws(430, 20, seed=2)


def test_the_same_code_raises_no_alarm_and_a_slowed_kernel_is_found():
    # Would catch: sides exchanged, a slowed kernel counted as an alarm, finds of another row.
    found = bank()
    assert tried(found, "again") == Trial("again", 0.05, 14, red=0, wrong=0, found=None, untold=0)
    slower = tried(found, "slower", slowed=VARIANT)
    assert (slower.found, slower.red, slower.untold) == (14, 0, 0)
    assert tried(found, "slower").red == 14  # as it looks to one who does not know that it is slowed


def test_short_calls_of_a_slowed_kernel_are_neither_finds_nor_alarms():
    # Would catch: finds of a row that is slow because reading the clock takes as long as its calls.
    short = bank(seconds=1e-6)
    slower = tried(short, "slower", slowed=VARIANT)
    assert (slower.found, slower.red) == (0, 0)


def test_a_comparison_is_judged_by_floors_of_other_rounds():
    # Would catch: floors from the rounds that are tried, by which no alarm could ever be raised.
    found = bank()
    assert tried(found, "relinked").red == 0
    assert tried(found, "relinked", comparisons=1).red == 1  # there are no others


def test_floors_are_the_layouts_and_spreads_the_noises():
    found = bank()
    of_rows = floors(found, EQUALS, range(300))
    assert of_rows[LAID_OUT] == pytest.approx(0.08, abs=0.015)
    assert max(of_rows[name] for name in OTHERS[1:]) < 0.015  # a single comparison's noise is not in it
    assert spreads(found, "again")[SLOWED] == pytest.approx(0.02 * math.sqrt(2), rel=0.2)


def test_a_busy_bank_says_nothing():
    # Would catch: disturbed rounds that count in the self-test and nowhere else.
    busy = tried(bank(busy=0.5), "slower", slowed=VARIANT)
    assert (busy.untold, busy.found, busy.red) == (14, 0, 0)
    assert max(floors(bank(busy=1.0), EQUALS, range(300)).values()) == 0.0


def test_the_promise_before_the_rounds_is_kept():
    # Would catch: a smallest effect told for one round, for another level, without the margin.
    spread, rounds, level = 0.03, 21, 0.05 / 24
    effect = smallest_effect(spread, rounds, level, 0.05)
    random = np.random.default_rng(2)
    found = [
        interval(math.log1p(effect) + random.normal(0, spread, rounds), level)[0] >= math.log1p(0.05)
        for _ in range(1000)
    ]
    assert 0.75 < np.mean(found) < 0.85


def test_a_benchmark_that_was_not_calibrated_has_a_usual_floor():
    known = calibration(floors={"a": 0.01, "b": 0.012, "c": 0.03, "d": 0.2, "e": 0.02})
    assert floors_for(["c", "new"], known) == {"c": 0.03, "new": 0.03}
    assert floors_for(["c"], None) == {"c": 0.01}


def test_exact_intervals():
    # The known bound for no event in 20: 1 - 0.025^(1/20).
    assert exact_interval(0, 20) == pytest.approx((0.0, 0.1684), abs=1e-4)
    assert exact_interval(19, 20) == pytest.approx((0.7513, 0.9987), abs=1e-4)


@pytest.mark.parametrize(("rounds", "comparisons"), [(20, 2), (44, 2), (45, 3), (300, 20), (430, 20)])
def test_a_short_bank_makes_fewer_comparisons(rounds, comparisons):
    assert comparisons_of(rounds) == comparisons


def test_goals_that_are_not_met_are_told():
    # Would catch: a self-test that always succeeds.
    good = [Trial("a", 0.05, 20, 0, 1, None, 0), Trial("b", 0.05, 20, 0, 0, 19, 0)]
    assert list(unmet(good, [0.0, 0.95], Hogged("", told=True, red=False))) == []
    bad = [Trial("a", 0.05, 20, 1, 1, None, 0), Trial("b", 0.05, 20, 0, 0, 18, 0)]
    alarm, finds, hog = unmet(bad, [0.0, 0.95], Hogged("no regression", told=False, red=False))
    assert "a, margin 5%: 1 of 20 raised a false alarm" in alarm
    assert "found in 18 of 20, wanted in 95%" in finds
    assert "cannot tell" in hog


def test_banks_and_calibrations_come_back_as_they_were_written(tmp_path):
    # Would catch: a field that is lost, by which a self-test judged again would say something else.
    write_bank(tmp_path / "bank.json", bank(rounds=3))
    assert read_bank(tmp_path / "bank.json") == bank(rounds=3)
    write_calibration(tmp_path / "calibration.json", calibration())
    assert read_calibration(tmp_path / "calibration.json") == calibration()
    for read, file in ((read_bank, "bank.json"), (read_calibration, "calibration.json")):
        (tmp_path / file).write_text('{"format": 99}')
        with pytest.raises(Stop, match="format 99"):
            read(tmp_path / file)
        (tmp_path / file).write_text('{"format": 1}')
        with pytest.raises(Stop, match="damaged"):
            read(tmp_path / file)
