"""The gate of scripts/compare is monotone: a head that is worse never fares better."""

import math

import fake_comparison
import numpy as np
import pytest
from fake_comparison import comparison, measured
from hypothesis import given, settings
from hypothesis import strategies as st
from trilbench.compare.sample import paired, unpaired
from trilbench.compare.verdict import Rule, Verdict, judge, outcome
from trilbench.stop import Exit

ROUNDS = fake_comparison.ROUNDS
PASSES = (Verdict.FASTER, Verdict.NOT_SLOWER, Verdict.SAME)
_ratios = st.floats(0.7, 1.4).map(lambda ratio: round(ratio, 2))  # ties, and values on the margin itself
_worse = st.sampled_from([1.0, 1.0, 1.001, 1.02, 1.05, 1.3, 3.0])


@st.composite
def _near_the_margin(draw, rounds):
    """Where a decision is close: values on the margin itself among them."""
    level = draw(st.sampled_from([0.94, 0.99, 1.02, 1.035, 1.045, 1.05, 1.06, 1.1]))
    noise = draw(st.sampled_from([[0.99, 1.0, 1.01], [0.97, 1.0, 1.03], [0.9, 1.0, 1.2]]))
    return [round(level * each, 3) for each in draw(st.lists(st.sampled_from(noise), min_size=rounds, max_size=rounds))]


@st.composite
def _factors(draw, rounds):
    """By which a head becomes worse: in every round, or in some."""
    every = draw(st.sampled_from([1.0, 1.005, 1.01, 1.03, 1.3]))
    some = draw(st.lists(st.sampled_from([1.0, 1.0, 1.01, 1.05]), min_size=rounds, max_size=rounds))
    return [every * each for each in some]


def rank(verdict):
    """0 passes, 1 cannot be told, 2 falls."""
    return 0 if verdict in PASSES else 1 if verdict is Verdict.CANNOT_TELL else 2


def spread(low, middle, high):
    """Ratios whose interval is [low, high] at the level of a single benchmark: of 21 rounds the 6th and the 16th."""
    return [low] * 8 + [middle] * 5 + [high] * 8


@pytest.mark.parametrize(
    ("low", "estimate", "high", "verdict"),
    [
        (1.004, 1.040, 1.078, Verdict.CANNOT_TELL),  # ended in 3
        (1.012, 1.049, 1.087, Verdict.CANNOT_TELL),  # a worse one ended in 0, "no regression"
        (1.012, 1.051, 1.087, Verdict.CANNOT_TELL),  # ended in 2, though it may be 2 % slower
        (1.049, 1.060, 1.087, Verdict.CANNOT_TELL),
        (1.050, 1.060, 1.087, Verdict.SLOWER),
        (1.004, 1.040, 1.050, Verdict.CANNOT_TELL),
        (1.004, 1.040, 1.049, Verdict.SAME),
        (0.900, 1.040, 1.049, Verdict.NOT_SLOWER),
        (0.900, 0.920, 0.940, Verdict.FASTER),
    ],
)
def test_a_decision_in_three_parts(low, estimate, high, verdict):
    judged = judge({"a": paired(spread(low, estimate, high))}, {}, Rule())["a"]
    assert (judged.low, judged.estimate, judged.high) == pytest.approx((low, estimate, high))
    assert judged.verdict is verdict


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_worse_head_never_fares_better(data):
    # Would catch: an estimate that has a say, a floor that overrules the gate, a correction for many in which one
    # benchmark's fall lets another pass.
    number = data.draw(st.integers(1, 5))
    rounds = data.draw(st.sampled_from([5, 8, 13, 21]))
    ratios = [data.draw(_near_the_margin(rounds)) for _ in range(number)]
    factors = [data.draw(_factors(rounds)) for _ in range(number)]
    floors = {str(i): data.draw(st.sampled_from([0.0, 0.02, 0.05, 0.2])) for i in range(number)}
    rule = Rule(margin=data.draw(st.sampled_from([0.004, 0.02, 0.05])), alpha=data.draw(st.sampled_from([0.05, 0.3])))
    alike = data.draw(st.sampled_from([0.0, 0.1, 0.4]))
    before, after = (
        judge({str(i): paired(values, alike) for i, values in enumerate(of)}, floors, rule)
        for of in (ratios, np.multiply(ratios, factors).tolist())
    )
    for name, judged in before.items():
        assert rank(after[name].verdict) >= rank(judged.verdict)
    assert _code(after) in {Exit.FINE: {0, 2, 3}, Exit.TOO_NOISY: {2, 3}, Exit.WRONG_RESULT: {2}}[_code(before)]


