"""A page as its reader has it, and a picture for it, for the tests of report.html."""

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path


class Page(HTMLParser):
    """Elements, identifiers and the text that a reader sees. Fails where tags do not match."""

    VOID = ("meta", "img", "br", "wbr", "source", "link", "input", "hr")

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text = [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += " " if self.open and self.open[-1] in ("style", "script") else data

    def all(self, key):
        return [attributes[key] for _, attributes in self.elements if key in attributes]


@dataclass
class Picture:
    """A figure as render.figures makes them."""

    name: str
    title: str
    caption: str
    alt: str
    svg: Path
    svg_dark: Path
    png: Path
    png_dark: Path
    csv: Path
    operation: str = ""
    threads: int = 1


def picture(folder, title="A picture"):
    paths = [folder / "figures" / name for name in ("a.svg", "a-dark.svg", "a.png", "a-dark.png", "a.csv")]
    paths[0].parent.mkdir(exist_ok=True)
    for path in paths:
        path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return Picture("a", title, "what it shows", 'the words "for" <readers>', *paths)
