"""The outer side as the inner side reaches it: its database itself, or its door over HTTP."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from workflow.base import dates
from workflow.base.errors import Conflict, Environment, Malformed, Refused
from workflow.base.messages import N_
from workflow.office.mail_settings import is_loopback
from workflow.web.keys import Keys
from workflow.web.public import peer, rows
from workflow.web.public.card import Card
from workflow.web.public.store import OuterStore, Submission

TIMEOUT = 60


class Outer(Protocol):
    """What the inner side does on the outer one."""

    def waiting(self, after: int = 0, most: int = 50) -> list[Submission]:
        """What was not collected yet."""

    def papers(self, token: str) -> list[tuple[int, bytes]]:
        """The sealed papers of a form."""

    def collected(self, id: int, at: datetime) -> None:
        """It is here for good."""

    def publish(self, lookup: str, version: int, row: str, letters: dict[str, bytes]) -> None:
        """Show a row from now on."""

    def forget(self, lookup: str) -> None:
        """Show nothing of a code any more."""

    def close(self) -> None:
        """Nothing more is wanted of it."""


class CheckedStore(OuterStore):
    """The outer database reached by itself; a row passes the same check as over the door."""

    def __init__(self, url: str, card: Card) -> None:
        super().__init__(url)
        self._card = card

    def publish(self, lookup: str, version: int, row: str, letters: dict[str, bytes]) -> None:
        """Show a row that the office signed."""
        read = rows.read(row, self._card)
        super().publish(read.lookup, read.version, row, letters)


class HttpDoor:
    """The outer side over HTTP: each request is signed by the office, and good for minutes."""

    def __init__(self, address: str, keys: Keys, now: Callable[[], datetime] = dates.now) -> None:
        parts = urlsplit(address)
        if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
            raise Malformed(
                N_("The outer side is reached by https, or on this machine: {address}"),
                field="outer",
                address=address,
                way_on=N_("Write it as https://…"),
            )
        self._address, self._keys, self._now = address.rstrip("/") + peer.PATH, keys, now

    def waiting(self, after: int = 0, most: int = 50) -> list[Submission]:
        """What was not collected yet."""
        found = self._asked("waiting", after=after, most=most)
        return [Submission(**{**one, "sealed": base64.b64decode(one["sealed"])}) for one in found]

    def papers(self, token: str) -> list[tuple[int, bytes]]:
        """The sealed papers of a form."""
        return [(int(no), base64.b64decode(text)) for no, text in self._asked("papers", token=token)]

    def collected(self, id: int, at: datetime) -> None:
        """It is here for good."""
        self._asked("collected", id=id)

    def publish(self, lookup: str, version: int, row: str, letters: dict[str, bytes]) -> None:
        """Show a row from now on."""
        told = {sha256: base64.b64encode(sealed).decode() for sha256, sealed in letters.items()}
        self._asked("publish", row=row, letters=told)

    def forget(self, lookup: str) -> None:
        """Show nothing of a code any more."""
        self._asked("forget", lookup=lookup)

    def close(self) -> None:
        """Nothing is kept open."""

    def _asked(self, what: str, **said: Any) -> Any:
        body = json.dumps({"do": what, "at": dates.stamp(self._now()), **said}).encode()
        signature = base64.b64encode(self._keys.sign.sign(peer.SIGNED + body)).decode()
        headers = {"Content-Type": "application/json", peer.HEADER: signature}
        try:
            with urlopen(Request(self._address, body, headers), timeout=TIMEOUT) as answer:  # noqa: S310
                return json.loads(answer.read())["done"]
        except HTTPError as fault:
            raise _said(fault) from None
        except (URLError, HTTPException, OSError, ValueError, KeyError) as fault:
            raise Environment(
                N_("The outer side does not answer: {detail}"),
                detail=str(getattr(fault, "reason", fault))[:200],
                way_on=N_("Nothing is lost: what waits there is collected the next time."),
            ) from None


def _said(fault: HTTPError) -> Exception:
    try:
        told = json.loads(fault.read())
    except ValueError:
        told = {}
    if told.get("error") == "conflict":
        return Conflict(N_("The outer side did not take it: {detail}"), detail=str(told.get("text"))[:300])
    if told.get("error") == "signature":
        return Refused(
            N_("The outer side does not know this office's key, or one of the clocks is wrong."),
            field="outer",
            way_on=N_("Carry the card there again (disclosure web card), and compare the clocks."),
        )
    return Environment(
        N_("The outer side does not answer: {detail}"),
        detail=f"{fault.code} {told.get('text', '')}"[:200],
        way_on=N_("Nothing is lost: what waits there is collected the next time."),
    )


def reach(place: str, keys: Keys, card: Card, now: Callable[[], datetime] = dates.now) -> Outer:
    """The outer side at an address (https://…) or in a database (a file, or a URL)."""
    if place.startswith(("https://", "http://")):
        return HttpDoor(place, keys, now)
    return CheckedStore(place, card)
