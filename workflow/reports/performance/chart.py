"""The trend over the months as a drawing: replies in time and late, and how many working days they took.

Everything is told apart by shape as well as by colour: late replies are hatched, the 90 % line is dashed with
squares. Only plain shapes with their own attributes, as every browser and PDF maker draws them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

INK, GREY, LIGHT, BLUE, ORANGE, LIMIT = "#16202a", "#52606d", "#d5dce3", "#1d4e89", "#c2570c", "#7b2d26"
WIDTH, LEFT, RIGHT = 1000.0, 58.0, 16.0
BARS, LINES, GAP, TOP, FOOT = 150.0, 170.0, 62.0, 34.0, 30.0
LABELS = 24


class Month(NamedTuple):
    """A month of the trend."""

    label: str
    in_time: int
    late: int
    median: int | None
    p90: int | None


class Words(NamedTuple):
    """What is written in the drawing."""

    replies: str
    in_time: str
    late: str
    days: str
    median: str
    p90: str
    limit: str


def svg(months: Sequence[Month], limit: int, words: Words, faces: str) -> str:
    """The drawing; `limit` is the statutory number of working days, drawn as a line."""
    drawn = _Drawing(months, faces)
    height = TOP + BARS + GAP + LINES + FOOT
    drawn.bars(TOP, words)
    drawn.lines(TOP + BARS + GAP, limit, words)
    title = escape(f"{words.replies}; {words.days}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" width="{WIDTH:g}" height="{height:g}" role="img">'
        f"<title>{title}</title>{''.join(drawn.parts)}</svg>"
    )


def steps(most: int) -> list[int]:
    """Round numbers from 0 up to or over the most, four or five of them."""
    unit = 1
    while most > unit * 5:
        unit = {1: 2, 2: 5, 5: 10}[int(str(unit)[0])] * 10 ** (len(str(unit)) - 1)
    return list(range(0, (-(-max(most, 1) // unit) + 1) * unit, unit))


class _Drawing:
    def __init__(self, months: Sequence[Month], faces: str) -> None:
        self.months, self.parts, self.faces = months, list[str](), faces
        self.slot = (WIDTH - LEFT - RIGHT) / max(len(months), 1)

    def centre(self, place: int) -> float:
        return LEFT + (place + 0.5) * self.slot

    def text(
        self, x: float, y: float, text: str, *, anchor: str = "middle", colour: str = GREY, size: float = 13
    ) -> None:
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" font-family={quoteattr(self.faces)} text-anchor="{anchor}"'
            f' fill="{colour}">{escape(text)}</text>'
        )

    def line(self, points: Sequence[float], colour: str, width: float = 1, dash: str = "") -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            '<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"'.format(*points)
            + f' stroke="{colour}" stroke-width="{width:g}"{dashed}/>'
        )

    def frame(self, top: float, height: float, most: int) -> float:
        """The grid with its numbers, the months under it; how high one unit is."""
        marks = steps(most)
        unit = height / marks[-1]
        for mark in marks:
            y = top + height - mark * unit
            self.line((LEFT, y, WIDTH - RIGHT, y), GREY if mark == 0 else LIGHT)
            self.text(LEFT - 8, y + 4.5, str(mark), anchor="end")
        every = -(-len(self.months) // LABELS)
        for place, month in enumerate(self.months):
            if place % every == 0:
                self.text(self.centre(place), top + height + 17, month.label, size=12)
        return unit

    def bars(self, top: float, words: Words) -> None:
        unit = self.frame(top, BARS, max(month.in_time + month.late for month in self.months))
        wide = min(self.slot * 0.6, 46)
        for place, month in enumerate(self.months):
            x, bottom = self.centre(place) - wide / 2, top + BARS
            high, late = month.in_time * unit, month.late * unit
            if high:
                self.box(x, bottom - high, wide, high, BLUE, BLUE)
            if late:
                self.hatched(x, bottom - high - late, wide, late)
            if month.in_time + month.late and self.slot > 22:
                self.text(
                    self.centre(place),
                    bottom - high - late - 5,
                    str(month.in_time + month.late),
                    colour=INK,
                    size=12,
                )
        self.text(LEFT - 40, top - 16, words.replies, anchor="start", colour=INK, size=14)
        self.box(WIDTH - 270, top - 27, 16, 11, BLUE, BLUE)
        self.text(WIDTH - 248, top - 16.5, words.in_time, anchor="start", colour=INK)
        self.hatched(WIDTH - 140, top - 27, 16, 11)
        self.text(WIDTH - 118, top - 16.5, words.late, anchor="start", colour=INK)

    def box(self, x: float, y: float, wide: float, high: float, fill: str, stroke: str) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{fill}" stroke="{stroke}"/>'
        )

    def hatched(self, x: float, y: float, wide: float, high: float) -> None:
        self.box(x, y, wide, high, "#fff", ORANGE)
        at = y + high - 4
        while at > y:
            self.line((x, at, x + wide, at), ORANGE, 1.4)
            at -= 4

    def lines(self, top: float, limit: int, words: Words) -> None:
        most = max([limit, *(month.p90 or 0 for month in self.months)])
        unit = self.frame(top, LINES, most)
        y = top + LINES - limit * unit
        self.line((LEFT, y, WIDTH - RIGHT, y), LIMIT, 1.3, "2 3")
        self.run([month.p90 for month in self.months], top + LINES, unit, ORANGE, "square", "7 4")
        self.run([month.median for month in self.months], top + LINES, unit, BLUE, "round", "")
        self.text(LEFT - 40, top - 18, words.days, anchor="start", colour=INK, size=14)
        for x, colour, shape, dash, said in (
            (WIDTH - 430, BLUE, "round", "", words.median),
            (WIDTH - 270, ORANGE, "square", "7 4", words.p90),
            (WIDTH - 140, LIMIT, "", "2 3", words.limit),
        ):
            self.line((x - 8, top - 22.5, x + 18, top - 22.5), colour, 1.8, dash)
            self.mark(x + 5, top - 22.5, colour, shape)
            self.text(x + 24, top - 18, said, anchor="start", colour=INK)

    def run(
        self, values: Sequence[int | None], bottom: float, unit: float, colour: str, shape: str, dash: str
    ) -> None:
        before: tuple[float, float] | None = None
        points = []
        for place, value in enumerate(values):
            point = None if value is None else (self.centre(place), bottom - value * unit)
            # A month without a reply leaves a gap in the line.
            if point and before:
                self.line((*before, *point), colour, 1.8, dash)
            if point:
                points.append(point)
            before = point
        for x, y in points:
            self.mark(x, y, colour, shape)

    def mark(self, x: float, y: float, colour: str, shape: str) -> None:
        if shape == "round":
            self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.2" fill="{colour}"/>')
        elif shape == "square":
            self.box(x - 3.8, y - 3.8, 7.6, 7.6, "#fff", colour)
