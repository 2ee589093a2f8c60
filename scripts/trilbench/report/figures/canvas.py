"""What all figures share: size, type, title, key, footer, and how they reach the disk."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from trilbench.paths import shown
from trilbench.report.figures.palette import Theme, colour, hollow, marker, short
from trilbench.stop import Stop

WIDTH = 8.0  # inches; 1600 pixels
DPI = 200
BODY, SMALL, TINY = 11.5, 10.0, 8.0  # points: of 1600 pixels shown as 375, TINY is the footer's alone

_HEAD = 0.46  # inches above the plots: the title
_FOOT = 0.36  # below them: the footer
_ROW = 0.24  # one row of the key


class Canvas:
    """A figure in one theme: a title above, a footer below, and room for plots between."""

    def __init__(self, theme: Theme, title: str, footer: str, height: float = 5.0) -> None:
        self.theme = theme
        self.height = height
        self.figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=theme.page)
        self._renderer = FigureCanvasAgg(self.figure).get_renderer()
        self._top = height - _HEAD
        self.figure.text(
            0.12 / WIDTH, (height - 0.1) / height, title, va="top", fontsize=14, weight="bold", color=theme.text
        )
        self.figure.text(0.12 / WIDTH, 0.07 / height, footer, va="bottom", fontsize=TINY, color=theme.quiet)

    def key(self, implementations: Sequence[str], isas: Sequence[str] = ()) -> None:
        """Names in their implementations' colours, then the markers of the instruction sets, in rows below
        the title."""
        theme = self.theme
        words = [(short(name), colour(name, theme), "o", False) for name in implementations]
        marks = [(isa, theme.text, marker(isa), hollow(isa)) for isa in isas if isa != "peer"]
        for row in (words, marks):
            x = 0.2
            for text, ink, mark, empty in row:
                drawn = self.figure.text(0, 0, text, va="center", fontsize=SMALL, color=ink)
                width, _ = self.inches(drawn)
                if x > 0.2 and x + 0.14 + width > WIDTH - 0.1:
                    x, self._top = 0.2, self._top - _ROW
                y = (self._top - _ROW / 2) / self.height
                drawn.set_position(((x + 0.12) / WIDTH, y))
                self.figure.add_artist(
                    Line2D([x / WIDTH], [y], marker=mark, color=ink, markersize=6, mfc=theme.page if empty else ink)
                )
                x += width + 0.32
            self._top -= _ROW if row else 0

    def inches(self, text: Text) -> tuple[float, float]:
        """Width and height of a text's letters, whatever the figure's resolution will be."""
        box = text.get_window_extent(self._renderer)
        return box.width / DPI, box.height / DPI

    def width(self, words: str, size: float) -> float:
        """Of a text that is not drawn, in inches."""
        drawn = self.figure.text(0, 0, words, fontsize=size)
        width, _ = self.inches(drawn)
        drawn.remove()
        return width

    @property
    def room(self) -> float:
        """Inches between the key and the footer."""
        return self._top - _FOOT

    def axes(
        self, left: float, right: float, bottom: float = 0.5, top: float = 0.1, share_y: Axes | None = None
    ) -> Axes:
        """A plot between `left` and `right` inches from the figure's left edge, below the key and above the footer."""
        low, high = _FOOT + bottom, self._top - top
        box = (left / WIDTH, low / self.height, (right - left) / WIDTH, (high - low) / self.height)
        made = self.figure.add_axes(box, facecolor=self.theme.page, sharey=share_y)
        for side in ("top", "right"):
            made.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            made.spines[side].set_color(self.theme.quiet)
        made.tick_params(colors=self.theme.text, labelsize=SMALL, which="both")
        made.tick_params(which="minor", length=2, color=self.theme.line)
        made.grid(True, color=self.theme.line, linewidth=0.6)
        made.set_axisbelow(True)
        for axis in (made.xaxis, made.yaxis):
            axis.label.set_color(self.theme.text)
            axis.label.set_size(BODY)
        return made


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings while drawing: the same files from the same data, and letters as outlines, which look the
    same wherever they are opened. What a user's own matplotlibrc says does not count."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams |= {
            "font.family": "DejaVu Sans",
            "svg.hashsalt": "trilbench",
            "svg.fonttype": "path",
            "text.parse_math": False,  # a $ in a name is a $
        }
        yield


def save(figure: Figure, path: Path) -> None:
    """Writes the figure in the format that the name ends with; complete or not at all. Raises Stop."""
    kind = path.suffix[1:]
    metadata = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}[kind]
    whole(path, lambda part: figure.savefig(part, format=kind, facecolor=figure.get_facecolor(), metadata=metadata))


def whole(path: Path, write: Callable[[Path], None]) -> None:
    """Lets `write` make the file beside its final name, and renames it. Raises Stop."""
    part = path.with_name(path.name + ".part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise Stop(f"cannot write {shown(path)}: {error.strerror}") from error
