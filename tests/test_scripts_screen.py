"""What the commands print on: any width, any letters."""

import io
import os
import subprocess
import sys
from pathlib import Path

import fake_family
import pytest
from rich.console import Console
from trilbench.report import terminal as screen
from trilbench.report.printed import print_operations, print_reasons
from trilbench.report.table import make_tables
from trilbench.results.run import NamedReason

SCRIPTS = Path(__file__).parents[1] / "scripts"

PRINTS_A_RULE = r"""
import sys
from types import SimpleNamespace
from trilbench.main import COMMANDS, main
from trilbench.setup import environment
environment.enter = lambda *_, **__: None
COMMANDS["rule"] = (SimpleNamespace(parse=lambda _: SimpleNamespace(no_install=True)), "rule.command")
sys.modules["trilbench.rule.command"] = SimpleNamespace(main=lambda _: print("\u2500\u2500 \u03b1") or 0)
sys.exit(main("rule", []))
"""


@pytest.mark.parametrize(
    "variables",
    [{"PYTHONIOENCODING": "latin-1"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
)
def test_letters_that_the_screen_lacks_are_replaced(variables):
    # Would catch: a traceback at the table's rule, after two minutes of measuring.
    environment = os.environ | variables
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}){PRINTS_A_RULE}"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"-- ?\n", b"")


@pytest.mark.parametrize(("columns", "width"), [("", 100), ("80", 80), ("173", 173), ("9", 60), ("0", 100), ("x", 100)])
def test_columns_are_honoured_where_output_is_piped(monkeypatch, columns, width):
    # Would catch: a width of the author's own.
    monkeypatch.setenv("COLUMNS", columns)
    assert screen.console().width == width


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_tables_and_sentences_fit(width):
    # Would catch: lines of 173 columns, a name or a path broken in two.
    text = io.StringIO()
    console = Console(width=width, highlight=False, file=text)
    print_operations(console, make_tables(fake_family.rows()))
    long = (
        "a call of this variant on this shape would take longer than this mode allows, 3.9 s, and so it was left away"
    )
    print_reasons(console, "skipped:", [NamedReason("causal_mean/prefix_mean/avx2/f32/B:4/T:8/C:2/omp:1", long)])
    lines = text.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert long in " ".join(line.strip() for line in lines)
