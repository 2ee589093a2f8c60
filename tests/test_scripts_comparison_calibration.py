"""scripts/compare --self-test on simulated banks whose truth is known."""

import math

import numpy as np
import pytest
from fake_comparison import calibration, comparison, measured, rounds
from msgspec.structs import replace
from trilbench.compare.bank import (
    Case,
    draws,
    exact_interval,
    learn,
    slowed_variant,
    smallest_effect,
    spreads,
    try_case,
)
from trilbench.compare.record import Bank, Calibration, Moment, Round, Trial
from trilbench.compare.sample import paired
from trilbench.compare.self_test import comparisons_of, unmet
from trilbench.compare.verdict import known_for, outcome
from trilbench.results import documents
from trilbench.results.run import NamedReason
from trilbench.stop import Stop

VARIANT = "tril_gemm/avx2"
SLOWED = f"causal_mean/{VARIANT}/f32/T:1"
OTHERS = tuple(f"causal_mean/prefix_mean/avx2/f32/T:{i}" for i in range(11))
LAID_OUT = OTHERS[0]  # which another order of the same code slows
EQUALS = ("again", "relinked")


NAMESAKE = f"tril_matmul/{VARIANT}/f32/T:1"  # of another operation, whose kernels nobody slows


def bank(rounds=300, noise=0.02, busy=0.0, seed=1, seconds=1e-3, alike=0.0, others=OTHERS):
    """Sides of known truth: again is the same, relinked slows one row by 8 %, slower slows the kernel by 10 %. Rounds
    that follow each other correlate by `alike`."""
    random = np.random.default_rng(seed)
    truth = {"base": {}, "again": {}, "relinked": {LAID_OUT: 0.08}, "slower": {SLOWED: 0.10}}

    def series(effect):
        steps = random.normal(0, noise, rounds)
        for i in range(1, rounds):
            steps[i] = alike * steps[i - 1] + math.sqrt(1 - alike**2) * steps[i]
        return tuple((seconds * np.exp(math.log1p(effect) + steps)).tolist())

    times = {
        side: {name: series(effects.get(name, 0.0)) for name in (SLOWED, *others)} for side, effects in truth.items()
    }
    moments = [
        Moment(1.0, {"fma": 1e-3}, others=1.0 if random.random() < busy else 0.0, steal=0.0) for _ in range(rounds)
    ]
    measured = tuple(Round(tuple(truth), dict.fromkeys(truth, moment)) for moment in moments)
    return Bank("x", "2026-01-01", VARIANT, dict.fromkeys((SLOWED, *others), 10), measured, times, {"cpu": "A"})


def tried(of, side, margin=0.05, slowed="", comparisons=14, equals=EQUALS):
    return try_case(of, Case(side, side, margin, slowed), draws(of, comparisons, equals), 0.05)


def test_comparisons_are_drawn_in_a_row_and_share_no_round():
    # Would catch: rounds drawn at random, between which what lasts for some rounds does not show.
    drawn = [rounds for rounds, _ in draws(bank(rounds=43), 4, EQUALS)]
    assert drawn == [range(10), range(10, 20), range(20, 30), range(30, 40)]


@pytest.mark.parametrize("alike", [0.6, 0.85])
def test_rounds_that_are_alike_raise_no_more_alarms_than_told(alike):
    # Would catch: rounds in a row judged as if each were news: then 3 and 14 of 14 comparisons have a wrong verdict.
    of = bank(rounds=560, noise=0.03, alike=alike)
    again = tried(of, "again")
    assert again.red + again.wrong <= 2
    told = learn(of, EQUALS, range(560)).autocorrelations
    assert np.mean([*told.values()]) == pytest.approx(alike, abs=0.04)


def test_the_same_code_raises_no_alarm_and_a_slowed_kernel_is_found():
    # Would catch: sides exchanged, a slowed kernel counted as an alarm, finds of another row.
    found = bank()
    assert tried(found, "again") == Trial("again", 0.05, 14, red=0, wrong=0, found=None, untold=0)
    slower = tried(found, "slower", slowed=VARIANT)
    assert (slower.found, slower.red, slower.untold) == (14, 0, 0)
    assert tried(found, "slower").red == 14  # as it looks to one who does not know that it is slowed


def test_only_the_operation_that_is_slowed_counts_as_slowed():
    # Would catch: an alarm for a kernel of that name in another operation taken for a find.
    of = bank(others=(*OTHERS, NAMESAKE))
    times = of.times["slower"] | {NAMESAKE: tuple(1.1 * each for each in of.times["base"][NAMESAKE])}
    assert tried(replace(of, times={**of.times, "slower": times}), "slower", slowed=VARIANT).red == 14


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


def test_a_build_that_set_no_floor_is_judged_by_the_others():
    # Would catch: a held-out order of linking whose own rounds taught its floors.
    assert tried(bank(), "relinked", equals=("again",)).wrong == 14
    assert tried(bank(), "relinked").wrong == 0


def test_floors_are_the_layouts_and_spreads_the_noises():
    found = bank()
    floors = learn(found, EQUALS, range(300)).floors
    assert floors[LAID_OUT] == pytest.approx(0.08, abs=0.015)
    assert max(floors[name] for name in OTHERS[1:]) < 0.015  # a single comparison's noise is not in it
    assert spreads(found, "again")[SLOWED] == pytest.approx(0.02 * math.sqrt(2), rel=0.2)


