"""scripts/compare with programs of Google Benchmark's that are not this suite's, each odd in its own way."""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest
from trilbench.compare import runner as runners
from trilbench.compare.pairs import pair_up
from trilbench.compare.runner import Counting, list_names, runner
from trilbench.compare.session import Part, prepare
from trilbench.compare.sides import Side, find
from trilbench.results.statistics import median, times
from trilbench.setup.binary import Program, said
from trilbench.stop import Exit, Stop

ROOT = Path(__file__).resolve().parents[1]
PLAIN = {"seconds": 1e-6}
ODD_NAMES = [
    "BM_templ<int, 5>/8",
    "BM_templ<std::map<int, float>, 3>",
    "a name with spaces",
    "regex.*[a-z]{2}(x|y)^$+?\\d",
    "quote\"s and 'ticks' & <b>",
    "-minus",
    "ümläut ∑",
]


@pytest.fixture
def program(tmp_path):
    """Makes a program with these benchmarks; fake_google_benchmark.py says what else it may do."""

    def make(rows, name="program", **settings):
        description = tmp_path / f"{name}.json"
        description.write_text(json.dumps({"rows": rows, **settings}))
        path = tmp_path / name
        script = Path(__file__).parent / "fake_google_benchmark.py"
        path.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, str(script), str(description)])} "$@"\n')
        path.chmod(0o755)
        return Program(path, "")

    return make


@pytest.fixture
def pair(program, tmp_path):
    """The one pair of a comparison of two such programs."""

    def make(base, head=None, select="", flags=(), **settings):
        sides = [
            Side(name, name, (program(rows, name, **settings),))
            for name, rows in (("base", base), ("head", base if head is None else head))
        ]
        ((found,), _) = pair_up(*sides, select, flags, tmp_path)
        return found

    return make


def seconds_of(part):
    """Of a call of each benchmark, in one process."""
    return {name: median(times(ran)) for name, ran in part.run().items()}


def session(pair):
    return prepare([pair], Part(pair.base, {}))


@pytest.mark.parametrize(
    ("settings", "counting"),
    [
        ({}, Counting.BY_FLAG),
        ({"old": True}, Counting.NOT),
        ({"old": True, "leftovers": True}, Counting.NOT),
    ],
)
def test_how_a_program_counts_is_tried(program, tmp_path, settings, counting):
    # Would catch: a program believed to count because its main does not look for flags that nobody took; one refused
    # or thought old because --help shows words of its own (the stand-in has no --help at all).
    assert runner(program({"BM_x": PLAIN}, **settings), tmp_path, ()).counting is counting


@pytest.mark.parametrize("old", [False, True])
def test_every_name_finds_its_benchmark_again(pair, old):
    # Would catch: a backslash that libstdc++ refuses (before ] and }), /iterations:500 cut off as if the tool had added
    # it, names stripped of their blanks.
    rows = dict.fromkeys(ODD_NAMES, PLAIN)
    rows |= {"BM_fixed/iterations:500": {"fixed": 500}, "BM_fixed/iterations:1000/real_time/threads:2": {"fixed": 1000}}
    found = pair(rows, old=old)
    assert found.benchmarks == tuple(rows)
    measured = session(found)
    assert [row.name for row in measured.benchmarks] == [*rows]
    assert measured.unequal is old
    assert {*found.base.once(found.benchmarks, 0.01).by_name} == {*rows}
    (part,) = measured.sides["head"]
    assert seconds_of(part) == dict.fromkeys(rows, pytest.approx(1e-6))


def test_a_benchmark_runs_with_its_own_number_of_calls(pair):
    # Would catch: a filter that also matches name/real_time, whose row then has the other's number of calls.
    measured = session(pair({"BM_x/real_time": {"seconds": 1e-3}, "BM_x": {"seconds": 1e-6}}))
    assert {row.name: row.calls for row in measured.benchmarks} == {"BM_x": 10000, "BM_x/real_time": 10}
    (part,) = measured.sides["base"]
    ran = part.runner.counted(part.calls, 60.0)
    assert {name: row.repetitions[-1].iterations for name, row in ran.items()} == {"BM_x": 10000, "BM_x/real_time": 10}


@pytest.mark.parametrize("locale", [".,", ",.", ",\u202f", ".'", ", "])
def test_digits_in_groups_are_read(pair, locale):
    # Would catch: what a locale writes refused in a JSON parser's words, or 1.234 calls; load averages among them, of
    # which 0,05 is no number at all.
    measured = session(pair({"BM_x": {"seconds": 1.25e-3, "fixed": 12345678, "unit": "us"}}, locale=locale))
    assert [row.name for row in measured.benchmarks] == ["BM_x"]
    (part,) = measured.sides["base"]
    assert seconds_of(part) == {"BM_x": pytest.approx(1.25e-3)}
    ran = part.runner.once(["BM_x"], 0.01)
    assert ran.by_name["BM_x"].repetitions[-1].iterations == 12345678
    assert ran.context["mhz_per_cpu"] == 2100


