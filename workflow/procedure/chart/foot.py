"""The foot of the page: what may be done at any time, the signs, and on what the chart rests."""

from __future__ import annotations

from workflow.procedure.chart.canvas import GREY, Rect, Run, width, wrap
from workflow.procedure.chart.drawing import Drawing

SAMPLES = (("state", "main", 1.2), ("wait", "wait", 1.2), ("act", "act", 1.2), ("end", "end", 1.8))


def draw(drawing: Drawing) -> float:
    """Draw it below the main line; where it ends."""
    foot = drawing.table["foot"]
    place = _anytime(drawing, Rect(foot["x"], drawing.down(foot["y"]), foot["width"], 0))
    _legend(drawing, place.x, place.bottom + 2)
    return _note(drawing, Rect(place.x, place.bottom + 7, place.width, 0))


def _anytime(drawing: Drawing, place: Rect) -> Rect:
    content, size = drawing.content, drawing.size
    acts = [(act, content.of(act)) for act in content.foot]
    half, room = (len(acts) + 1) // 2, place.width / 2 - 3.5
    columns = [
        [(content.show(act, rows), wrap(drawing.runs(act, rows), room, size.detail)) for act, rows in part]
        for part in (acts[:half], acts[half:])
    ]
    tall = max(sum(drawing.tall(lines) + 0.9 for _, lines in column) for column in columns)
    place = Rect(place.x, place.y, place.width, tall + 6.8)
    fill, line = drawing.tones["act"]
    drawing.canvas.box(place, fill="#ffffff", line=line, round_=1.2, name="anytime")
    drawing.canvas.box(Rect(place.x, place.y, place.width, 5), fill=fill, line=line, round_=1.2)
    title = [[Run(drawing.words.word("anytime"), bold=True)]]
    drawing.canvas.lines(place.x + place.width / 2, place.y + 1, title, size.label, anchor="middle")
    for number, column in enumerate(columns):
        drawing.write(place.x + 2 + number * place.width / 2, place.y + 6.2, column)
    return place


def _legend(drawing: Drawing, x: float, y: float) -> None:
    canvas, size = drawing.canvas, drawing.size.detail
    for key, tone, round_ in SAMPLES:
        fill, line = drawing.tones[tone]
        canvas.box(Rect(x, y, 6, 3.6), fill=fill, line=line, round_=round_)
        x += 9 + _said(drawing, f"legend_{key}", x + 7, y)
    canvas.path(
        [(x + 2.3, y), (x + 1, y + 0.8), (x + 1, y + 2.8), (x + 2.3, y + 3.6)],
        colour=drawing.tones["wait"][1],
    )
    x += 5.6 + _said(drawing, "legend_span", x + 3.6, y)
    canvas.circle(x + 1.8, y + 1.8, 1.8, fill="#ffffff", line=drawing.tones["line"][1])
    canvas.lines(x + 1.8, y + 0.5, [[Run("A", bold=True)]], size, anchor="middle")
    _said(drawing, "legend_link", x + 4.6, y)


def _said(drawing: Drawing, key: str, x: float, y: float) -> float:
    text = drawing.words.word(key)
    drawing.canvas.lines(x, y + 0.6, [[Run(text, colour=GREY)]], drawing.size.detail)
    return width(text, drawing.size.detail)


def _note(drawing: Drawing, place: Rect) -> float:
    words = drawing.words
    english = words.language == "en"
    day = words.day.isoformat() if english else f"{words.day.year}年{words.day.month}月{words.day.day}日"
    text = words.word("note") + " " * english + words.word("asof").format(day=day)
    lines = wrap([Run(text, colour=GREY)], place.width, drawing.size.detail)
    drawing.canvas.lines(place.x, place.y, lines, drawing.size.detail)
    return place.y + drawing.tall(lines)
