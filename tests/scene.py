"""Where everything in a figure stands, as Vega places it: texts, symbols, lines and grounds, in order of drawing."""

import math
import re
from dataclasses import dataclass

import vl_convert

# Widths of letters in thousandths of their size, as Helvetica and Arial have them.
_WIDTHS = dict.fromkeys("ijl'|", 222) | dict.fromkeys(" .,:;/ftI![]()·", 278) | dict.fromkeys("mM%W@", 860)
_WIDTHS |= dict.fromkeys("rsckvxyz-", 480) | dict.fromkeys("ABEKPSVXYCDHNRUwGOQ", 700)


@dataclass(frozen=True)
class Text:
    words: str
    corners: tuple  # upper left, upper right, lower right, lower left
    ink: str
    size: float
    halo: bool  # drawn below letters to keep what lies there from them
    order: int
    mark: dict

    @property
    def middle(self):
        return tuple(sum(each) / 4 for each in zip(*self.corners, strict=True))

    @property
    def box(self):
        return _box(self.corners)


@dataclass(frozen=True)
class Symbol:
    x: float
    y: float
    box: tuple
    ink: str
    opacity: float
    order: int
    mark: dict


@dataclass(frozen=True)
class Line:
    points: tuple
    ink: str
    opacity: float
    order: int
    mark: dict


@dataclass(frozen=True)
class Ground:
    box: tuple
    ink: str
    order: int
    mark: dict


@dataclass(frozen=True)
class Scene:
    width: float
    height: float
    texts: tuple
    symbols: tuple
    lines: tuple
    grounds: tuple

    def told(self, thing):
        """What a mark says of itself: the numbers of its tooltip."""
        parts = thing.mark["item"].get("description", "").split("; ")
        return dict(part.split(": ", 1) for part in parts if ": " in part)


def read(spec):
    found = vl_convert.vegalite_to_scenegraph(spec, allowed_base_urls=[])
    reader = _Reader()
    reader.mark(found["scenegraph"], *found["origin"], {})
    parts = (tuple(each) for each in (reader.texts, reader.symbols, reader.lines, reader.grounds))
    return Scene(found["width"], found["height"], *parts)


class _Reader:
    def __init__(self):
        self.texts, self.symbols, self.lines, self.grounds = [], [], [], []
        self.order = 0

    def mark(self, node, x, y, within):
        own = {"role": node.get("role"), "name": node.get("name"), "within": within}
        kind = node["marktype"]
        if kind == "line":
            points = tuple((x + each["x"], y + each["y"]) for each in node["items"] if each.get("defined", True))
            if len(points) > 1:
                first = node["items"][0]
                self.lines.append(
                    Line(points, first["stroke"], first.get("opacity", 1), self.order, own | {"item": first})
                )
            self.order += 1
            return
        for item in node["items"]:
            self.order += 1
            at = x + item.get("x", 0), y + item.get("y", 0)
            mark = own | {"item": item}
            if kind == "group":
                for child in item.get("items", []):
                    self.mark(child, *at, {**own, **{key: item[key] for key in ("orient",) if key in item}})
            elif kind == "text":
                self.text(item, at, mark)
            elif kind == "symbol":
                half = math.sqrt(item["size"]) / 2
                box = at[0] - half, at[1] - half, at[0] + half, at[1] + half
                ink = item.get("fill") if item.get("fill") not in (None, "transparent") else item["stroke"]
                self.symbols.append(Symbol(*at, box, ink, item.get("opacity", 1), self.order, mark))
            elif kind == "rule":
                end = x + item.get("x2", item.get("x", 0)), y + item.get("y2", item.get("y", 0))
                if math.dist(at, end) > 0.1:
                    self.lines.append(Line((at, end), item["stroke"], item.get("opacity", 1), self.order, mark))
            elif kind == "rect":
                box = *at, at[0] + item.get("width", 0), at[1] + item.get("height", 0)
                self.grounds.append(Ground(box, item["fill"], self.order, mark))
            else:
                raise ValueError(kind)

    def text(self, item, at, mark):
        lines = item.get("text", "")
        lines = [str(line) for line in (lines if isinstance(lines, list) else [lines])]
        if not any(lines) or item.get("opacity") == 0:
            return  # nothing, or what would overlap another label of its axis
        size = item.get("fontSize", 11)
        width = min(max(_width(line, size) for line in lines), item.get("limit") or math.inf)
        height = size * 0.95 + (len(lines) - 1) * (size + 2)
        left = {"left": 0, "center": -width / 2, "right": -width}[item.get("align", "left")] + item.get("dx", 0)
        top = {"top": 0, "middle": -height / 2, "bottom": -height}.get(item.get("baseline"), -0.8 * size)
        top += item.get("dy", 0)
        turn = math.radians(item.get("angle", 0))
        corners = tuple(
            (at[0] + u * math.cos(turn) - v * math.sin(turn), at[1] + u * math.sin(turn) + v * math.cos(turn))
            for u, v in ((left, top), (left + width, top), (left + width, top + height), (left, top + height))
        )
        halo = item.get("stroke") is not None
        self.texts.append(Text(" ".join(lines), corners, item["fill"], size, halo, self.order, mark))


