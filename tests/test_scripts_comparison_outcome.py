"""What a comparison comes to: rounds that do not count, sentinels, advice, failures, and the exit code."""

import math

import fake_comparison
import pytest
from fake_comparison import comparison, measured, rounds
from trilbench.compare.record import Measured, read_comparison
from trilbench.compare.text import notes
from trilbench.compare.verdict import Known, Verdict, outcome
from trilbench.results import documents
from trilbench.results.run import NamedReason
from trilbench.stop import Exit, Stop


def judged(of, floors=()):
    return outcome(of, Known(dict(floors)))


def test_the_worst_comes_first():
    found = judged(
        comparison(measured("same"), measured("faster", 0.8), measured("slower", 1.2), measured("worse", 1.3))
    )
    assert [line.measured.name for line in found.lines] == ["worse", "slower", "faster", "same"]
    assert found.code == Exit.WRONG_RESULT


def test_the_same_machine_code_is_advice():
    # Would catch: a gate that falls for how the linker laid out what did not change.
    found = judged(comparison(measured("a", 1.2, same_code=True)))
    assert found.lines[0].judgement.verdict is Verdict.SLOWER
    assert found.code == Exit.FINE
    assert judged(comparison(measured("a", 1.2, same_code=False))).code == Exit.WRONG_RESULT
    assert judged(comparison(measured("a", 1.2, same_code=None))).code == Exit.WRONG_RESULT


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("causal_mean/openblas_strmm/peer/f32/B:4/T:8/C:2/omp:1", Exit.FINE),
        ("causal_mean/tril_gemm/avx2/f32/B:4/T:8/C:2/omp:1", Exit.WRONG_RESULT),
    ],
)
@pytest.mark.parametrize("errors", [(0.2, 0.2), (0.2, 0.9)])
def test_a_library_is_held_against_nobody(name, code, errors):
    # Would catch: a commit of ours that falls for another project's kernel.
    found = judged(comparison(measured(name, 1.2, base_error=errors[0], head_error=errors[1])))
    assert (found.code, "a library's: held against nobody" in notes(found.lines[0])) == (code, code == Exit.FINE)
    assert any("less accurate" in note for note in notes(found.lines[0])) == (errors[1] > errors[0])


def test_noise_of_the_same_machine_code_is_no_open_question():
    # Would catch: a comparison that cannot tell whether what did not change became slower.
    noise = [0.9, 1.0, 1.1] * 7
    assert judged(comparison(measured("a", noise, same_code=True))).code == Exit.FINE
    assert judged(comparison(measured("a", noise, same_code=False))).code == Exit.TOO_NOISY


@pytest.mark.parametrize(
    ("base", "head", "code"),
    [
        (0.0, 1e-6, Exit.FINE),  # would catch: any error at all where base has none
        (0.0, 0.01, Exit.FINE),
        (0.0, 0.011, Exit.WRONG_RESULT),
        (0.001, 0.009, Exit.FINE),
        (0.008, 0.0121, Exit.WRONG_RESULT),
    ],
)
def test_an_error_that_is_as_good_as_none_is_no_regression(base, head, code):
    assert judged(comparison(measured("a", base_error=base, head_error=head))).code == code


def test_less_accurate_is_a_regression_even_where_the_code_is_faster():
    found = judged(comparison(measured("a", 0.5, base_error=0.2, head_error=0.31)))
    assert found.code == Exit.WRONG_RESULT
    assert judged(comparison(measured("a", 0.5, base_error=0.2, head_error=0.29))).code == Exit.FINE


def test_failures_fall_through_the_gate_alone():
    assert judged(comparison(failures=(NamedReason("a", "wrong"),))).code == Exit.WRONG_RESULT


@pytest.mark.parametrize("others", [(), (measured("a"),)])
def test_what_nobody_has_seen_is_no_pass(others):
    # Would catch: exit code 0 for a benchmark that head left out.
    unseen = {"unseen": (NamedReason("b", "head skipped it"),)}
    assert judged(comparison(*others, **unseen)).code == Exit.TOO_NOISY
    assert judged(comparison(measured("c", 1.2), *others, **unseen)).code == Exit.WRONG_RESULT


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ({"others": 0.9}, "other programs kept a core busy"),
        ({"others": 0.9, "free": 1.0}, "other programs kept a core busy"),
        ({"others": 33.0, "free": 63.0}, "other programs kept a core busy"),
        ({"others": 0.9, "free": 0.0}, "other programs kept a core busy"),
        ({"core_share": 0.94}, "another program or a quota took a part of the cores in use"),
        ({"steal": 0.2}, "the hypervisor took the CPU"),
        ({"sentinels": {"fma": 1.2e-3, "copy": 1e-3}}, "fma, which is the same on both sides, took longer on one"),
    ],
)
def test_a_disturbed_round_does_not_count(trouble, reason):
    # Would catch: rounds dropped by their ratio, which would find what one wants to find; trouble on base unseen.
    for side in ("base", "head"):
        disturbed = rounds(18) + rounds(3, **{side: trouble})
        found = judged(comparison(measured("a", [1.0] * 18 + [9.0] * 3), rounds=disturbed))
        assert (found.rounds, dict(found.disturbed), found.untold) == (18, {reason: 3}, "")
        assert found.lines[0].judgement.verdict is Verdict.SAME


def test_what_is_not_known_of_the_machine_is_no_disturbance():
    unknown = rounds(21, base={"others": None, "steal": None})
    assert judged(comparison(measured("a"), rounds=unknown)).rounds == 21


