"""A comparison as JUnit's XML, which CI servers show."""

from xml.etree import ElementTree

from trilbench.compute.comparison.outcome import Outcome
from trilbench.compute.comparison.verdict import Verdict
from trilbench.model.comparison import Comparison
from trilbench.render.comparison import words


def junit(comparison: Comparison, judged: Outcome) -> str:
    """A test case a benchmark: failed if it regressed, skipped if it cannot be told."""
    labels = f"{comparison.base.label} {comparison.head.label}"
    suite = ElementTree.Element("testsuite", name=_printable(f"compare {labels}"))
    failures = skipped = 0
    for line in judged.lines:
        case = ElementTree.SubElement(suite, "testcase", classname="compare", name=_printable(line.measured.name))
        text = "; ".join(
            [
                f"{words.percent(line.judgement.estimate)} ({words.interval(line)}): {line.judgement.verdict}",
                *words.notes(line),
            ]
        )
        if line.regressed:
            ElementTree.SubElement(case, "failure", message=text)
            failures += 1
        elif line.judgement.verdict is Verdict.CANNOT_TELL:
            ElementTree.SubElement(case, "skipped", message=text)
            skipped += 1
        else:
            ElementTree.SubElement(case, "system-out").text = text
    for failure in comparison.failures:
        case = ElementTree.SubElement(suite, "testcase", classname="compare", name=_printable(failure.name))
        ElementTree.SubElement(case, "failure", message=_printable(failure.reason))
        failures += 1
    suite.attrib |= {"tests": str(len(suite)), "failures": str(failures), "skipped": str(skipped)}
    ElementTree.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(suite, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c if c.isprintable() or c in "\t\n" else "?" for c in text)