def _code(judged):
    ranks = {rank(each.verdict) for each in judged.values()}
    return Exit.WRONG_RESULT if 2 in ranks else Exit.TOO_NOISY if 1 in ranks else Exit.FINE


@settings(deadline=None, max_examples=100)
@given(
    st.lists(_ratios, min_size=1, max_size=9),
    st.lists(_ratios, min_size=1, max_size=9),
    st.sampled_from([1.0, 1.01, 1.2, 3.0]),
)
def test_a_worse_head_of_processes_not_in_turn_never_fares_better(base, head, factor):
    before, after = (
        judge({"a": unpaired(base, np.multiply(head, by))}, {}, Rule(alpha=0.3))["a"] for by in (1.0, factor)
    )
    assert rank(after.verdict) >= rank(before.verdict)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(st.lists(_ratios, min_size=ROUNDS, max_size=ROUNDS), min_size=1, max_size=3),
    st.lists(st.sampled_from([None, 0.0, 1e-6, 0.01, 0.2, 0.31]), min_size=3, max_size=3),
    _worse,
    st.sampled_from([1.0, 1.6, 100.0]),
)
def test_the_exit_code_never_becomes_better(ratios, errors, slower, coarser):
    # Would catch: anything between the verdicts and the exit code that lets a worse head pass.
    def code(by, times):
        rows = [
            measured(
                str(i),
                [ratio * by for ratio in values],
                base_error=error,
                head_error=None if error is None else error * times,
            )
            for i, (values, error) in enumerate(zip(ratios, errors, strict=False))
        ]
        return outcome(comparison(*rows)).code

    order = (Exit.FINE, Exit.TOO_NOISY, Exit.WRONG_RESULT)
    assert order.index(code(slower, coarser)) >= order.index(code(1.0, 1.0))


def test_the_gate_agrees_with_the_intervals_that_it_prints():
    # Would catch: an interval at the margin or above that does not fall, or one that reaches it and passes alone.
    random = np.random.default_rng(1)
    for _ in range(300):
        ratios = np.exp(random.normal(random.normal(math.log(1.05), 0.04), 0.02, 21))
        judged = judge({"a": paired(ratios)}, {}, Rule())["a"]
        assert (judged.verdict is Verdict.SLOWER) == (judged.low >= 1.05)
        assert (judged.verdict in PASSES) == (judged.high < 1.05)


def test_holms_steps_decide_more_than_the_intervals():
    # Of many that are slower for certain, one more falls that alone in such company its interval would not show.
    sure = {str(i): paired([1.2] * 21) for i in range(23)}
    close = [1.04] * 4 + [1.06] * 17
    judged = judge({"close": paired(close), **sure}, {}, Rule())["close"]
    assert (judged.verdict, judged.low < 1.05) == (Verdict.SLOWER, True)


@pytest.mark.parametrize("floor", [0.0, 0.02, 0.2])
@pytest.mark.parametrize(("below", "above"), [(0.0, 0.0), (0.01, 0.01), (0.036, 0.038), (0.002, 0.05), (0.05, 0.002)])
def test_a_head_that_becomes_slower_step_by_step_never_fares_better(below, above, floor):
    # Would catch: +4.0 % [+0.4, +7.8] that cannot be told, and +4.9 % [+1.2, +8.7] that passes.
    ranks = []
    for step in range(80):
        ratio = 0.9 + 0.005 * step
        values = spread(ratio - below, ratio, ratio + above)
        ranks.append(rank(judge({"a": paired(values)}, {"a": floor}, Rule())["a"].verdict))
    assert ranks == sorted(ranks)
    assert {0, 2} <= set(ranks)