def test_the_kernel_to_slow_is_one_whose_calls_are_long_enough():
    # Would catch: calls that are left alone because they are short, of which no slowdown could be found.
    name = "causal_mean/{}/f32/B:1/T:{}/C:1/omp:1".format
    calls = {name("a/avx2", 1): 10_000, name("a/avx2", 2): 9_000, name("b/avx2", 3): 100, name("c/sse2", 4): 0}
    assert slowed_variant(calls) == "b/avx2"
    assert slowed_variant(calls | {name("d/avx2", 5): 10, name("d/avx2", 6): 10}) == "d/avx2"
    with pytest.raises(Stop, match="no benchmark of causal_mean takes long enough"):
        slowed_variant({name("a/avx2", 1): 10_000})


def test_a_busy_bank_says_nothing():
    # Would catch: disturbed rounds that count in the self-test and nowhere else.
    busy = tried(bank(busy=0.5), "slower", slowed=VARIANT)
    assert (busy.untold, busy.found, busy.red) == (14, 0, 0)
    assert max(learn(bank(busy=1.0), EQUALS, range(300)).floors.values()) == 0.0


def test_the_promise_before_the_rounds_is_kept():
    # Would catch: a smallest effect told for one round, for another level, without the margin.
    spread, rounds, level = 0.03, 21, 0.05 / 24
    effect = smallest_effect(spread, rounds, level, 0.05)
    random = np.random.default_rng(2)
    found = [
        paired((1 + effect) * np.exp(random.normal(0, spread, rounds))).interval(level)[0] >= math.log1p(0.05)
        for _ in range(1000)
    ]
    assert 0.75 < np.mean(found) < 0.85
    assert smallest_effect(spread, rounds, level, 0.05, alike=0.2) > effect
    assert smallest_effect(spread, rounds, level, 0.05, alike=0.6) == math.inf


def test_a_benchmark_that_was_not_calibrated_is_as_a_restless_one():
    known = calibration(floors={"a": 0.01, "b": 0.012, "c": 0.03, "d": 0.2, "e": 0.02}, autocorrelations={"a": 0.4})
    found = known_for(["c", "new"], known)
    assert (found.floors, found.autocorrelations) == ({"c": 0.03, "new": 0.03}, {"c": 0.4, "new": 0.4})
    none = known_for(["c"], None)
    assert (none.floors, none.autocorrelations) == ({"c": 0.01}, {"c": 0.0})


def test_exact_intervals():
    # The known bound for no event in 20: 1 - 0.025^(1/20).
    assert exact_interval(0, 20) == pytest.approx((0.0, 0.1684), abs=1e-4)
    assert exact_interval(19, 20) == pytest.approx((0.7513, 0.9987), abs=1e-4)


@pytest.mark.parametrize(("rounds", "comparisons"), [(20, 2), (44, 2), (45, 3), (300, 20), (430, 20)])
def test_a_short_bank_makes_fewer_comparisons(rounds, comparisons):
    assert comparisons_of(rounds) == comparisons


def test_goals_that_are_not_met_are_told():
    # Would catch: a self-test that always succeeds.
    cases = Case("a", "", 0.05), Case("b", "", 0.05, "b", wanted=0.95)
    disturbed = rounds(21, head={"others": 0.9})
    told = outcome(comparison(measured("a"), rounds=disturbed))
    untold = outcome(comparison(measured("a")))
    good = Trial("a", 0.05, 20, 0, 1, None, 0), Trial("b", 0.05, 20, 0, 0, 19, 0)
    assert list(unmet([*zip(cases, good, strict=True)], told)) == []
    bad = Trial("a", 0.05, 20, 1, 1, None, 0), Trial("b", 0.05, 20, 0, 0, 18, 0)
    alarm, finds, hog = unmet([*zip(cases, bad, strict=True)], untold)
    assert "a, margin 5%: 1 of 20 raised a false alarm" in alarm
    assert "found in 18 of 20, wanted in 95%" in finds
    assert hog.endswith("cannot tell: no regression: none of 1 benchmark is slower by 5% or more")
    red = outcome(
        comparison(measured("a", 2.0), rounds=rounds(21, head={"others": 0.9}), failures=(NamedReason("a", ""),))
    )
    for hogged, how in ((red, "regression: 1 benchmark wrong or missing"), (None, "not tried, or not to its end")):
        assert how in next(unmet([*zip(cases, good, strict=True)], hogged))


def test_banks_and_calibrations_come_back_as_they_were_written(tmp_path):
    # Would catch: a field that is lost, by which a self-test judged again would say something else.
    for written, kind in ((bank(rounds=3), Bank), (calibration(), Calibration)):
        documents.write(tmp_path / "file.json", written)
        assert documents.read(tmp_path / "file.json", kind) == written
        for text, message in (('{"format": 99}', "format 99"), ('{"format": 1}', "is damaged: .*missing")):
            (tmp_path / "file.json").write_text(text)
            with pytest.raises(Stop, match=message):
                documents.read(tmp_path / "file.json", kind)
