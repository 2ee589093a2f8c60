"""A comparison as Markdown, for a pull request, and as JUnit's XML."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from trilbench.compare import words
from trilbench.compare.outcome import Line, Outcome
from trilbench.compare.record import Comparison
from trilbench.compare.verdict import Rule, Verdict
from trilbench.results.units import count


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
        f"{words.power(comparison, judged)}. {_plain(words.calibrated(comparison.calibration))}.",
        _code(comparison.command),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(lines: Sequence[Line]) -> str:
    if not lines:
        return ""
    rows = ["| benchmark | base | head | head/base | corrected interval | verdict |", "|---|--:|--:|--:|--:|---|"]
    for line in lines:
        verdict = "; ".join([line.judgement.verdict, *words.notes(line)])
        rows.append(f"| {' | '.join([_plain(line.measured.name), *words.cells(line), verdict])} |")
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


# A comparison as JUnit's XML, which CI servers show.


def junit(comparison: Comparison, judged: Outcome) -> str:
    """A test case a benchmark: failed if it regressed, skipped if it cannot be told."""
    found = []
    for line in judged.lines:
        _, _, ratio, interval = words.cells(line)
        kind = {Verdict.CANNOT_TELL: "skipped"}.get(line.judgement.verdict, "system-out")
        text = "; ".join([f"{ratio} ({interval}): {line.judgement.verdict}", *words.notes(line)])
        found.append((line.measured.name, "failure" if line.regressed else kind, text))
    found += [(each.name, "failure", each.reason) for each in comparison.failures]
    number = {kind: str(sum(each[1] == kind for each in found)) for kind in ("failure", "skipped")}
    name = _printable(f"compare {comparison.base.label} {comparison.head.label}")
    totals = {"tests": str(len(found)), "failures": number["failure"], "skipped": number["skipped"]}
    suite = ElementTree.Element("testsuite", {"name": name, **totals})
    for benchmark, kind, text in found:
        case = ElementTree.SubElement(suite, "testcase", classname="compare", name=_printable(benchmark))
        said = ElementTree.SubElement(case, kind)
        if kind == "system-out":
            said.text = text
        else:
            said.set("message", _printable(text))
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\t\n" else "?" for c in text)
