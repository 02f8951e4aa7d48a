"""A small SVG writer: boxes, arrows and wrapped text in millimetres, in the form that every reader
understands.

Colours and sizes are attributes of each element, arrowheads are polygons: no style sheet, marker or script
that an office program or a PDF maker would pass over. The width of text is estimated, for there is no font at
hand; the estimate is on the wide side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from workflow.base import line_breaks
from workflow.base.line_breaks import GLUE

INK, GREY = "#1f2933", "#52606d"
FONTS = {
    "zh": "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','SimHei','FandolHei',sans-serif",
    "en": "Arial,'Liberation Sans',Helvetica,'Noto Sans',sans-serif",
}
LEADING = 1.28
# Widths of the common sans-serif letters, in hundredths of the size, from the space to the tilde.
_LETTERS = (
    "28 28 36 56 56 89 67 19 33 33 39 58 28 33 28 28 56 56 56 56 56 56 56 56 56 56 28 28 58 58 58 56 102 67 67 72"
    " 72 67 61 78 72 28 50 67 56 83 72 78 67 78 72 67 61 72 67 94 67 67 61 28 28 28 47 56 33 56 56 50 56 56 28 56"
    " 56 22 22 50 22 83 56 56 56 56 33 50 28 56 50 72 50 50 50 33 26 33 58"
)
_WIDTHS = {chr(32 + number): int(part) / 100 for number, part in enumerate(_LETTERS.split())}
_WIDTHS["\u00a0"] = _WIDTHS[" "]
# Margin for machines that have only wider fonts.
_BROAD, _BROAD_BOLD = 1.12, 1.26


class Run(NamedTuple):
    """A piece of text in one style."""

    text: str
    bold: bool = False
    colour: str = INK
    size: float = 0.0


@dataclass
class Rect:
    """A place on the page, in millimetres."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def meets(self, other: Rect) -> bool:
        """Whether the two cover common ground."""
        return (
            self.x < other.right and other.x < self.right and self.y < other.bottom and other.y < self.bottom
        )


def width(text: str, size: float, bold: bool = False) -> float:
    """The estimated width of a line of text."""
    total = 0.0
    for char in text:
        if char in _WIDTHS:
            total += _WIDTHS[char] * (_BROAD_BOLD if bold else _BROAD)
        elif char != GLUE:
            total += 1.0
    return total * size


def wrap(runs: Iterable[Run], room: float, size: float) -> list[list[Run]]:
    """Lines of runs, none wider than `room` (but for a single word that is)."""
    lines: list[list[Run]] = []
    paragraph: list[Run] = []
    for run in runs:
        first, *others = run.text.split("\n")
        paragraph += [run._replace(text=word) for word in line_breaks.pieces(first)]
        for text in others:
            lines += _filled(paragraph, room, size)
            paragraph = [run._replace(text=word) for word in line_breaks.pieces(text)]
    return [*lines, *_filled(paragraph, room, size)]


def _filled(words: Sequence[Run], room: float, size: float) -> Iterator[list[Run]]:
    """One paragraph in lines; neighbours of one style are one run again."""
    sizes = [width(word.text, word.size or size, word.bold) for word in words]
    for start, end in line_breaks.rows(sizes, [word.text.isspace() for word in words], room):
        line: list[Run] = []
        for word in words[start:end]:
            if line and line[-1][1:] == word[1:]:
                line[-1] = word._replace(text=line[-1].text + word.text)
            else:
                line.append(word)
        yield line


class Sizes(NamedTuple):
    """Text sizes: Chinese needs larger ones than Latin letters to be as legible."""

    detail: float
    label: float
    small: float
    state: float


