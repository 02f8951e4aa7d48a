"""A figure, or the points of assessment, of every organ over several months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.names import article
from workflow.reports.board import assess, figures, output
from workflow.reports.board import board as boards
from workflow.reports.board.figures import NOW
from workflow.web.board import pages

if TYPE_CHECKING:
    from workflow.reports.board.row import Board, Row
    from workflow.web.board.asked import Asked

POINTS = "assess"
USUAL, BACK, MOST = "share_in_time", 5, 23
# Cells on a page: it stays under 100 kB.
CELLS = 600


def choices(lang: str) -> list[tuple[str, str]]:
    """What can be compared: the figures of the first table, but for those of today, and the points."""
    known = figures.all_figures()
    kept = [known[id] for id in output.MAIN if known[id].when != NOW]
    return [*((one.id, one.name) for one in kept), (POINTS, pages.word("view.assess", lang))]


def page(asked: Asked) -> Response:
    """The months up to the one that is asked for, side by side."""
    offered = dict(choices(asked.lang))
    chosen = asked.request.query_params.get("figure", USUAL)
    if chosen not in offered:
        raise Malformed(
            N_("'{name}' is no figure that months can be compared by."), field="figure", name=chosen[:40]
        )
    back = asked.number("back") if "back" in asked.request.query_params else BACK
    last = asked.query.get("month") or assess.last_month(asked.seat.today())
    months = assess.months_back(last, min(back, MOST))
    told = _points(asked, months) if chosen == POINTS else _figures(asked, chosen, months)
    start, organs = asked.number("start"), CELLS // len(months)
    rows, told["rows"] = told["rows"], told["rows"][start : start + organs]
    further = {"figure": chosen, "month": last, "back": len(months) - 1}
    return asked.page(
        "months.html",
        pages.word("view.months", asked.lang),
        choices=list(offered.items()),
        chosen=chosen,
        name=offered[chosen],
        months=months,
        next=asked.to("months", **further, start=start + organs) if start + organs < len(rows) else "",
        **told,
    )


def _points(asked: Asked, months: list[str]) -> dict[str, Any]:
    found = assess.compared(asked.seat, months[-1], len(months) - 1)
    link = {month: f"assess?month={month}" for month in months}
    rows = [
        (name, [(assess.shown(of.get(month)), link[month]) for month in months])
        for name, of in found.values()
    ]
    return {"rows": rows, "total": [], "says": "", "basis": ""}


def _figures(asked: Asked, chosen: str, months: list[str]) -> dict[str, Any]:
    one = figures.all_figures()[chosen]
    made: list[Board] = [boards.make(asked.seat, boards.span(asked.seat, month=month)) for month in months]
    by_month = [{row.key: row for row in board.rows} for board in made]
    organs = {row.key: row.name for board in made for row in board.rows}

    def cell(key: str, month: str, row: Row | None) -> tuple[str, str]:
        value = row.value(one) if row is not None else None
        opens = row is not None and row.opens(one)
        link = f"list/{key}/{one.id}?month={month}"
        return output.shown(one, value), link if opens else ""

    rows = [
        (name, [cell(key, month, of.get(key)) for month, of in zip(months, by_month, strict=True)])
        for key, name in organs.items()
    ]
    total = [output.shown(one, board.total.value(one)) for board in made] if len(organs) > 1 else []
    return {"rows": rows, "total": total, "says": one.says, "basis": article(one.basis)}
