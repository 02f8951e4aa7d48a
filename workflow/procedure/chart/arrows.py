"""Arrows, brackets and links between what stands on the page."""

from __future__ import annotations

import re
from typing import Any

from workflow.base.messages import N_
from workflow.procedure.chart.canvas import GREY, LEADING, Run, wrap
from workflow.procedure.chart.drawing import Drawing
from workflow.procedure.chart.words import fault


def _meets(drawing: Drawing, end: str) -> bool:
    """Whether the end of an arrow at the edge of a box lies on that edge."""
    x, y = drawing.place(end)
    for part, along, low, high in ((0, y, "top", "bottom"), (1, x, "left", "right")):
        found = re.fullmatch(r"([a-z_]+)\.(left|right|top|bottom)", end.split(",")[part].strip())
        if found:
            lowest, highest = (drawing.number(f"{found[1]}.{edge}") for edge in (low, high))
            if not lowest <= along <= highest:
                return False
    return True


def bracket(drawing: Drawing, bracket: dict[str, Any]) -> None:
    """Draw a bracket: an act that may start from every state of the main line between two."""
    order = drawing.table["main"]["states"]
    span = order[order.index(bracket["from"]) : order.index(bracket["to"]) + 1]
    rows = drawing.content.of(bracket["act"])
    if {row.source for row in rows} != set(span):
        raise fault(N_("the act '{name}' does not start from these states"), name=bracket["act"])
    x, top, bottom = bracket["x"], drawing.places[span[0]].y, drawing.places[span[-1]].bottom
    drawing.canvas.path(
        [(x + 1.3, top), (x, top + 0.9), (x, bottom - 0.9), (x + 1.3, bottom)],
        colour=drawing.tones["wait"][1],
        thick=0.35,
        data=drawing.content.show(bracket["act"], rows),
    )


def arrow(drawing: Drawing, arrow: dict[str, Any]) -> None:
    """Draw an arrow with the rows that it shows, and its label."""
    rows = drawing.content.named(arrow["act"], arrow.get("rows"))
    points = [drawing.place(text) for text in arrow["path"]]
    drawing.loose += [text for text in (arrow["path"][0], arrow["path"][-1]) if not _meets(drawing, text)]
    drawing.canvas.path(
        points,
        colour=drawing.tones["line"][1],
        heads=arrow.get("heads", "end"),
        data=drawing.content.show(arrow["act"], rows),
    )
    if "label" not in arrow:
        return
    *_, room, anchor = arrow["label"].split(",")
    x, y = drawing.place(arrow["label"])
    if "words" in arrow:
        drawing.canvas.lines(
            x, y, [[Run(drawing.words.word(arrow["words"]), colour=GREY)]], drawing.size.detail, anchor=anchor
        )
        return
    above = wrap([Run(drawing.words.label(arrow["act"]), bold=True)], float(room), drawing.size.detail)
    gap = drawing.words.word("stop") if float(room) > 25 else "\n"
    texts = gap.join([drawing.words.roles(rows), drawing.words.articles(rows)])
    below = wrap([Run(texts, colour=GREY)], float(room), drawing.size.small)
    drawing.canvas.lines(
        x, y - len(above) * drawing.size.detail * LEADING - 0.2, above, drawing.size.detail, anchor=anchor
    )
    drawing.canvas.lines(x, y + 0.4, below, drawing.size.small, anchor=anchor)


def link(drawing: Drawing, link: dict[str, Any]) -> None:
    """Draw both ends of a way that is not drawn: a letter in a circle at each."""
    rows = drawing.content.named(link["act"], link.get("rows"))
    points = [drawing.place(text) for text in link["to"]]
    drawing.canvas.path(
        points, colour=drawing.tones["line"][1], heads="end", data=drawing.content.show(link["act"], rows)
    )
    for x, y in (points[0], *([drawing.place(link["from"])] if "from" in link else [])):
        drawing.canvas.circle(x, y, 1.8, fill="#ffffff", line=drawing.tones["line"][1])
        drawing.canvas.lines(
            x, y - 1.35, [[Run(link["letter"], bold=True)]], drawing.size.detail, anchor="middle"
        )