def test_programs_on_cores_that_were_free_are_no_disturbance():
    # Would catch: a daemon on a machine of sixty-four cores that makes every comparison there say nothing.
    roomy = rounds(21, base={"others": 3.0, "free": 63.0, "core_share": 0.99})
    assert judged(comparison(measured("a"), rounds=roomy)).rounds == 21


def test_too_many_disturbed_rounds_say_nothing():
    # Would catch: a verdict from what a busy machine left over.
    busy = rounds(16) + rounds(5, head={"others": 1.0})
    assert judged(comparison(measured("a", same_code=True), rounds=busy)).code == Exit.TOO_NOISY
    found = judged(comparison(measured("a", 1.5), rounds=busy))
    assert found.untold == "5 of 21 rounds were disturbed"
    assert (found.lines[0].judgement.verdict, found.code) == (Verdict.CANNOT_TELL, Exit.TOO_NOISY)


def test_work_that_is_the_same_and_differs_takes_every_verdict_away():
    # Would catch: a machine that treats the sides differently, by 3 %, round for round.
    uneven = rounds(21, head={"sentinels": {"fma": 1.03e-3, "copy": 1e-3}})
    found = judged(comparison(measured("a", 1.5), rounds=uneven))
    assert found.untold == "fma, which is the same on both sides, differs too"
    assert found.code == Exit.TOO_NOISY


def test_nothing_measured_is_nothing_told():
    found = judged(comparison())
    assert (found.lines, found.rounds, found.code) == ((), 21, Exit.FINE)


def runs(base, head):
    """A benchmark of runs that lie there: seconds, run by run."""
    row = Measured("a", 0, base=tuple(base), head=tuple(head))
    return comparison(row, rounds=(), paired=False, runs=(len(base), len(head)))


@pytest.mark.parametrize("head", [0.5, 1.0, 1.3])
def test_two_runs_of_one_process_each_cannot_be_told_apart(head):
    row = Measured("a", 0, base=(1.0, 1.01, 1.02) * 40, head=(head, head * 1.01) * 50)
    found = judged(comparison(row, rounds=(), paired=False))  # a file of old, that holds repetitions
    assert found.untold == judged(runs([1.0], [head])).untold
    (line,) = found.lines
    assert line.judgement.estimate == pytest.approx(head, rel=0.01)
    assert (line.judgement.low, line.judgement.high, line.judgement.worth_a_look) == (0.0, math.inf, False)
    assert line.judgement.verdict is Verdict.CANNOT_TELL
    assert "each run is one process" in found.untold
    assert found.code == Exit.TOO_NOISY


def test_several_runs_a_side_are_judged_run_by_run():
    # Would catch: runs that are paired by their place, one against one; too few that say anything.
    base = [1.0, 1.01, 1.02, 1.03]
    assert judged(runs(base, [1.2, 1.21, 1.23, 1.22])).code == Exit.WRONG_RESULT
    assert judged(runs(base, base[::-1])).lines[0].judgement.verdict is Verdict.SAME
    assert judged(runs(base, [1.0, 1.2, 1.03, 0.9])).code == Exit.TOO_NOISY
    few = judged(runs(base[:3], [1.2, 1.21, 1.23]))
    assert (
        few.untold == "a run is one process, and to tell anything of 1 benchmark takes 4 runs a side, or --select fewer"
    )
    assert few.code == Exit.TOO_NOISY


def test_rounds_that_are_alike_count_as_fewer():
    # Would catch: an autocorrelation that is estimated and has no say, whether these rounds show it or a self-test did.
    drift = [1.06 + 0.02 * math.sin(i / 3) for i in range(21)]
    found = judged(comparison(measured("a", drift)))
    assert (found.autocorrelation > 0.8, found.worth < 3) == (True, True)
    assert found.lines[0].judgement.verdict is Verdict.CANNOT_TELL
    noise = [1.08, 1.1, 1.07, 1.12, 1.09, 1.11, 1.06] * 3
    assert judged(comparison(measured("a", noise))).code == Exit.WRONG_RESULT
    remembered = outcome(comparison(measured("a", noise)), Known({}, {"a": 0.7}))
    assert remembered.code == Exit.TOO_NOISY


def test_two_runs_show_what_became_wrong():
    row = Measured("a", 0, base=(1.0,), head=(1.0,), base_error=0.2, head_error=0.4)
    assert judged(comparison(row, rounds=(), paired=False)).code == Exit.WRONG_RESULT


def test_a_comparison_comes_back_as_it_was_written(tmp_path):
    # Would catch: a field that is lost on the way, from which a verdict could not be computed again.
    full = comparison(
        measured("a", 1.2, same_code=True, base_error=0.2),
        failures=(NamedReason("b", "wrong"),),
        added=("c",),
        unseen=(NamedReason("d", "skipped"),),
        doubts=("a run warns",),
        calibration=fake_comparison.calibration(),
    )
    documents.write(tmp_path / "compare.json", full)
    assert read_comparison(tmp_path / "compare.json") == full


@pytest.mark.parametrize("text", ["", "[]", '{"format": 1}', '{"format": 2}', "{", '{"format": 1, "base": 3}'])
def test_a_damaged_comparison_is_refused(tmp_path, text):
    file = tmp_path / "compare.json"
    file.write_text(text)
    with pytest.raises(Stop, match=r"is damaged: |has format 2"):
        read_comparison(file)
