"""The coming weeks as a picture (SVG): a column a day, a row for whose turn it is, a mark for each case.

Colour and shape say the same, so that a photocopy tells as much as the screen. Everything is plain SVG with
attributes, in millimetres, no style sheet and no script: the same drawing goes into the page and into the
PDF.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

from workflow.base.completeness import require_same
from workflow.base.messages import N_, language, pick, translate
from workflow.base.names import of_part
from workflow.office.alert_settings import table
from workflow.reports.alerts import thresholds
from workflow.reports.alerts.svg_signs import SHAPES, in_svg
from workflow.reports.alerts.workload import Cell, Column, Dot, Load

INK, GREY, PALE, LINE, REST = "#1f2933", "#5c6b7a", "#98a3ae", "#d5dbe1", "#eef1f4"
TODAY, TODAY_INK = "#fff3d6", "#8a5a00"
# Millimetres: the whole, the names of the rows, the column of what was due before, a working day against a
# day off.
WIDTH, NAMES, BEFORE, OFF = 265.0, 25.0, 13.0, 0.5
HEAD, PITCH = 15.0, 3.5
# More of them on a day than this, and the marks are drawn two abreast.
TALL = 8
# The size of a mark in the key below.
KEY = 3.0
# Of a fallback for screens; the PDF names the faces of the letters.
FAMILY = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',SimHei,FandolHei,sans-serif"
WEEKDAYS = {"zh_CN": "一二三四五六日", "en": "MTWTFSS"}


def svg(load: Load, family: str = FAMILY, *, titled: bool = False) -> str:
    """The picture as an <svg> element; titled for a PDF, where its title is what is read to the blind.

    A browser reads the label, and would show a title wherever the pointer rests.
    """
    return _Drawing(load).text(family, titled)


class _Drawing:
    """The drawing under construction."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.parts: list[str] = []
        units = sum(1 if column.working else OFF for column in load.days)
        self.unit = (WIDTH - NAMES - BEFORE) / (units or 1)
        self.places: dict[date, tuple[float, float]] = {}
        x = NAMES + BEFORE
        for column in load.days:
            wide = self.unit * (1 if column.working else OFF)
            self.places[column.day] = (x, wide)
            x += wide
        tallest = max((len(cell.dots) for lane in load.lanes.values() for cell in lane.values()), default=0)
        self.pitch = PITCH if tallest <= TALL else min(PITCH, (self.unit - 0.3) / 2)
        self.size = self.pitch * 0.87
        self.tops: dict[str, tuple[float, float]] = {}
        y = HEAD
        for lane in load.lanes:
            rows = max((self._abreast(cell, wide)[1] for _, wide, cell in self._cells(lane)), default=0)
            height = max(rows * self.pitch, PITCH if lane == "reply" else 0) + 6.0
            if rows or lane == "reply":
                self.tops[lane] = (y, height)
                y += height
        self.bottom = y
        self.height = y + 10.0

    def text(self, family: str, titled: bool) -> str:
        """All of it."""
        self._days()
        self._lanes()
        self._frame()
        self._legend()
        title, told = translate(N_("The coming weeks")), self._told()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {in_svg(WIDTH)} {in_svg(self.height)}" width="{in_svg(WIDTH)}mm"'
            f' height="{in_svg(self.height)}mm" role="img" aria-label={quoteattr(f"{title}. {told}")}'
            f" font-family={quoteattr(family)}>\n"
            + (f"<title>{escape(f'{title}. {told}')}</title>\n" if titled else "")
            + "\n".join(self.parts)
            + "\n</svg>"
        )

    def _told(self) -> str:
        """A description for readers who cannot see it."""
        counts: dict[str, int] = dict.fromkeys(thresholds.marks(), 0)
        for lane in self.load.lanes:
            for cell in (self.load.before[lane], *self.load.lanes[lane].values()):
                for dot in cell.dots:
                    counts[dot.mark] += 1
        names = thresholds.marks()
        return pick("；", "; ").join(f"{names[mark].name} {count}" for mark, count in counts.items() if count)

    # --- the ground: days

    def _days(self) -> None:
        for column in self.load.days:
            x, wide = self.places[column.day]
            if column.day == self.load.today:
                self._rect(x, HEAD - 11.5, wide, self.bottom - HEAD + 11.5, TODAY)
            elif not column.working:
                self._rect(x, HEAD - 6.5, wide, self.bottom - HEAD + 6.5, REST)
        for column in self.load.days:
            x, wide = self.places[column.day]
            if column.day.weekday() == 0:
                self._line(x, HEAD - 11.5, x, self.bottom, LINE, 0.25)
                self._words(x + 0.8, HEAD - 9.0, _monday(column.day, self.load.days[0].day), 2.7, GREY)
            self._head(column, x, wide)

    def _head(self, column: Column, x: float, wide: float) -> None:
        day, middle = column.day, x + wide / 2
        now = day == self.load.today
        if now:
            self._words(middle, HEAD - 5.9, translate(N_("today")), 2.4, TODAY_INK, "middle", bold=True)
        elif column.working and day.weekday() >= 5:
            self._words(middle, HEAD - 5.9, pick("班", "work"), 2.3, INK, "middle", bold=True)
        elif not column.working and column.name:
            self._words(middle, HEAD - 5.9, pick("休", "off"), 2.1, PALE, "middle")
        if column.working or column.name or now:
            colour = INK if column.working else PALE
            number = f"{day.day}{'?' if column.provisional else ''}"
            self._words(
                middle, HEAD - 3.2, number, 2.7 if column.working else 2.0, colour, "middle", bold=now
            )
        if column.working:
            letter = WEEKDAYS.get(language(), WEEKDAYS["en"])[day.weekday()]
            self._words(middle, HEAD - 0.7, letter, 2.0, GREY, "middle")

    # --- the rows and their marks

    def _lanes(self) -> None:
        for lane, (top, height) in self.tops.items():
            self._words(1.2, top + 4.6, thresholds.name("lane", lane), 3.0, INK, bold=True)
            total = self.load.before[lane].count + sum(cell.count for cell in self.load.lanes[lane].values())
            self._words(1.2, top + 8.4, translate(N_("{n} in all"), n=total), 2.4, GREY)
            for place, wide, cell in self._cells(lane):
                self._stack(cell, place, wide, top + height - 1.0)

    def _cells(self, lane: str) -> Iterator[tuple[float, float, Cell]]:
        yield NAMES, BEFORE, self.load.before[lane]
        for day, cell in self.load.lanes[lane].items():
            yield *self.places[day], cell

    def _abreast(self, cell: Cell, wide: float) -> tuple[int, int]:
        """How many marks stand side by side, and how many rows that makes."""
        room = max(1, int((wide - 0.2) // self.pitch))
        abreast = room if len(cell.dots) > TALL else 1
        return abreast, -(-len(cell.dots) // abreast)

    def _stack(self, cell: Cell, x: float, wide: float, base: float) -> None:
        if not cell.count:
            return
        abreast, rows = self._abreast(cell, wide)
        order = list(thresholds.marks())
        for n, dot in enumerate(sorted(cell.dots, key=lambda dot: order.index(dot.mark))):
            row, column = divmod(n, abreast)
            middle = x + wide / 2 + (column - (abreast - 1) / 2) * self.pitch
            self._mark(dot, middle, base - (row + 0.5) * self.pitch)
        if cell.count > 1:
            more = cell.count > len(cell.dots)
            self._words(
                x + wide / 2,
                base - rows * self.pitch - 0.6,
                f"{cell.count}",
                2.5,
                INK if more else GREY,
                "middle",
                bold=more,
            )

    def _mark(self, dot: Dot, x: float, y: float) -> None:
        mark = thresholds.marks()[dot.mark]
        label = f"{dot.case} {of_part(dot.clock, dot.ref)} {dot.due}"
        if dot.provisional:
            label += translate(N_("(provisional)"))
        shape = SHAPES[mark.shape](x, y, self.size / 2)
        hollow = mark.shape == "ring" or dot.provisional
        fill, thick = ("#ffffff", 0.55) if hollow else (mark.colour, 0.2)
        dash = ' stroke-dasharray="0.8 0.5"' if dot.provisional else ""
        self.parts.append(
            f'<{shape} fill="{fill}" stroke="{mark.colour}" stroke-width="{thick}"{dash}>'
            f"<title>{escape(label)}</title></{shape.split()[0]}>"
        )

    # --- the frame around, and what the marks mean

    def _frame(self) -> None:
        self._words(NAMES + BEFORE / 2, HEAD - 3.2, translate(N_("earlier")), 2.5, INK, "middle", bold=True)
        for top, height in self.tops.values():
            self._line(0, top, WIDTH, top, LINE, 0.25)
            self._line(0, top + height, WIDTH, top + height, LINE, 0.25)
        for x in (NAMES, NAMES + BEFORE):
            self._line(x, HEAD - 6.5, x, self.bottom, LINE, 0.25)
        self._line(0, self.bottom, WIDTH, self.bottom, GREY, 0.35)

    def _legend(self) -> None:
        x, y = NAMES, self.bottom + 5.2
        for mark in thresholds.marks().values():
            hollow = mark.shape == "ring"
            shape = SHAPES[mark.shape](x + KEY / 2, y - 0.9, KEY / 2)
            self.parts.append(
                f'<{shape} fill="{"#ffffff" if hollow else mark.colour}" stroke="{mark.colour}"'
                f' stroke-width="{0.55 if hollow else 0.2}"/>'
            )
            x = self._named(x + KEY + 1.2, y, mark.name)
        shape = SHAPES["circle"](x + KEY / 2, y - 0.9, KEY / 2)
        colour = thresholds.marks()["later"].colour
        self.parts.append(
            f'<{shape} fill="#ffffff" stroke="{colour}" stroke-width="0.55" stroke-dasharray="0.8 0.5"/>'
        )
        self._named(
            x + KEY + 1.2,
            y,
            translate(N_("dashed, or a day with '?': provisional, days off not announced yet")),
        )

    def _named(self, x: float, y: float, name: str) -> float:
        self._words(x, y, name, 2.7, INK)
        return x + sum(2.7 if ord(char) > 0x2E7F else 1.45 for char in name) + 4.5

    # --- what all of it is made of

    def _words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        anchor: str = "start",
        *,
        bold: bool = False,
    ) -> None:
        weight = ' font-weight="bold"' if bold else ""
        self.parts.append(
            f'<text x="{in_svg(x)}" y="{in_svg(y)}" font-size="{in_svg(size)}" fill="{colour}" text-anchor="{anchor}"{weight}>'
            f"{escape(text)}</text>"
        )

    def _rect(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        self.parts.append(
            f'<rect x="{in_svg(x)}" y="{in_svg(y)}" width="{in_svg(width)}" height="{in_svg(height)}" fill="{fill}"/>'
        )

    def _line(self, x1: float, y1: float, x2: float, y2: float, colour: str, thick: float) -> None:
        self.parts.append(
            f'<line x1="{in_svg(x1)}" y1="{in_svg(y1)}" x2="{in_svg(x2)}" y2="{in_svg(y2)}" stroke="{colour}"'
            f' stroke-width="{in_svg(thick)}"/>'
        )


def _monday(day: date, first: date) -> str:
    """The head of a week: its Monday, with the year where it is another than before."""
    year = day.year != (day - timedelta(days=7)).year or (day == first and day.month == 12)
    if language() == "en":
        return f"{day:%d %b %Y}" if year else f"{day:%d %b}"
    return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"


require_same("thresholds.toml: sign", table()["sign"], "picture._SHAPES", SHAPES)
