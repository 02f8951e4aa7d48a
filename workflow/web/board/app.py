"""The board as an ASGI application for one officer, under an address with a secret drawn at its start.

Who he is and what he may see is looked up anew for each page; nothing is written. One page is made at a time.
"""

from __future__ import annotations

import hmac
import tempfile
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workflow.base.errors import DisclosureError, NotFound
from workflow.base.messages import N_, listed, speaking
from workflow.base.names import article
from workflow.base.spreadsheets import form_of
from workflow.office import identity, who
from workflow.office.seat import Seat
from workflow.reports.board import assess, figures, list_output, output
from workflow.reports.board import board as boards
from workflow.reports.board.row import Board, Row, find
from workflow.web.board import months, pages
from workflow.web.board.asked import Asked
from workflow.web.public.pages import LANGUAGES

# Organs on a page of each view, cases on a page of a list: a page stays under 100 kB.
VIEWS = {"board": 100, "outcomes": 50, "remedies": 50}
CASES = 100
REFRESH = 300
FILES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
}


Answer = Callable[[Asked], Response]


def _ids(view: str, total: Row) -> list[str]:
    """The columns of a view: of outcomes and remedies those in which something is counted."""
    if view == "board":
        return list(output.MAIN)
    start = "row." if view == "outcomes" else "remedy."
    return [id for id in figures.all_figures() if id.startswith(start) and total.counts[id]]


def view(asked: Asked, name: str = "board") -> Response:
    """All organs in rows, the figures of a view in columns."""
    board = boards.make(asked.seat, asked.span)
    known, total, start = figures.all_figures(), board.total, asked.number("start")
    shown = board.rows[start : start + VIEWS[name]]
    columns = [known[id] for id in _ids(name, total)]
    several = len(board.rows) > 1
    rest = start + VIEWS[name] < len(board.rows)
    path = "" if name == "board" else name
    made = asked.page(
        "board.html",
        pages.word(f"view.{name}", asked.lang),
        name=name,
        path=path,
        board=board,
        span=output.span_text(board),
        columns=[(one, output.label(one)) for one in columns],
        rows=[
            (row, [(one, output.shown(one, row.value(one)), row.opens(one)) for one in columns])
            for row in shown
        ],
        total=[output.shown(one, total.value(one)) for one in columns] if several else [],
        joined=listed,
        next=asked.to(path, start=start + VIEWS[name]) if rest else "",
        first=asked.to(path) if start else "",
        missing=[f"{organ} {month}" for organ, month in board.missing],
        query=asked.query,
        files=list(FILES),
    )
    if asked.query.get("refresh"):
        # Only where the reader asked for it: who needs time to read is not hurried.
        made.headers["Refresh"] = str(REFRESH)
    return made


def organ(asked: Asked, key: str) -> Response:
    """Every figure of one organ."""
    board = boards.make(asked.seat, asked.span)
    row = find(board, key)
    span = output.span_text(board)
    told = [
        (one, output.shown(one, row.value(one)), row.opens(one), article(one.basis))
        for one in figures.all_figures().values()
    ]
    return asked.page("organ.html", row.name, row=row, span=span, told=told)


def cases(asked: Asked, key: str, figure: str) -> Response:
    """The cases of a figure, a page of them."""
    span = asked.span
    found = boards.listed(asked.seat, span, key, figure, after=asked.number("after"), limit=CASES + 1)
    shown, people = found.rows[:CASES], who.of_office(asked.seat) if found.own else None
    more = len(found.rows) > CASES
    path = f"list/{found.organ.key}/{found.figure.id}"
    return asked.page(
        "list.html",
        f"{found.organ.name} · {found.figure.name}",
        found=found,
        basis=article(found.figure.basis),
        span=output.span_text(Board(span, [])),
        heads=[head.title for head in list_output.list_heads(found.columns)],
        rows=[[list_output.cell(name, row[name], people) for name in found.columns] for row in shown],
        number=found.number,
        next=asked.to(path, after=shown[-1]["id"]) if more else "",
    )


def assessed(asked: Asked) -> Response:
    """The points of all organs in a month, each with the cases that it was given for."""
    month = asked.query.get("month") or assess.last_month(asked.span.today)
    criteria, found = assess.assess(asked.seat, month)
    asked.query = {"month": month}
    return asked.page(
        "assess.html",
        pages.word("view.assess", asked.lang),
        month=month,
        criteria=[(one, article(one.article)) for one in criteria.criteria],
        found=found,
        points=assess.shown,
    )


def file(asked: Asked, name: str) -> Response:
    """The board as a file."""
    ending = form_of(Path(name), FILES)
    board = boards.make(asked.seat, asked.span)
    with tempfile.TemporaryDirectory(prefix="disclosure-board-") as folder:
        out = Path(folder) / name
        output.write(board, asked.seat, out)
        data = out.read_bytes()
    headers = {**pages.HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=FILES[ending], headers=headers)


def answered(asked: Asked) -> Response:
    """The page of a path."""
    match asked.request.path_params.get("path", "").split("/"):
        case [""]:
            return view(asked)
        case ["outcomes" | "remedies" as name]:
            return view(asked, name)
        case ["months"]:
            return months.page(asked)
        case ["assess"]:
            return assessed(asked)
        case ["organ", key]:
            return organ(asked, key)
        case ["list", key, figure]:
            return cases(asked, key, figure)
        case [name] if name in {f"board{ending}" for ending in FILES}:
            return file(asked, name)
    raise NotFound(N_("There is no such page."))


def make(seated: Callable[[], Seat], secret: str) -> Starlette:
    """The application; `seated` gives the seat of the officer as it is now."""

    def refused(request: Request, status: int) -> Response:
        return pages.page("told.html", "zh", status=status, text=pages.word("site.missing", "zh"), advice="")

    async def answer(request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["secret"].encode(), secret.encode()):
            return refused(request, 404)
        path = request.path_params["path"]
        lang = "en" if path == "en" or path.startswith("en/") else "zh"
        if lang == "en":
            request.path_params["path"] = path[3:]
        top = f"/{secret}/{'en/' if lang == 'en' else ''}"
        with speaking(LANGUAGES[lang]):
            try:
                seat = seated()
                identity.require_known(seat.office.settings, seat.officer.known)
                return answered(Asked(seat, request, lang, top))
            except DisclosureError as fault:
                status = 404 if isinstance(fault, NotFound) else 400
                advice = fault.advice or ""
                return pages.page("told.html", lang, status=status, text=fault.text, advice=advice)

    async def style(request: Request) -> Response:
        return Response(pages.style(), media_type="text/css; charset=utf-8", headers=pages.HEADERS)

    async def missing(request: Request, fault: Exception) -> Response:
        return refused(request, 404)

    async def failed(request: Request, fault: Exception) -> Response:
        return refused(request, 500)

    routes = [Route("/board.css", style), Route("/{secret}/{path:path}", answer)]
    made = Starlette(routes=routes, exception_handlers={404: missing, 405: missing, Exception: failed})
    made.router.redirect_slashes = False
    return made
