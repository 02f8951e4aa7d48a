"""Pages on which an application is followed with its code: how it stands, why it is due that day, letters."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from workflow.base import dates, follow_codes, names
from workflow.base.errors import Damaged, Refused
from workflow.web.public import handing_in, rows
from workflow.web.public.store import Submission

if TYPE_CHECKING:
    from workflow.web.public.asking import Asked

# What can be sent in before the office has published anything of the application.
AT_ONCE = ("paper", "withdraw")
FETCHED = "fetched"


@dataclass
class Followed:
    """An application as its code shows it."""

    secret: bytes
    sent: list[Submission]
    row: dict[str, Any] | None
    today: date

    @property
    def may(self) -> dict[str, dict[str, Any]]:
        """What may be done now, by act; `until` and more where the office said so."""
        if self.row is None:
            return {act: {} for act in AT_ONCE}
        return {one["act"]: one for one in self.row["may"] if self._open(one)}

    @property
    def told(self) -> list[dict[str, Any]]:
        """What else he may do, elsewhere than here, while it is not over."""
        return [one for one in (self.row or {}).get("told", []) if self._open(one)]

    def _open(self, one: dict[str, Any]) -> bool:
        until = one.get("until")
        return until is None or date.fromisoformat(until) >= self.today or bool(one.get("late"))


def find(asked: Asked, code: str) -> Followed | Response:
    """What a code leads to. A wrong code, a code of nobody and a row that is not this code's look alike."""
    outer = asked.outer
    if outer.looks.empty(asked.client):
        return asked.refused("busy", 429)
    secret = follow_codes.secret_of_code(code)
    place = follow_codes.lookup(secret if secret is not None else bytes(follow_codes.SECRET))
    sent, text = outer.store.of_code(place), outer.store.published(place)
    row = None
    if secret is not None and text is not None:
        try:
            read = rows.read(text, outer.card)
            row = rows.opened(read, secret) if read.lookup == place else None
        except (Refused, Damaged):
            # Somebody else than the office wrote it: it is not shown.
            row = None
    if secret is None or (not sent and row is None):
        outer.looks.take(asked.client)
        return asked.page("follow.html", "/follow", status=404, unknown=True)
    return Followed(secret, sent, row, dates.china_day(outer.now()))


def enter(asked: Asked) -> Response:
    """Where the code is typed."""
    return asked.page("follow.html", "/follow", unknown=False)


def follow(asked: Asked) -> Response:
    """The page of an application, for a code that was typed."""
    return status(asked, asked.text("code"))


def scanned(asked: Asked) -> Response:
    """The same for the address in a QR code."""
    return status(asked, str(asked.request.path_params["code"]))


def status(asked: Asked, code: str) -> Response:
    """The page of an application."""
    found = find(asked, code)
    if isinstance(found, Response):
        return found
    lang, row = asked.lang, found.row
    code = follow_codes.code(found.secret)
    return asked.page(
        "status.html",
        f"/s/{code}",
        code=code,
        row=row,
        at=dates.china_time(row["at"]) if row else "",
        sent=[
            {
                "kind": names.both("web_kind", [one.kind])[one.kind][lang],
                "receipt": one.receipt,
                "at": dates.china_time(one.at),
                "taken": not one.sealed,
            }
            for one in found.sent
            if one.kind != FETCHED
        ],
        may=found.may,
        told=found.told,
    )


def letter(asked: Asked) -> Response:
    """A letter, opened in memory with the code that came with the request; that it was fetched is kept for
    the office before it is given.
    """
    found = find(asked, asked.text("code"))
    if isinstance(found, Response):
        return found
    wanted = asked.text("letter")
    one = next((one for one in (found.row or {}).get("letters", []) if one["sha256"] == wanted), None)
    place = follow_codes.lookup(found.secret)
    sealed = asked.outer.store.letter(place, wanted) if one else None
    if one is None or sealed is None or hashlib.sha256(sealed).hexdigest() != wanted:
        return asked.refused("missing", 404)
    try:
        pdf = rows.open_letter(sealed, found.secret)
    except Damaged:
        return asked.refused("missing", 404)
    token = once(found.secret, f"{FETCHED} {one['letter']}")
    said = {"letter": one["letter"]}
    fetched = handing_in.handing(asked.outer.card, FETCHED, token, said, [], asked.outer.now(), found.secret)
    handing_in.hand_in(asked.outer.store, fetched)
    headers = {"Content-Disposition": f'attachment; filename="{one["file"]}"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def once(secret: bytes, what: str) -> str:
    """The token of what is taken only once under a code."""
    digest = hashlib.sha256(secret + what.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


PAGES = [
    ("/follow", "GET", enter),
    ("/follow", "POST", follow),
    ("/s/{code:str}", "GET", scanned),
    ("/letter", "POST", letter),
]
