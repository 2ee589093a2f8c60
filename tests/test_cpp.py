"""The C++ tests: each of doctest's test cases, in a process of its own."""

import re
import shlex
import subprocess
from xml.etree import ElementTree

import pytest
from built_binaries import BUILD, LAUNCHER
from trilbench.paths import shown

PROGRAM = BUILD / "tests" / "trilbench_tests"
COMMAND = [*LAUNCHER, str(PROGRAM)]
SLOW = re.compile(r"by each of their checks alone|: long sequences|more than the caches hold|x alone stays in L2")


def listed_cases():
    """What the program lists; nothing where it is not built."""
    if not PROGRAM.exists():
        return []
    listed = subprocess.run([*COMMAND, "--list-test-cases", "--reporters=xml"], capture_output=True, text=True)
    assert listed.returncode == 0, f"{PROGRAM} does not list its tests: {listed.stderr}"
    return [parameter(case) for case in ElementTree.fromstring(listed.stdout).iter("TestCase")]


def parameter(case):
    name = case.get("name")
    marks = [pytest.mark.skip("by its author")] if case.get("skipped") == "true" else []
    marks += [pytest.mark.slow] if SLOW.search(name) else []
    return pytest.param(name, id=name, marks=marks)


@pytest.mark.parametrize("case", listed_cases())
def test_case(case):
    pattern = f"--test-case={case.replace(',', '?')}"  # a comma would end the pattern; ? matches any character
    done = subprocess.run([*COMMAND, pattern, "--no-intro"], capture_output=True, text=True, errors="replace")
    if done.returncode:
        ending = f"(ended by signal {-done.returncode})" if done.returncode < 0 else ""
        repeat = shlex.join([*LAUNCHER, shown(PROGRAM), pattern])
        pytest.fail(f"{done.stdout}{done.stderr}{ending}\nwithout pytest: {repeat}", pytrace=False)
