"""Arrows, brackets and links between what stands on the page."""

from __future__ import annotations

import re
from typing import Any

from workflow.base.messages import N_
from workflow.procedure.chart.canvas import GREY, LEADING, Run, wrap
from workflow.procedure.chart.sheet import Sheet
from workflow.procedure.chart.words import fault


def _meets(sheet: Sheet, end: str) -> bool:
    """Whether the end of an arrow at the edge of a box lies on that edge."""
    x, y = sheet.place(end)
    for part, along, low, high in ((0, y, "top", "bottom"), (1, x, "left", "right")):
        found = re.fullmatch(r"([a-z_]+)\.(left|right|top|bottom)", end.split(",")[part].strip())
        if found:
            lowest, highest = (sheet.number(f"{found[1]}.{edge}") for edge in (low, high))
            if not lowest <= along <= highest:
                return False
    return True


def bracket(sheet: Sheet, bracket: dict[str, Any]) -> None:
    """Draw a bracket: an act that may start from every state of the main line between two."""
    order = sheet.table["main"]["states"]
    span = order[order.index(bracket["from"]) : order.index(bracket["to"]) + 1]
    rows = sheet.content.of(bracket["act"])
    if {row.source for row in rows} != set(span):
        raise fault(N_("the act '{name}' does not start from these states"), name=bracket["act"])
    x, top, bottom = bracket["x"], sheet.places[span[0]].y, sheet.places[span[-1]].bottom
    sheet.canvas.path(
        [(x + 1.3, top), (x, top + 0.9), (x, bottom - 0.9), (x + 1.3, bottom)],
        colour=sheet.tones["wait"][1],
        thick=0.35,
        data=sheet.content.show(bracket["act"], rows),
    )


def arrow(sheet: Sheet, arrow: dict[str, Any]) -> None:
    """Draw an arrow with the rows that it shows, and its label."""
    rows = sheet.content.named(arrow["act"], arrow.get("rows"))
    points = [sheet.place(text) for text in arrow["path"]]
    sheet.loose += [text for text in (arrow["path"][0], arrow["path"][-1]) if not _meets(sheet, text)]
    sheet.canvas.path(
        points,
        colour=sheet.tones["line"][1],
        heads=arrow.get("heads", "end"),
        data=sheet.content.show(arrow["act"], rows),
    )
    if "label" not in arrow:
        return
    *_, room, anchor = arrow["label"].split(",")
    x, y = sheet.place(arrow["label"])
    if "words" in arrow:
        sheet.canvas.lines(
            x, y, [[Run(sheet.words.word(arrow["words"]), colour=GREY)]], sheet.size.detail, anchor=anchor
        )
        return
    above = wrap([Run(sheet.words.label(arrow["act"]), bold=True)], float(room), sheet.size.detail)
    gap = sheet.words.word("stop") if float(room) > 25 else "\n"
    texts = gap.join([sheet.words.roles(rows), sheet.words.articles(rows)])
    below = wrap([Run(texts, colour=GREY)], float(room), sheet.size.small)
    sheet.canvas.lines(
        x, y - len(above) * sheet.size.detail * LEADING - 0.2, above, sheet.size.detail, anchor=anchor
    )
    sheet.canvas.lines(x, y + 0.4, below, sheet.size.small, anchor=anchor)


def link(sheet: Sheet, link: dict[str, Any]) -> None:
    """Draw both ends of a way that is not drawn: a letter in a circle at each."""
    rows = sheet.content.named(link["act"], link.get("rows"))
    points = [sheet.place(text) for text in link["to"]]
    sheet.canvas.path(
        points, colour=sheet.tones["line"][1], heads="end", data=sheet.content.show(link["act"], rows)
    )
    for x, y in (points[0], *([sheet.place(link["from"])] if "from" in link else [])):
        sheet.canvas.circle(x, y, 1.8, fill="#ffffff", line=sheet.tones["line"][1])
        sheet.canvas.lines(
            x, y - 1.35, [[Run(link["letter"], bold=True)]], sheet.size.detail, anchor="middle"
        )
