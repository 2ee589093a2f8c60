"""--explain: what each row's plan chose and why, of every program, without running anything."""

import json

import pytest
from built_binaries import built, built_programs


def explained(binary, *arguments):
    result = binary(*arguments, "--explain=json")
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("program", built_programs())
def test_every_listed_row_explains_itself(program):
    binary = built(program)
    listed = [row["name"] for row in binary.plan()["rows"]]
    rows = explained(binary)["rows"]
    assert [row["name"] for row in rows] == listed
    for row in rows:
        assert row["lines"], row["name"]
        assert all(line["topic"] and line["text"] for line in row["lines"]), row
        assert (row["lines"][0]["topic"] == "skipped") == bool(row["skipped"])


def test_people_read_the_same(binary):
    arguments = ("--shapes=8x1024x64", "--only=prefix_mean,running_sum")
    text = binary(*arguments, "--explain").stdout
    for row in explained(binary, *arguments)["rows"]:
        implementation, isa = row["name"].split("/")[1:3]
        assert f"\n{implementation}/{isa} 8x1024x64 omp:1\n" in text
        words = " ".join(text.split())
        assert all(" ".join(line["text"].split()) in words for line in row["lines"])


def test_nothing_is_run(binary):
    """A call of scalar_loop would take more than a minute, and the arrays more than any machine has."""
    rows = explained(binary, "--shapes=64x131072x65536", "--only=scalar_loop,prefix_mean")["rows"]
    prefix_mean = [row for row in rows if "/prefix_mean/" in row["name"] and "CPU" not in row["skipped"]]
    assert prefix_mean
    for row in prefix_mean:
        assert not row["skipped"]
        assert [line["topic"] for line in row["lines"] if line["topic"] != "workspace"]


def test_a_plain_loop_says_that_it_has_no_plan(binary):
    row = explained(binary, "--shapes=4x8x2", "--threads=1", "--only=running_sum", "--isa=scalar")["rows"][0]
    assert row["lines"][0] == {"topic": "plan", "text": "none: it goes by the sizes alone"}


def test_no_row_is_an_exit_of_its_own(binary):
    result = binary("--only=prefix_mean", "--isa=scalar", "--explain")
    assert result.returncode == 5
    assert "no row is built as asked" in result.stderr
