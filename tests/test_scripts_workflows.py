"""The workflows for GitHub Actions: what can be tried of them away from GitHub."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
OURS = ROOT / ".github" / "workflows" / "compare.yml"
FOR_OTHERS = ROOT / "docs" / "workflows" / "compare.yml"
COMMENT = ROOT / ".github" / "workflows" / "compare-comment.yml"
ALL = [OURS, FOR_OTHERS, COMMENT]
MARKER = "<!-- trilbench compare -->"
MOST = 65536

# Calls the script as actions/github-script does, with a GitHub that is a list of comments.
HARNESS = """
const state = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const calls = [];
const note = (name) => async (options) => { calls.push({ name, ...options }); };
const github = {
  paginate: async (method, options) => method(options),
  rest: {
    pulls: { list: async (options) => { calls.push({ name: 'pulls', ...options }); return state.pulls; } },
    issues: {
      listComments: async () => state.comments,
      createComment: note('create'),
      updateComment: note('update'),
    },
  },
};
const context = { repo: { owner: 'o', repo: 'r' }, payload: { workflow_run: state.run } };
const AsyncFunction = (async () => {}).constructor;
new AsyncFunction('github', 'context', 'core', 'require', state.script)(github, context, { notice() {} }, require)
  .then(() => console.log(JSON.stringify(calls)));
