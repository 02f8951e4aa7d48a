"""The foot of the page: what may be done at any time, the signs, and on what the chart rests."""

from __future__ import annotations

from workflow.procedure.chart.canvas import GREY, Rect, Run, width, wrap
from workflow.procedure.chart.sheet import Sheet

SAMPLES = (("state", "main", 1.2), ("wait", "wait", 1.2), ("act", "act", 1.2), ("end", "end", 1.8))


def draw(sheet: Sheet) -> float:
    """Draw it below the main line; where it ends."""
    foot = sheet.table["foot"]
    place = _anytime(sheet, Rect(foot["x"], sheet.down(foot["y"]), foot["width"], 0))
    _legend(sheet, place.x, place.bottom + 2)
    return _note(sheet, Rect(place.x, place.bottom + 7, place.width, 0))


def _anytime(sheet: Sheet, place: Rect) -> Rect:
    content, size = sheet.content, sheet.size
    acts = [(act, content.of(act)) for act in content.foot]
    half, room = (len(acts) + 1) // 2, place.width / 2 - 3.5
    columns = [
        [(content.show(act, rows), wrap(sheet.runs(act, rows), room, size.detail)) for act, rows in part]
        for part in (acts[:half], acts[half:])
    ]
    tall = max(sum(sheet.tall(lines) + 0.9 for _, lines in column) for column in columns)
    place = Rect(place.x, place.y, place.width, tall + 6.8)
    fill, line = sheet.tones["act"]
    sheet.canvas.box(place, fill="#ffffff", line=line, round_=1.2, name="anytime")
    sheet.canvas.box(Rect(place.x, place.y, place.width, 5), fill=fill, line=line, round_=1.2)
    title = [[Run(sheet.words.word("anytime"), bold=True)]]
    sheet.canvas.lines(place.x + place.width / 2, place.y + 1, title, size.label, anchor="middle")
    for number, column in enumerate(columns):
        sheet.write(place.x + 2 + number * place.width / 2, place.y + 6.2, column)
    return place


def _legend(sheet: Sheet, x: float, y: float) -> None:
    canvas, size = sheet.canvas, sheet.size.detail
    for key, tone, round_ in SAMPLES:
        fill, line = sheet.tones[tone]
        canvas.box(Rect(x, y, 6, 3.6), fill=fill, line=line, round_=round_)
        x += 9 + _said(sheet, f"legend_{key}", x + 7, y)
    canvas.path(
        [(x + 2.3, y), (x + 1, y + 0.8), (x + 1, y + 2.8), (x + 2.3, y + 3.6)], colour=sheet.tones["wait"][1]
    )
    x += 5.6 + _said(sheet, "legend_span", x + 3.6, y)
    canvas.circle(x + 1.8, y + 1.8, 1.8, fill="#ffffff", line=sheet.tones["line"][1])
    canvas.lines(x + 1.8, y + 0.5, [[Run("A", bold=True)]], size, anchor="middle")
    _said(sheet, "legend_link", x + 4.6, y)


def _said(sheet: Sheet, key: str, x: float, y: float) -> float:
    text = sheet.words.word(key)
    sheet.canvas.lines(x, y + 0.6, [[Run(text, colour=GREY)]], sheet.size.detail)
    return width(text, sheet.size.detail)


def _note(sheet: Sheet, place: Rect) -> float:
    words = sheet.words
    english = words.language == "en"
    day = words.day.isoformat() if english else f"{words.day.year}年{words.day.month}月{words.day.day}日"
    text = words.word("note") + " " * english + words.word("asof").format(day=day)
    lines = wrap([Run(text, colour=GREY)], place.width, sheet.size.detail)
    sheet.canvas.lines(place.x, place.y, lines, sheet.size.detail)
    return place.y + sheet.tall(lines)