def test_one_byte_that_is_not_utf_8(pair):
    # Would catch: a label of Latin-1 that takes the whole comparison with it, a name of it that no filter finds.
    rows = {"BM_caf\ufffd/8": PLAIN, "BM_x": PLAIN | {"adds": {"label": "caf\ufffd"}}}
    found = session(pair(rows))
    assert [row.name for row in found.benchmarks] == [*rows]
    (part,) = found.sides["head"]
    assert seconds_of(part) == dict.fromkeys(rows, pytest.approx(1e-6))


def test_names_that_occur_twice_are_told_and_the_others_compared(pair):
    # Would catch: two benchmarks mixed up, whose median lies between them.
    found = pair({"BM_x": PLAIN, "BM_y": PLAIN}, twice=["BM_y"])
    assert (found.benchmarks, found.missing, found.shared) == (("BM_x",), (), ("BM_y",))
    doubts = session(found).doubts
    assert doubts == ("not compared: several benchmarks are called BM_y: give each a name of its own",)
    with pytest.raises(Stop, match="several benchmarks are called BM_y: give each a name of its own") as stop:
        pair({"BM_x": PLAIN, "BM_y": PLAIN}, twice=["BM_y"], select="BM_y")
    assert stop.value.code is Exit.NOT_COMPARABLE


def test_aggregates_without_a_median_are_told(pair):
    # Would catch: "did not run" of what ran, or the mean in the median's place.
    row = {"aggregates_only": True, "aggregates": [["mean", 50]]}
    found = session(pair({"BM_x": PLAIN, "BM_y": row}))
    assert [each.name for each in found.benchmarks] == ["BM_x"]
    assert "BM_y fails in base already: reports aggregates without a median: let it" in found.doubts[0]


@pytest.mark.parametrize("settings", [{}, {"says_if_nothing_matches": "nothing ran"}])
def test_words_of_the_program_are_no_benchmarks(pair, settings):
    # Would catch: every line of stdout taken for a benchmark; a first benchmark taken for words.
    found = pair({"BM_x": PLAIN, "BM_y": PLAIN}, says=["built today", "process {pid}"], **settings)
    assert (found.benchmarks, found.missing, found.added) == (("BM_x", "BM_y"), (), ())


def test_only_what_is_chosen_is_asked_for_by_name(program, monkeypatch):
    # Would catch: a program that starts once for each of its thousand benchmarks, to list one; with words of its own
    # that match, "holds no benchmark" in place of none that matches.
    asked = []
    monkeypatch.setattr(runners, "said", lambda program, flags: asked.append(flags) or said(program, flags))
    foreign = program({f"BM_x/{i}": PLAIN for i in range(9)}, says=["built today", "process {pid}"])
    assert list_names(foreign, (), "x/[37]$") == ["BM_x/3", "BM_x/7"]
    assert len(asked) == 4
    assert list_names(foreign, (), "process") == []


@pytest.mark.parametrize(
    ("row", "seconds"),
    [
        ({"seconds": 2e-3, "unit": "ms"}, 2e-3),
        ({"seconds": 2.0, "unit": "s"}, 2.0),
        ({"seconds": 3e-6, "aggregates_only": True}, 3e-6),  # would catch: the mean, or nothing at all
        ({"seconds": 3e-6, "adds": {"x": float("nan"), "y": float("-inf"), "label": "\x1b[1mbold"}}, 3e-6),
    ],
)
def test_times_are_read_whatever_stands_beside_them(pair, row, seconds):
    (part,) = session(pair({"BM_x": row})).sides["base"]
    assert seconds_of(part) == {"BM_x": pytest.approx(seconds)}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"adds": {"error_occurred": True, "error_message": "no such device"}}, "no such device"),
        ({"adds": {"skipped": True, "skip_message": "needs AMX", "real_time": 0.0}}, "is skipped: needs AMX"),
        ({"seconds": 0.0, "fixed": 10}, "no time to compare"),  # would catch: a division by zero
        ({"crashes": True}, "was ended by signal 6"),
    ],
)
def test_what_head_cannot_run_is_told_by_name(pair, row, reason):
    # Would catch: one benchmark's failure that ends the whole comparison, or is laid at another's door.
    measured = session(pair({"BM_x": PLAIN, "BM_y": PLAIN, "BM_z": PLAIN}, {"BM_x": PLAIN, "BM_y": row, "BM_z": PLAIN}))
    assert [row.name for row in measured.benchmarks] == ["BM_x", "BM_z"]
    (failure,) = measured.failures
    assert failure.name == "BM_y"
    assert reason in failure.reason


