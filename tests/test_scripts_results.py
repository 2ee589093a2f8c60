"""Names, results and manifests as they are read, files written whole, statistics, and numbers for people."""

import json
import math

import pytest
from hypothesis import given, strategies
from trilbench.files import write_whole
from trilbench.results import documents
from trilbench.results.names import lengths, parse_name, size_text
from trilbench.results.rows import read_cell
from trilbench.results.run import CellRecord, Manifest, NamedReason, Status, read_manifest, write_manifest
from trilbench.results.statistics import quantile, summarise
from trilbench.results.units import countdown, duration, factor, ratio
from trilbench.stop import Exit, Stop

NAME = "causal_mean/prefix_mean/auto-avx2/f32/B:8/T:1024/C:64/omp:2"


def test_a_name_comes_apart():
    # Would catch: what Google Benchmark appends taken for a part, axes out of order.
    name = parse_name(NAME + "/repeats:3/real_time")
    assert (name.text, name.operation, name.variant) == (NAME, "causal_mean", "prefix_mean/auto-avx2")
    assert (name.element, name.shape, name.threads) == ("f32", "8x1024x64", 2)


def test_a_name_with_tensors_comes_apart():
    # Would catch: a tensor's lengths taken for axes, 3x1@1x2 and 3x1x1x2 written alike, a vector that loses its @.
    text = "broadcast_matmul/batched_gemm/avx2/f32/X:3x1x2x2/Y:5x2x3/omp:1"
    name = parse_name(text + "/real_time")
    assert (name.text, name.shape, name.axis_names) == (text, "3x1x2x2@5x2x3", "X@Y")
    assert dict(name.axes) == {"X": (3, 1, 2, 2), "Y": (5, 2, 3)}
    assert parse_name("a/b/c/f32/X:7/Y:7x3/omp:1").shape == "7@7x3"
    assert parse_name("causal_softmax/online/avx2/f32/T:256/omp:1").shape == "256"


def test_a_name_with_heads_in_groups_comes_apart():
    # Would catch: a size that is no whole number refused, or written otherwise than the binaries take it.
    name = parse_name("causal_attention/fused/avx2/f32/B:1/H:8g2/T:1024/D:64/omp:1")
    assert (name.shape, name.axis_names) == ("1x8g2x1024x64", "BxHxTxD")
    assert [lengths(size) for _, size in name.axes] == [(1,), (8,), (1024,), (64,)]


LENGTHS = strategies.integers(1, 10**7)
TENSORS = strategies.lists(LENGTHS, min_size=2, max_size=6).map(tuple)


@given(strategies.lists(LENGTHS, min_size=1, max_size=4) | strategies.lists(TENSORS, min_size=1, max_size=3))
def test_a_shape_says_all_of_its_sizes(sizes):
    # Would catch: two shapes with one text, so that their cells write one file and their rows share a column.
    axes = "/".join(f"{axis}:{size_text(size)}" for axis, size in zip("XYZW", sizes, strict=False))
    name = parse_name(f"a/b/c/f32/{axes}/omp:1")
    assert [size for _, size in name.axes] == sizes
    words = name.shape.split("@" if isinstance(sizes[0], tuple) else "x")
    assert words == [size_text(size) for size in sizes]


REFUSED = ["", "causal_mean", "a/b/c/f32/omp:1", "a/b/c/f32/B:8", "a/b/c/f32/B:x/omp:1", "a/b/c/f32/X:3x/omp:1"]
REFUSED += [f"a/b/c/f32/H:{size}/omp:1" for size in ("8g", "g2", "8g2g2", "8h2")]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_name_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_name(text)


@pytest.mark.parametrize(
    ("whole", "real"),
    [
        ("12.345.678", "5,8998623647788158e+00"),  # as Google Benchmark 1.7.1 wrote them under such locales
        ("12,345,678", "5.8998623647788158e+00"),
        ("12'345'678", "5.8998623647788158e+00"),
        ("12 345 678", "5,8998623647788158e+00"),
        ("1,23,45,678", "5.8998623647788158e+00"),  # en_IN
    ],
)
def test_numbers_of_a_locale_are_read(whole, real):
    text = f'{{\n  "load_avg": [0,05,1,5,0,3],\n  "label": "1.234",\n  "n": {whole},\n  "t": {real},\n  "i": 1\n}}'
    value = documents.parse(text)
    assert value["n"] == 12345678
    assert (value["t"], value["i"], value["label"]) == (5.8998623647788158, 1, "1.234")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n "a": 1,\n "b":', "it ends in the midst of its JSON"),
        ('{\n "a": 1,\n "b": 1,5\n}', r'its line 3 is no JSON: "b": 1,5'),
        ("a" * 200, "its line 1 is no JSON: a{60}$"),
    ],
)
def test_what_is_no_json_is_told_by_its_line(text, words):
    # Would catch: a JSON parser's words in place of what stands there.
    with pytest.raises(ValueError, match=words):
        documents.parse(text)


