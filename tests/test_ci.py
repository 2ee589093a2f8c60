"""What runs the tests elsewhere: .ci/run and the workflow of GitHub's, as far as they can be tried here."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from built_binaries import ROOT
from trilbench.setup import libraries

WORKFLOW = ROOT / ".github" / "workflows" / "test.yml"
SCRIPTS = [ROOT / ".ci" / "run", ROOT / "requirements" / "lock"]


def job():
    (only,) = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    return only


def test_the_workflow_runs_the_commands_of_the_readme():
    # Would catch: a command that the README gives and nobody tries.
    text = (ROOT / "README.md").read_text()
    commands = re.findall(r"^    (scripts/\w+)", text, re.MULTILINE)[:2]
    assert commands == ["scripts/bench", "scripts/test"]
    steps = [each.get("run", "") for each in job()["steps"]]
    assert [step.split()[0] for step in steps if step.startswith("scripts/")] == commands


def test_the_workflow_tries_each_kind_of_system():
    matrix = job()["strategy"]["matrix"]["include"]
    assert {each["image"].partition(":")[0] for each in matrix} == {"debian", "ubuntu", "fedora"}
    assert any(each["runner"].endswith("-arm") for each in matrix)


def test_fedoras_packages_are_those_that_cmake_names():
    # Would catch: a library that CMake needs and Fedora is not asked for.
    step = next(each["run"] for each in job()["steps"] if "dnf install" in each.get("run", ""))
    assert {library.fedora for library in libraries.declared().values()} <= set(step.split())


def test_the_workflow_takes_nothing_from_strangers():
    document = yaml.safe_load(WORKFLOW.read_text())
    assert document["permissions"] == {"contents": "read"}
    steps = job()["steps"]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each["uses"]) for each in steps if "uses" in each)
    assert not [each for each in steps if "${{" in each.get("run", "")]


def test_every_check_of_ci_is_there():
    # Would catch: a check that went with its neighbour.
    text = (ROOT / ".ci" / "run").read_text()
    functions = set(re.findall(r"^(\w+)\(\) \{", text, re.MULTILINE)) - {"check"}
    calls = re.findall(r'^check "([^"]+)" (?:env [A-Z_=0-9]+ )?(\S+)', text, re.MULTILINE)
    assert len({name for name, _ in calls}) == len(calls) >= 16
    assert functions <= {command for _, command in calls}
    assert any("scripts/test --all" in line for line in text.splitlines() if line.startswith("check "))
    for option in set(re.findall(r"scripts/test.* (--[a-z-]+)", text)):
        done = subprocess.run([sys.executable, ROOT / "scripts" / "test", "--help"], capture_output=True, text=True)
        assert option in done.stdout


def test_warnings_are_looked_for_before_their_log_begins_anew():
    # Would catch: warnings of the optimised build that went with its log, which every later build begins anew.
    checks = re.findall(r'^check "[^"]+" (.+)$', (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert [checks[i + 1] for i, command in enumerate(checks) if command == "scripts/test --all"] == ["no_warnings"]
    assert checks.count("no_warnings") == 2


@pytest.mark.parametrize(("log", "passes"), [(None, False), ("a.cpp: warning: odd\n", False), ("[1/1] a.cpp\n", True)])
def test_warnings_fail_and_so_does_a_missing_log(tmp_path, log, passes):
    # Would catch: no warnings found because there is nothing to look in.
    function = re.search(r"^no_warnings\(\) .*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    if log is not None:
        (tmp_path / "build" / "release").mkdir(parents=True)
        (tmp_path / "build" / "release" / "build.log").write_text(log)
    done = subprocess.run(["bash", "-c", f"{function[0]}\nno_warnings"], cwd=tmp_path, capture_output=True)
    assert (done.returncode == 0) == passes


def texts():
    """The shell scripts, and those in the workflows."""
    for path in SCRIPTS:
        yield pytest.param(path.read_text(), id=path.name)
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml")):
        for each in yaml.safe_load(path.read_text())["jobs"].values():
            for number, step in enumerate(each["steps"]):
                if "run" in step:
                    yield pytest.param("#!/usr/bin/env bash\n" + step["run"], id=f"{path.name}-{number}")


@pytest.mark.parametrize("text", list(texts()))
def test_shell_scripts_are_sound(text):
    checker = Path(sys.executable).with_name("shellcheck")
    found = str(checker) if checker.exists() else shutil.which("shellcheck")
    if not found:
        pytest.skip("shellcheck is missing; scripts/test --all installs it")
    done = subprocess.run([found, "-"], input=text, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