def test_one_that_hangs_is_told_by_name(program, tmp_path):
    # Would catch: a comparison that waits for ever, or loses all benchmarks to one.
    foreign = runner(program({"BM_x": PLAIN, "BM_y": {"hangs": True}}), tmp_path, ())
    rows = foreign.once(["BM_x", "BM_y"], 0.01, timeout=6.0).by_name
    assert rows["BM_x"].repetitions
    assert rows["BM_y"].error == "did not end within 6 s"


def test_benchmarks_of_one_side_only(pair):
    found = pair({"BM_x": PLAIN, "BM_old": PLAIN}, {"BM_x": PLAIN, "BM_new": PLAIN})
    assert (found.benchmarks, found.missing, found.added) == (("BM_x",), ("BM_old",), ("BM_new",))
    assert [each.name for each in session(found).failures] == ["BM_old"]


def test_an_old_library_on_one_side_makes_both_run_for_equal_time(program, tmp_path):
    sides = [
        Side(name, name, (program({"BM_x": PLAIN}, name, old=old),)) for name, old in (("base", True), ("head", False))
    ]
    ((found,), _) = pair_up(*sides, "", (), tmp_path)
    measured = session(found)
    assert measured.unequal
    assert measured.benchmarks[0].calls == 0


def test_flags_after_two_dashes_reach_the_program(pair):
    # Would catch: flags that are silently dropped, when listing or when running.
    measured = session(pair({"BM_x": PLAIN}, flags=("--threads=4",), needs="--threads=4"))
    assert [row.name for row in measured.benchmarks] == ["BM_x"]


def test_a_program_may_return_what_it_likes(pair):
    # Would catch: trust in the exit code of programs that end with the number of their benchmarks.
    measured = session(pair({"BM_x": PLAIN, "BM_y": PLAIN}, returns_count=True))
    assert len(measured.benchmarks) == 2
    assert not measured.unequal


def test_a_choice_that_matches_nothing(pair):
    with pytest.raises(Stop, match="no benchmark whose name matches") as stop:
        pair({"BM_x": PLAIN}, select="^nothing$")
    assert stop.value.code is Exit.NOTHING_MATCHED


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"rows": {}}, "lists none"),
        ({"needs": "--data=x"}, "lists none; its last words: give me --data=x"),
        ({"ignores": ["--benchmark_list_tests"]}, "lists none"),
        ({"ignores": ["--benchmark_out"]}, "BM_x fails in base already: wrote no --benchmark_out"),
    ],
)
def test_programs_that_cannot_be_compared_say_why(pair, settings, words):
    # Would catch: a traceback, or "no readable result: [Errno 2]", where one sentence would help.
    rows = settings.get("rows", {"BM_x": PLAIN})
    with pytest.raises(Stop, match=words):
        session(pair(rows, **{key: value for key, value in settings.items() if key != "rows"}))


def test_a_command_that_is_no_benchmark_is_refused(tmp_path):
    # Would catch: the arguments that echo repeats, taken for benchmarks.
    sides = [Side("echo", "echo", (Program(Path("/bin/echo"), ""),))] * 2
    with pytest.raises(Stop, match="is no program of Google Benchmark's"):
        pair_up(*sides, "", (), tmp_path)


def test_a_file_that_cannot_be_executed_is_named(tmp_path):
    (tmp_path / "program").write_text("")
    with pytest.raises(Stop, match="is no program: it cannot be executed"):
        find(str(tmp_path / "program"), "release", install=False)


def test_a_real_program(tmp_path):
    # The suite's own program of the machine's limits, met as a stranger: Google Benchmark's own lists and files.
    path = ROOT / os.environ.get("TRILBENCH_BUILD", "build/release") / "bench" / "machine"
    if not path.exists():
        pytest.skip(f"{path} is not built")
    sides = [Side("machine", "machine", (Program(path, ""),))] * 2
    ((found,), _) = pair_up(*sides, "^machine/fma/sse2|^machine/fma/neon", ("--shapes=8192",), tmp_path)
    measured = session(found)
    assert len(measured.benchmarks) == 1
    (part,) = measured.sides["head"]
    assert 0 < seconds_of(part)[found.benchmarks[0]] < 1