def _width(words, size):
    return sum(_WIDTHS.get(letter, 556) for letter in words) * size / 1000


def _box(points):
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


# What may be asked of places.


def inside(point, box, spare=0.0):
    return box[0] - spare <= point[0] <= box[2] + spare and box[1] - spare <= point[1] <= box[3] + spare


def overlap(one, other, hair=1.0):
    """Whether two texts' boxes share more than a hair's breadth, whatever their directions."""
    for corners in (one.corners, other.corners):
        for (ax, ay), (bx, by) in ((corners[0], corners[1]), (corners[1], corners[2])):
            length = math.hypot(bx - ax, by - ay) or 1
            spans = [
                [((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length for x, y in each.corners]
                for each in (one, other)
            ]
            if min(max(span) for span in spans) - max(min(span) for span in spans) < hair:
                return False
    return True


def _samples(thing):
    if isinstance(thing, Symbol):
        left, top, right, bottom = thing.box
        return [(left + (right - left) * i / 8, top + (bottom - top) * j / 8) for i in range(1, 8) for j in range(1, 8)]
    found = []
    for (ax, ay), (bx, by) in zip(thing.points, thing.points[1:], strict=False):
        steps = max(1, math.ceil(math.hypot(bx - ax, by - ay)))
        found += [(ax + (bx - ax) * i / steps, ay + (by - ay) * i / steps) for i in range(steps + 1)]
    return found


def _within(point, corners, edge=1.0):
    x, y = point
    for (ax, ay), (bx, by) in ((corners[0], corners[1]), (corners[1], corners[2])):
        length = math.hypot(bx - ax, by - ay)
        along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / (length or 1)
        if not edge < along < length - edge:
            return False
    return True


def unreadable(scene, decoration):
    """What is wrong with the texts, in words: one beyond the frame, two that overlap, one that something strikes
    through. `decoration` are the inks of grids, which may pass behind letters."""
    wrong = []
    texts = [text for text in scene.texts if not text.halo]
    halos = {(text.words, text.middle): text.order for text in scene.texts if text.halo}
    frame = (0, 0, scene.width, scene.height)
    for i, text in enumerate(texts):
        if not all(inside(corner, frame, 0.5) for corner in text.corners):
            wrong.append(f"{text.words!r} leaves the frame")
        wrong += [f"{text.words!r} and {other.words!r} overlap" for other in texts[:i] if overlap(text, other)]
        hidden = halos.get((text.words, text.middle), -1)  # what was drawn before
        left, top, right, bottom = text.box
        for thing in (*scene.lines, *scene.symbols):
            box = thing.box if isinstance(thing, Symbol) else _box(thing.points)
            if box[2] < left or box[0] > right or box[3] < top or box[1] > bottom or thing.order < hidden:
                continue
            if thing.ink not in decoration and any(_within(place, text.corners) for place in _samples(thing)):
                wrong.append(f"{text.words!r} is struck through by {thing.mark['name'] or thing.mark['role']}")
    return wrong


def expressions(spec):
    """Everything in a specification that Vega computes."""
    return re.findall(r'"(?:expr|test|filter|labelExpr|calculate)": "((?:[^"\\\\]|\\\\.)*)"', spec)
