"""The pages and comments name files that are there: what they point to must not move away from under them."""

import re

import additions
import pytest
from trilbench.git import git
from trilbench.paths import ROOT

FILES = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
PAGES = [file for file in FILES if file.endswith(".md")]
SOURCES = [file for file in FILES if re.match(r"(src|bench|tests|cmake)/.*\.(cpp|hpp|py|cmake)$|CMakeLists", file)]
NAMED = re.compile(r"(?<![\w/.])((?:bench|cmake|docs|scripts|src|tests)/[\w./*-]*\w)(?![\w/*<{])")


def missing(text: str) -> list[str]:
    """What is named and not there; a name with * stands for one file at least."""
    recipes = {
        file for heading in ("An implementation", "An operation", "An instruction set") for file in recipe(heading)
    }
    named = {name for name in NAMED.findall(text) if name not in recipes}
    named.discard("bench/all")  # what a build calls all programs
    return sorted(name for name in named if not any(ROOT.glob(name)))


def recipe(heading: str) -> set[str]:
    files = set(additions.recipe(heading))
    return files | {str(folder) for file in files for folder in [file.rpartition("/")[0]]}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_what_is_there(page):
    text = (ROOT / page).read_text()
    assert missing(re.sub(r"build/\S+", "", text)) == []
    links = [link for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text) if link]
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_comments_name_pages_that_are_there():
    named = {page for file in SOURCES for page in re.findall(r"docs/[\w/]+\.md", (ROOT / file).read_text())}
    assert sorted(page for page in named if not (ROOT / page).exists()) == []
