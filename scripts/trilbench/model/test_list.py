"""The test cases of a doctest binary: its answer to --list-test-cases --reporters=xml."""

from dataclasses import dataclass
from xml.etree import ElementTree


@dataclass(frozen=True)
class TestCase:
    """One test case."""

    name: str
    skipped: bool  # by its author

    @property
    def pattern(self) -> str:
        """What --test-case takes to run it: a comma would split the pattern."""
        return self.name.replace(",", "?")


def read_test_list(xml: str) -> tuple[TestCase, ...]:
    """Reads doctest's list. Raises ElementTree.ParseError if it is none."""
    return tuple(
        TestCase(
            name=case.get("name", ""),
            skipped=case.get("skipped") == "true",
        )
        for case in ElementTree.fromstring(xml).iter("TestCase")
    )
