"""Where everything in a figure's SVG stands, as a browser draws it: texts, marks, lines and grounds, each with its
place in the order of drawing. Read from the file, so that what the program that drew it believed does not count."""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass(frozen=True)
class Text:
    words: str
    corners: tuple  # of its letters: lower left, lower right, upper right, upper left
    ink: str
    order: int
    group: tuple  # the identifiers of what it lies in, from the outside

    @property
    def box(self):
        return _box(self.corners)

    @property
    def middle(self):
        left, top, right, bottom = self.box
        return (left + right) / 2, (top + bottom) / 2


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    box: tuple
    fill: str
    edge: str
    opacity: float
    clip: tuple | None
    order: int
    group: tuple


@dataclass(frozen=True)
class Line:
    points: tuple
    ink: str
    opacity: float
    clip: tuple | None
    order: int
    group: tuple


@dataclass(frozen=True)
class Ground:
    """A filled area."""

    box: tuple
    ink: str
    opacity: float
    order: int
    group: tuple


@dataclass(frozen=True)
class Picture:
    frame: tuple  # left, top, right, bottom
    texts: tuple
    marks: tuple
    lines: tuple
    grounds: tuple

    def ticks(self, axis):
        """Of the first plot's axis, 1 or 2: the numbers that its labels say, and where their lines lie."""
        found = {}
        for text in self.texts:
            if f"matplotlib.axis_{axis}" in text.group and "axes_1" in text.group and "tick_" in text.group[-2]:
                (line,) = (line for line in self.lines if line.group[:-1] == text.group[:-1])
                found[float(text.words.rstrip("x"))] = line.points[0][axis - 1]
        return found


def read(path):
    builder = ET.TreeBuilder(insert_comments=True)
    root = ET.parse(path, ET.XMLParser(target=builder)).getroot()
    return _Reader(root).picture()


class _Reader:
    def __init__(self, root):
        self.root = root
        self.named = {each.get("id"): each for each in root.iter() if isinstance(each.tag, str) and each.get("id")}
        self.texts, self.marks, self.lines, self.grounds = [], [], [], []
        self.order = 0

    def picture(self):
        left, top, width, height = map(float, self.root.get("viewBox").split())
        for child in self.root:
            self._walk(child, (1, 0, 0, 1, 0, 0), (), None)
        parts = (tuple(each) for each in (self.texts, self.marks, self.lines, self.grounds))
        return Picture((left, top, left + width, top + height), *parts)

    def _walk(self, element, matrix, group, clip):
        if _tag(element) in ("defs", "metadata", ""):
            return
        self.order += 1
        matrix = _times(matrix, _matrix(element.get("transform", "")))
        group = (*group, element.get("id")) if element.get("id") else group
        if named := re.match(r"url\(#(.*)\)", element.get("clip-path", "")):
            clip = self._clip(self.named[named[1]])
        if _tag(element) == "path":
            self._path(element, matrix, group, clip)
        elif _tag(element) == "use":
            self._mark(element, matrix, group, clip)
        words = None
        for child in element:
            if child.tag is ET.Comment:
                words = child.text.strip()
            elif words is not None and _tag(child) == "g":
                self._text(words, child, matrix, group)
                words = None
            else:
                self._walk(child, matrix, group, clip)

    def _text(self, words, element, matrix, group):
        """The box round its letters, in the text's own direction."""
        self.order += 1
        matrix = _times(matrix, _matrix(element.get("transform", "")))
        points = []
        for use in element.iter():
            if _tag(use) == "use":
                letter = self.named[_href(use)]
                own = _times(_matrix(use.get("transform", "")), _matrix(letter.get("transform", "")))
                points += [_apply(own, point) for point in _points(letter.get("d", ""))]
        if not points:
            return  # spaces
        left, top, right, bottom = _box(points)
        corners = tuple(_apply(matrix, point) for point in ((left, top), (right, top), (right, bottom), (left, bottom)))
        self.texts.append(Text(words, corners, _style(element).get("fill", "#000000"), self.order, group))

    def _path(self, element, matrix, group, clip):
        style = _style(element)
        points = tuple(_apply(matrix, point) for point in _points(element.get("d", "")))
        opacity = _opacity(style)
        if not points:
            return
        if style.get("fill", "#000000") != "none":
            self.grounds.append(Ground(_box(points), style.get("fill", "#000000"), opacity, self.order, group))
        elif "stroke" in style and len(set(points)) > 1:
            self.lines.append(Line(points, style["stroke"], opacity, clip, self.order, group))

    def _mark(self, element, matrix, group, clip):
        x, y = _apply(matrix, (float(element.get("x", 0)), float(element.get("y", 0))))
        shape = _points(self.named[_href(element)].get("d", ""))
        box = _box([(x + dx, y + dy) for dx, dy in shape])
        style = _style(element)
        fill, edge = style.get("fill", "none"), style.get("stroke", "none")
        opacity = _opacity(style)
        self.marks.append(Mark(x, y, box, fill, edge, opacity, clip, self.order, group))

    @staticmethod
    def _clip(element):
        (rectangle,) = element
        x, y, width, height = (float(rectangle.get(key)) for key in ("x", "y", "width", "height"))
        return x, y, x + width, y + height