@pytest.mark.parametrize("word", ["nan", "NaN", "-nan", "inf", "-inf", "Infinity", "-Infinity"])
def test_bare_words_for_numbers_are_read(word):
    # Would catch: a file of Google Benchmark 1.7 that cannot be read at all.
    value = documents.parse(f'{{"label": "nan, inf", "a": [1, {word}],\n"b": {word}\n}}')
    assert value["label"] == "nan, inf"
    assert not math.isfinite(value["b"])
    assert (value["b"] < 0) == (word in ("-inf", "-Infinity"))


def entry(name=NAME, **changes):
    return {
        "name": name + "/real_time",
        "run_type": "iteration",
        "iterations": 7,
        "real_time": 2.0,
        "cpu_time": 1.0,
        "time_unit": "ms",
        "threads": 1,
        "bytes_per_second": 5e9,
    } | changes


def cell(tmp_path, *entries):
    path = tmp_path / "cell.json"
    path.write_text(json.dumps({"context": {"caches": []}, "benchmarks": entries}))
    return read_cell(path)


def test_repetitions_that_take_turns_are_brought_together(tmp_path):
    # Would catch: rows split by interleaving, aggregates read, units forgotten, our counters mixed with others' keys.
    other = NAME.replace("prefix", "other")
    mean = entry(run_type="aggregate", aggregate_name="mean", real_time=99.0)
    rows = cell(tmp_path, entry(), entry(other), entry(real_time=3.0), entry(other), mean).rows
    assert [row.name.text for row in rows] == [NAME, other]
    assert [repetition.seconds for repetition in rows[0].repetitions] == [2e-3, 3e-3]
    assert rows[0].repetitions[0].counters == {"bytes_per_second": 5e9}


def test_a_row_that_failed_once_has_no_times(tmp_path):
    # Would catch: the other repetitions of a wrong row shown as if it were right.
    failed = entry(error_occurred=True, error_message="error_over_bound 3")
    (row,) = cell(tmp_path, entry(), failed).rows
    assert (row.repetitions, row.error) == ((), "error_over_bound 3")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it ends in the midst"),
        ("[]", r"\$: expected `object`"),
        ('{"context": {}}', "missing required field `benchmarks`"),
        ('{"context": {}, "benchmarks": [{}]}', r"\$\.benchmarks\[0\]: object missing required field `name`"),
        (json.dumps({"context": {}, "benchmarks": [entry(), {"name": NAME}]}), r"\$\.benchmarks\[1\].*`real_time`"),
        (json.dumps({"context": {}, "benchmarks": [entry(time_unit="h")]}), r"\$\.benchmarks\[0\]\.time_unit"),
    ],
)
def test_what_is_no_result_is_refused(tmp_path, text, message):
    path = tmp_path / "cell.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_cell(path)


def test_a_label_may_hold_any_bytes(tmp_path):
    path = tmp_path / "cell.json"
    path.write_bytes(json.dumps({"context": {}, "benchmarks": [entry(label="~")]}).encode().replace(b"~", b"\xe9\x1b"))
    assert read_cell(path).rows[0].name.text == NAME


def test_a_manifest_comes_back_as_it_was(tmp_path):
    manifest = Manifest(
        command="scripts/bench --quick",
        mode="quick",
        operations=("causal_mean",),
        flags=("--only=prefix_mean",),
        max_call=0.2,
        repetitions=3,
        started="2026-01-01T00:00:00+00:00",
        binaries={"causal_mean": "abc"},
        cells=(
            CellRecord("causal_mean", "4x8x2", 1, "openblas", Status.DONE, steal=0.01),
            CellRecord("causal_mean", "8x8x8", 1),
        ),
        peers=True,
        absent_peers=(NamedReason("other", "missing"),),
        skipped=(NamedReason("a", "b"),),
        warnings=("noisy",),
    )
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest


# As the version before peers wrote it.
EARLIER = """{
  "command": "scripts/bench --quick", "mode": "quick", "operations": ["causal_mean"], "flags": [], "max_call": 0.2,
  "repetitions": 3, "started": "2026-11-22T18:30:00+00:00", "finished": "", "binaries": {"causal_mean": "abc"},
  "environment": {"cpu": "x"}, "state_before": {"busy_cores": 0.1}, "state_after": {},
  "cells": [{"operation": "causal_mean", "shape": "4x8x2", "threads": 1, "status": "done", "command": "x",
             "seconds": 1.5, "message": ""}],
  "skipped": [], "failures": [{"name": "a", "reason": "b"}], "warnings": [], "format": 1
}"""


