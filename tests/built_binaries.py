"""The benchmark binaries of the build folder in TRILBENCH_BUILD (default build/release), as tests call them."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
QUICKLY = "--benchmark_min_time=0.005"


@dataclass(frozen=True)
class Binary:
    """A program that the tests call with arguments."""

    path: Path

    def __call__(self, *arguments, timeout=300, prefix=(), **environment):
        """Runs it, behind `prefix` if there is one; `environment` is added to the test's own."""
        return subprocess.run(
            [*prefix, str(self.path), *arguments],
            capture_output=True,
            text=True,
            timeout=timeout,
            env=os.environ | environment,
        )

    def rows(self, *arguments):
        """The rows of a run's JSON."""
        result = self(*arguments, QUICKLY, "--benchmark_format=json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)["benchmarks"]

    def plan(self, *arguments):
        result = self(*arguments, "--list=json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)


def built(name):
    path = ROOT / os.environ.get("TRILBENCH_BUILD", "build/release") / "bench" / name
    if not path.exists():
        pytest.skip(f"{path} is not built")
    return Binary(path)


def one_line(text):
    """The only line of an error message."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    return lines[0]