@dataclass
class Canvas:
    """The page that is being drawn."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)
    boxes: list[tuple[str, Rect]] = field(default_factory=list)

    def box(
        self,
        place: Rect,
        *,
        fill: str,
        line: str,
        round_: float = 1.0,
        dash: str = "",
        thick: float = 0.3,
        name: str = "",
        data: str = "",
    ) -> None:
        """A rectangle; one that is named takes part in the check that nothing overlaps."""
        if name:
            self.boxes.append((name, place))
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<rect x="{_n(place.x)}" y="{_n(place.y)}" width="{_n(place.width)}" height="{_n(place.height)}"'
            f' rx="{_n(round_)}" fill="{fill}" stroke="{line}" stroke-width="{_n(thick)}"{dashes}{data}/>'
        )

    def lines(
        self, x: float, y: float, lines: Sequence[Sequence[Run]], size: float, *, anchor: str = "start"
    ) -> float:
        """Lines of text below y; the height that they take."""
        top = y
        for line in lines:
            if not line:
                continue
            tall = max(run.size or size for run in line)
            spans = "".join(
                f'<tspan font-size="{_n(run.size or size)}" fill="{run.colour}"'
                + (' font-weight="bold"' if run.bold else "")
                + f">{escape(run.text.replace(GLUE, ''))}</tspan>"
                for run in line
            )
            self.parts.append(
                f'<text x="{_n(x)}" y="{_n(top + tall * 0.95)}" text-anchor="{anchor}" xml:space="preserve">'
                f"{spans}</text>"
            )
            top += tall * LEADING
        return top - y

    def path(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str,
        heads: str = "",
        dash: str = "",
        thick: float = 0.35,
        data: str = "",
    ) -> None:
        """A line through points; `heads` has arrowheads at its 'start', its 'end' or 'both'."""
        drawn = list(points)
        if heads in ("end", "both"):
            self._head(points[-2], points[-1], colour)
            drawn[-1] = _short(points[-2], points[-1])
        if heads in ("start", "both"):
            self._head(points[1], points[0], colour)
            drawn[0] = _short(points[1], points[0])
        text = " ".join(f"{_n(x)},{_n(y)}" for x, y in drawn)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="{_n(thick)}"'
            f' stroke-linejoin="round"{dashes}{data}/>'
        )

    def _head(self, before: tuple[float, float], tip: tuple[float, float], colour: str) -> None:
        dx, dy = _direction(before, tip)
        bx, by = tip[0] - dx * 2.1, tip[1] - dy * 2.1
        corners = (tip, (bx - dy * 0.8, by + dx * 0.8), (bx + dy * 0.8, by - dx * 0.8))
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in corners)
        self.parts.append(f'<polygon points="{points}" fill="{colour}"/>')

    def circle(self, x: float, y: float, radius: float, *, fill: str, line: str, data: str = "") -> None:
        """A circle."""
        self.parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{line}"'
            f' stroke-width="0.3"{data}/>'
        )

    def text(self, title: str, description: str, language: str) -> str:
        """The whole document."""
        head = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(self.width)}mm" height="{_n(self.height)}mm"'
            f' viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" aria-labelledby="title desc"'
            f' lang="{language}" xml:lang="{language}" font-family={quoteattr(FONTS[language[:2]])}>\n'
            f'<title id="title">{escape(title)}</title>\n<desc id="desc">{escape(description)}</desc>\n'
            f'<rect width="{_n(self.width)}" height="{_n(self.height)}" fill="#ffffff"/>\n'
        )
        return head + "\n".join(self.parts) + "\n</svg>\n"

    def overlaps(self) -> list[tuple[str, str]]:
        """Which named boxes cover common ground, or stand out of the page: there should be none."""
        page = Rect(0, 0, self.width, self.height)
        out = [
            (name, "page")
            for name, box in self.boxes
            if box.x < page.x or box.y < page.y or box.right > page.right or box.bottom > page.bottom
        ]
        found = [
            (one, two)
            for number, (one, first) in enumerate(self.boxes)
            for two, second in self.boxes[number + 1 :]
            if first.meets(second)
        ]
        return out + found


def _direction(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    size = (dx * dx + dy * dy) ** 0.5 or 1.0
    return dx / size, dy / size


def _short(start: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    # The line ends inside its head, or its own thickness would blunt the tip.
    dx, dy = _direction(start, end)
    return end[0] - dx * 1.4, end[1] - dy * 1.4


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