FAULTS = {
    '{"format": 99}': r"has format 99; this version reads formats up to 1: use a newer one",
    '{\n "format": 1,\n "command": "scripts': r"is damaged: its line 3 is no JSON: .command.: .scripts",
    '{\n "format": 1,\n "command":': r"is damaged: it ends in the midst of its JSON",
    '{"format": "1"}': r"is damaged: \$\.format: expected `int`",
    "[]": r"is damaged: \$\.format",
    EARLIER.replace(
        '"threads": 1', '"threads": "1"'
    ): r"is damaged: \$\.cells\[0\]\.threads: expected `int`, got `str`",
    EARLIER.replace('"done"', '"eaten"'): r"is damaged: \$\.cells\[0\]\.status: invalid enum value 'eaten'",
    EARLIER.replace('"shape"', '"shpe"'): r"is damaged: \$\.cells\[0\]: object",
    EARLIER.replace('"binaries"', '"binary"'): r"is damaged: \$: object contains unknown field `binary`",
    EARLIER.replace("scripts/bench", "scripts/b\ufffd"): r"is damaged: 'utf-8' codec",
}


@pytest.mark.parametrize(("text", "message"), FAULTS.items())
def test_a_damaged_file_is_told_in_a_line_with_the_place(tmp_path, text, message):
    # Would catch: a traceback, a parser's words without a place, a key that nobody reads and everybody believes in.
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode().replace("\ufffd".encode(), b"\xff"))
    with pytest.raises(Stop, match=rf"manifest\.json {message}") as stop:
        read_manifest(tmp_path)
    assert "\n" not in str(stop.value)
    assert stop.value.code == (Exit.NOT_COMPARABLE if "99" in text else Exit.TOOL_FAILED)


def test_a_full_disk_leaves_the_old_file(tmp_path):
    # Would catch: the manifest written before lost, half a file in its place, a traceback.
    path = tmp_path / "manifest.json"
    write_whole(path, "old")
    (tmp_path / "manifest.json.part").symlink_to("/dev/full")
    with pytest.raises(Stop, match=r"cannot write .*: No space left on device"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.json"]


def test_a_folder_that_vanished_is_told(tmp_path):
    with pytest.raises(Stop, match=r"cannot write .*: No such file"):
        write_whole(tmp_path / "gone" / "file", "text")


def test_a_manifest_of_an_earlier_version_is_read(tmp_path):
    # Would catch: a new field without a default, which makes every run kept so far unreadable.
    (tmp_path / "manifest.json").write_text(EARLIER)
    manifest = read_manifest(tmp_path)
    (cell,) = manifest.cells
    assert (cell.program, cell.file) == ("causal_mean", "raw/causal_mean/4x8x2-omp1.json")
    assert (manifest.peers, manifest.absent_peers, manifest.steal) == (False, (), None)


def test_a_librarys_cell_lies_beside_ours():
    cell = CellRecord("causal_mean", "4x8x2", 2, "openblas")
    assert (cell.program, cell.file) == ("causal_mean_openblas", "raw/causal_mean/4x8x2-omp2-openblas.json")


def test_quantiles_interpolate():
    assert quantile([3, 1, 2], 0.5) == 2
    assert quantile([1, 2, 3, 4], 0.5) == 2.5
    assert quantile([1, 2, 3], 0.9) == pytest.approx(2.8)
    assert quantile([5], 0.9) == 5


def test_a_summary_of_times():
    summary = summarise([2.0, 1.0, 3.0])
    assert (summary.minimum, summary.median) == (1.0, 2.0)
    assert summary.p90 == pytest.approx(2.8)
    assert summary.spread == pytest.approx((2.8 - 1.2) / 2)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (65e-9, "65.0 ns"),
        (1.234e-6, "1.23 us"),
        (0.13, "130 ms"),
        (2.5, "2.50 s"),
        (999.6e-6, "1.00 ms"),
        (34, "34.0 s"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_other_numbers_for_people():
    assert [factor(value) for value in (1690.4, 41.23, 0.933, 0.0421, 0.00001)] == [
        "1690x", "41.2x", "0.93x", "0.042x", "<.001x",
    ]  # fmt: skip
    assert [ratio(value) for value in (0.2134, 0.0, float("inf"))] == ["0.21", "0", "inf"]
    assert [countdown(value) for value in (45.4, 179)] == ["45 s", "3 min"]
