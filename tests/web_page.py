"""A page as its reader has it, and a figure for it, for the tests of report.html."""

import json
from html.parser import HTMLParser

from trilbench.report.figures.make import Figure


class Page(HTMLParser):
    """Elements, identifiers, the text that a reader sees and what the scripts read. Fails where tags do not match."""

    VOID = ("meta", "img", "br", "wbr", "source", "link", "input", "hr")

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.text, self.documents = [], [], "", []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script" and "type" in self.elements[-1][1]:
            self.documents.append(json.loads(data))
        self.text += " " if self.open and self.open[-1] in ("style", "script") else data

    def all(self, key):
        return [attributes[key] for _, attributes in self.elements if key in attributes]


def picture(title="A picture", operation="causal_mean", name="a"):
    """A figure with one point, as those of a run are."""
    point = {"T": 8, "seconds": 1e-6, "implementation": title}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": title},
        "usermeta": {"beside": 80},
        "params": [{"name": "outer", "value": 720}],
        "datasets": {"points": [point]},
        "data": {"name": "points"},
        "vconcat": [{"mark": "point", "encoding": {"x": {"field": "T", "type": "quantitative"}}, "height": 100}],
    }
    words = ("What it shows. And how to read it.", 'the words "for" <readers>')
    return Figure(name, title, *words, operation, 1, spec, [*point], [point], [])
