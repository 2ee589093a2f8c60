"""Stand-ins for what the scripts call."""

import sys
from pathlib import Path

import pytest


class FakeBinary:
    """A program that answers as build/release/bench/causal_mean does (fake_benchmark.py)."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = folder / "causal_mean"
        self.path.write_text(f'#!/bin/sh\nexec {sys.executable} {Path(__file__).parent}/fake_benchmark.py "$@"\n')
        self.path.chmod(0o755)
        self._calls = folder / "calls"
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("FAKE_CALLS", str(self._calls))

    def misbehave(self, **behaviours: str) -> None:
        """From now on: shapes, as s4x8x2, and what goes wrong there."""
        words = (f"{shape.removeprefix('s')}:{what}" for shape, what in behaviours.items())
        self._monkeypatch.setenv("FAKE", " ".join(words))

    def calls(self) -> list[str]:
        """The shapes it was asked to measure, in order."""
        return self._calls.read_text().split() if self._calls.exists() else []


@pytest.fixture
def fake_binary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeBinary:
    folder = tmp_path / "bin"
    folder.mkdir()
    return FakeBinary(folder, monkeypatch)