def _tag(element):
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _href(element):
    return element.get("{http://www.w3.org/1999/xlink}href").removeprefix("#")


def _style(element):
    parts = (part.partition(":") for part in element.get("style", "").split(";"))
    return {key.strip(): value.strip() for key, _, value in parts if value}


def _opacity(style):
    return min(float(style.get(key, 1)) for key in ("opacity", "fill-opacity", "stroke-opacity"))


def _points(path):
    numbers = [*map(float, _NUMBER.findall(path))]
    return [*zip(numbers[::2], numbers[1::2], strict=True)]


def _matrix(text):
    made = (1, 0, 0, 1, 0, 0)
    for name, inner in re.findall(r"(\w+)\(([^)]*)\)", text):
        values = [*map(float, _NUMBER.findall(inner))]
        if name == "translate":
            part = (1, 0, 0, 1, *values)
        elif name == "scale":
            part = (values[0], 0, 0, values[-1], 0, 0)
        elif name == "rotate":
            a = math.radians(values[0])
            part = (math.cos(a), math.sin(a), -math.sin(a), math.cos(a), 0, 0)
        else:
            raise ValueError(name)
        made = _times(made, part)
    return made


def _times(a, b):
    return (
        a[0] * b[0] + a[2] * b[1],
        a[1] * b[0] + a[3] * b[1],
        a[0] * b[2] + a[2] * b[3],
        a[1] * b[2] + a[3] * b[3],
        a[0] * b[4] + a[2] * b[5] + a[4],
        a[1] * b[4] + a[3] * b[5] + a[5],
    )


def _apply(m, point):
    x, y = point
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def _box(points):
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


# What may be asked of places.


def inside(point, box, spare=0.0):
    return box[0] - spare <= point[0] <= box[2] + spare and box[1] - spare <= point[1] <= box[3] + spare


def overlap(one, other):
    """Whether two texts' boxes share more than a hair's breadth, whatever their directions."""
    for corners in (one.corners, other.corners):
        for (ax, ay), (bx, by) in ((corners[0], corners[1]), (corners[1], corners[2])):
            length = math.hypot(bx - ax, by - ay) or 1
            spans = [
                [((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length for x, y in each.corners]
                for each in (one, other)
            ]
            if min(max(span) for span in spans) - max(min(span) for span in spans) < 0.3:
                return False
    return True


def strikes(thing, text):
    """The first place at which a line or mark lies in the text, where it can be seen; None if there is none."""
    return next(
        (p for p in _samples(thing) if _within(p, text.corners) and (not thing.clip or inside(p, thing.clip))), None
    )


def _samples(thing):
    """Points of it, less than half a point apart."""
    if isinstance(thing, Mark):
        left, top, right, bottom = thing.box
        for i in range(1, 8):
            for j in range(1, 8):
                yield left + (right - left) * i / 8, top + (bottom - top) * j / 8
        return
    for (ax, ay), (bx, by) in zip(thing.points, thing.points[1:], strict=False):
        steps = max(1, math.ceil(math.hypot(bx - ax, by - ay) / 0.5))
        for i in range(steps + 1):
            yield ax + (bx - ax) * i / steps, ay + (by - ay) * i / steps


def _within(point, corners):
    """Of a box in any direction, less a hair's breadth at its edge."""
    x, y = point
    for (ax, ay), (bx, by) in ((corners[0], corners[1]), (corners[1], corners[2])):
        length = math.hypot(bx - ax, by - ay)
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (length or 1)
        if not 0.3 < along < length - 0.3:
            return False
    return True


def unreadable(picture, decoration):
    """What is wrong with the picture's texts, in words: one beyond the frame, two that overlap, one that something
    strikes through. `decoration` are the inks of grids and bands, which may pass behind letters."""
    wrong = []
    for i, text in enumerate(picture.texts):
        if not all(inside(corner, picture.frame) for corner in text.corners):
            wrong.append(f"{text.words!r} leaves the frame")
        wrong += [f"{text.words!r} and {other.words!r} overlap" for other in picture.texts[:i] if overlap(text, other)]
        left, top, right, bottom = text.box
        for thing in (*picture.lines, *picture.marks):
            box = thing.box if isinstance(thing, Mark) else _box(thing.points)
            if box[2] < left or box[0] > right or box[3] < top or box[1] > bottom:
                continue
            if {getattr(thing, "ink", None), getattr(thing, "fill", None)} & decoration:
                continue
            place = strikes(thing, text)
            if place and not any(
                thing.order < ground.order < text.order and ground.opacity == 1 and inside(place, ground.box)
                for ground in picture.grounds
            ):
                wrong.append(f"{text.words!r} is struck through by {thing.group[-1]} at {place[0]:.0f}, {place[1]:.0f}")
    return wrong
