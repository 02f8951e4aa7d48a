"""One request to the board: for whom, in which language, of which period, and the pages beside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from workflow.office.seat import Seat
from workflow.reports.board import board as boards
from workflow.reports.board.sources import Span
from workflow.web.board import pages

# The pages that every page leads to.
MENU = ("board", "outcomes", "remedies", "months", "assess")
_ASKED = ("month", "from", "to")


class Asked:
    """One request: for whom, in which language, of which period."""

    def __init__(self, seat: Seat, request: Request, lang: str, top: str) -> None:
        self.seat, self.request, self.lang, self.top = seat, request, lang, top
        self.query = {
            name: value
            for name in (*_ASKED, "refresh")
            if (value := request.query_params.get(name, "").strip())
        }

    @property
    def span(self) -> Span:
        """The days that are asked for."""
        return boards.span(
            self.seat, month=self.query.get("month"), first=self.query.get("from"), last=self.query.get("to")
        )

    def to(self, path: str, **more: Any) -> str:
        """Another page of the same period; what is None is left out."""
        asked = {**self.query, **more}
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return f"{self.top}{path}{'?' + query if query else ''}"

    def near(self, path: str) -> str:
        """The same from a page at the top, shorter: a thousand cells repeat it."""
        return self.to(path).removeprefix(self.top)

    def number(self, name: str) -> int:
        """A number of the query; 0 where it is none."""
        typed = self.request.query_params.get(name, "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def page(self, template: str, title: str, **values: Any) -> Response:
        """A page with what stands on every one."""
        path = self.request.path_params.get("path", "")
        other = "" if self.lang == "en" else "en/"
        base = self.top.removesuffix("en/") if self.lang == "en" else self.top
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        return pages.page(
            template,
            self.lang,
            title=title,
            to=self.to,
            near=self.near,
            other=f"{base}{other}{path}{query}",
            views=MENU,
            organ=self.seat.office.name,
            officer=self.seat.officer.name,
            **values,
        )