"""


def job(path):
    (only,) = yaml.safe_load(path.read_text())["jobs"].values()
    return only


def step(path, name):
    return next(each for each in job(path)["steps"] if each.get("name") == name)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.parent.name + "-" + path.name)
def test_what_runs_is_pinned_and_takes_nothing_from_strangers(path):
    # Would catch: another's action at a tag that may move; a branch's or a title's text in the middle of a script; the
    # pull request's code beside a token that can write.
    steps = job(path)["steps"]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each["uses"]) for each in steps if "uses" in each)
    scripts = [each.get("run") or each.get("with", {}).get("script", "") for each in steps]
    assert not [script for script in scripts if "${{" in script]
    allowed = yaml.safe_load(path.read_text())["permissions"]
    if path == COMMENT:
        assert (allowed, job(path)["permissions"]) == ({}, {"actions": "read", "pull-requests": "write"})
        assert not [each for each in steps if "run" in each or each["uses"].startswith("actions/checkout")]
    else:
        assert allowed == {"contents": "read"}
        assert "permissions" not in job(path)


@pytest.mark.parametrize("path", [OURS, FOR_OTHERS], ids=["ours", "for-others"])
def test_the_flags_of_compare_exist(path):
    # Would catch: a flag renamed, and the workflow that names it forgotten.
    line = next(line for line in step(path, "compare")["run"].splitlines() if "scripts/compare" in line)
    done = subprocess.run([sys.executable, ROOT / "scripts" / "compare", "--help"], capture_output=True, text=True)
    flags = re.findall(r"--[a-z-]+", line.partition("scripts/compare")[2].partition('"$(')[0])
    assert {"--budget", "--out"} <= {*flags}
    assert [flag for flag in flags if not re.search(rf"{flag}\b", done.stdout)] == []


def test_the_comment_follows_the_workflow_by_its_name():
    # Would catch: a workflow renamed, after which no comment is ever made.
    (named,) = yaml.safe_load(COMMENT.read_text())[True]["workflow_run"]["workflows"]  # YAML 1.1 reads `on` as true
    assert [yaml.safe_load(path.read_text())["name"] for path in (OURS, FOR_OTHERS)] == [named, named]
    upload = next(each for each in job(OURS)["steps"] if each.get("uses", "").startswith("actions/upload-artifact"))
    download = job(COMMENT)["steps"][0]
    assert upload["with"]["name"] == download["with"]["name"]
    out = re.search(r"--out (\S+)", step(OURS, "compare")["run"])[1]
    assert (f"{out}/compare.*" in upload["with"]["path"]) and download["with"]["path"] == out


@pytest.mark.parametrize("path", [OURS, FOR_OTHERS], ids=["ours", "for-others"])
@pytest.mark.parametrize(("code", "fails"), [("0", 0), ("1", 1), ("2", 1), ("3", 0), ("4", 1), ("5", 1), ("", 1)])
def test_what_fails_the_check(path, code, fails):
    # Would catch: a check that noise turns red, and one that stays green without a result.
    script = step(path, "verdict")["run"]
    done = subprocess.run(["bash", "-e", "-c", script], env={"CODE": code}, capture_output=True, text=True)
    assert done.returncode == fails
    assert done.stdout.strip()


@pytest.mark.parametrize("code", [0, 2])
def test_the_exit_code_outlives_its_step(tmp_path, code):
    # Would catch: a shell that stops at the first failure, so that neither summary nor comment is made.
    (tmp_path / "scripts").mkdir()
    for name, text in (("scripts/compare", f'echo "$@" >args; exit {code}'), ("git", "echo $1-$2")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "BASE": "base", "GITHUB_OUTPUT": str(tmp_path / "output")}
    script = step(OURS, "compare")["run"]
    done = subprocess.run(["bash", "-e", "-c", script], env=environment, cwd=tmp_path, check=False)
    assert done.returncode == 0
    assert (tmp_path / "output").read_text() == f"code={code}\n"
    assert (tmp_path / "args").read_text().split()[-2:] == ["merge-base-base", "rev-parse-HEAD"]


@pytest.fixture
def comment(tmp_path):
    """Runs the script that comments, in a folder that holds `text` as compare.md, and returns what it asked GitHub."""
    node = shutil.which("node")
    if not node:
        pytest.skip("node is missing (Debian: nodejs)")
    (tmp_path / "comparison").mkdir()
    run = {
        "head_sha": "a" * 40,
        "head_branch": "topic",
        "head_repository": {"owner": {"login": "stranger"}},
        "html_url": "https://example.org/run",
    }
    script = job(COMMENT)["steps"][1]["with"]["script"]

    def comment(text=None, comments=(), head_sha="a" * 40):
        if text is not None:
            (tmp_path / "comparison" / "compare.md").write_text(text)
        state = {
            "script": script,
            "run": run,
            "comments": comments,
            "pulls": [{"number": 7, "head": {"sha": head_sha}}],
        }
        done = subprocess.run(
            [node, "-e", HARNESS], input=json.dumps(state), capture_output=True, text=True, cwd=tmp_path, check=True
        )
        asked, *written = json.loads(done.stdout)
        assert asked["head"] == "stranger:topic"
        return written

    return comment


def by(login, body, number=1):
    return {"id": number, "user": {"login": login}, "body": body}


def test_the_first_comment_is_made_and_later_ones_replace_it(comment):
    # Would catch: a new comment for every push.
    (made,) = comment("### no regression\n")
    assert (made["name"], made["issue_number"]) == ("create", 7)
    assert made["body"].startswith(f"{MARKER}\n### no regression\n")
    assert "https://example.org/run" in made["body"]
    (changed,) = comment("### regression\n", [by("x", "hello"), by("github-actions[bot]", made["body"], 42)])
    assert (changed["name"], changed["comment_id"]) == ("update", 42)


def test_nobody_elses_comment_is_touched(comment):
    # Would catch: a stranger's comment that carries the marker, overwritten with this workflow's token.
    comments = [by("stranger", f"{MARKER}\n"), by("github-actions[bot]", f"quoted: {MARKER}")]
    (made,) = comment("text", comments)
    assert made["name"] == "create"


def test_a_pull_request_that_moved_on_gets_no_comment(comment):
    # Would catch: the answer for an old commit, shown for a new one.
    assert comment("text", head_sha="b" * 40) == []


def test_no_result_is_said(comment):
    assert "gave no result" in comment()[0]["body"]


@pytest.mark.parametrize("length", [MOST - 400, MOST, 5 * MOST])
def test_a_long_answer_is_cut_between_lines_and_folds_are_closed(comment, length):
    # Would catch: a comment that GitHub refuses; half a row; the foot within a fold that never ends.
    row = "| BM_x | 1 us | 1 us | +0.0% | -1.0% to +1.0% | same |\n"
    text = "### no regression\n\n<details><summary>many</summary>\n\n" + row * (length // len(row)) + "\n</details>\n"
    (made,) = comment(text)
    body = made["body"]
    assert len(body) <= MOST
    assert body.count("<details>") == body.count("</details>")
    assert {line for line in body.splitlines() if line.startswith("|")} == {row.rstrip()}
    assert ("Cut here" in body) is (length >= MOST)
