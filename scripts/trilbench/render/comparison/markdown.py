"""A comparison as Markdown, for a pull request."""

import re
import statistics
from collections.abc import Sequence

from trilbench.compute.comparison.outcome import Line, Outcome
from trilbench.compute.comparison.verdict import Rule
from trilbench.model.comparison import Comparison
from trilbench.render.comparison import words
from trilbench.render.comparison.calibration import in_short
from trilbench.render.units import count, duration


def markdown(comparison: Comparison, judged: Outcome, rule: Rule) -> str:
    """What says something stands open, what is the same is folded."""
    told = [line for line in judged.lines if not line.quiet]
    same = [line for line in judged.lines if line.quiet]
    parts = [
        f"### {_plain(words.headline(comparison, judged, rule))}",
        f"base: {_plain(comparison.base.label)} ({_plain(comparison.base.what)})  \n"
        f"head: {_plain(comparison.head.label)} ({_plain(comparison.head.what)})",
        "\n".join(f"- **{_plain(failure.name)}**: {_plain(failure.reason)}" for failure in comparison.failures),
        _table(told),
        _folded(f"{count(len(same), 'benchmark')} the same", _table(same)) if same else "",
        "\n".join(f"- {_plain(warning)}" for warning in words.warnings(comparison, judged)),
        f"{words.power(comparison, judged)}. {_plain(in_short(comparison.calibration))}.",
        _code(comparison.command),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    rows = ["| benchmark | base | head | head/base | corrected interval | verdict |", "|---|--:|--:|--:|--:|---|"]
    for line in lines:
        base, head = (duration(statistics.median(times)) for times in (line.measured.base, line.measured.head))
        verdict = "; ".join([line.judgement.verdict, *words.notes(line)])
        cells = [
            _plain(line.measured.name),
            base,
            head,
            words.percent(line.judgement.estimate),
            words.interval(line),
            verdict,
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _folded(summary: str, text: str) -> str:
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def _plain(text: str) -> str:
    """The text with everything escaped that Markdown or HTML would take for its own."""
    escaped = _one_line(text).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~@])", r"\\\1", escaped)


def _code(text: str) -> str:
    """As code, within more backticks than it holds."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence} {_one_line(text)} {fence}"


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)
