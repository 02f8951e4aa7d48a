"""The door for the office's inner side over HTTP: requests that the office's key signed, and no others.

Over this door the same is done as on the outer database itself: look at what waits, take papers, say what was
collected, publish rows. What is sealed stays sealed; a request is good for a few minutes.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from workflow.base.errors import Conflict, DisclosureError, Refused
from workflow.web.public import rows

if TYPE_CHECKING:
    from workflow.web.public.asking import Outer

PATH = "/office"
HEADER = "x-disclosure-signature"
FRESH = timedelta(minutes=5)
SIGNED = b"disclosure web request 1\n"


def _waiting(outer: Outer, said: dict[str, Any]) -> Any:
    return [
        {**one._asdict(), "sealed": base64.b64encode(one.sealed).decode()}
        for one in outer.store.waiting(int(said["after"]), int(said["most"]))
    ]


def _papers(outer: Outer, said: dict[str, Any]) -> Any:
    found = outer.store.papers(str(said["token"]))
    return [[no, base64.b64encode(sealed).decode()] for no, sealed in found]


def _collected(outer: Outer, said: dict[str, Any]) -> Any:
    outer.store.collected(int(said["id"]), outer.now())


def _publish(outer: Outer, said: dict[str, Any]) -> Any:
    publish(outer, str(said["row"]), {one: base64.b64decode(had) for one, had in said["letters"].items()})


def publish(outer: Outer, text: str, letters: dict[str, bytes]) -> None:
    """Show a row that the office signed."""
    row = rows.read(text, outer.card)
    outer.store.publish(row.lookup, row.version, text, letters)


def _forget(outer: Outer, said: dict[str, Any]) -> Any:
    outer.store.forget(str(said["lookup"]))


DONE = {
    "waiting": _waiting,
    "papers": _papers,
    "collected": _collected,
    "publish": _publish,
    "forget": _forget,
}


def _answered(outer: Outer, body: bytes, signature: str) -> JSONResponse:
    try:
        said = json.loads(body)
        moment = datetime.fromisoformat(said["at"])
        signed = outer.card.signed(SIGNED + body, base64.b64decode(signature, validate=True))
        known = signed and abs(outer.now() - moment) <= FRESH and said["do"] in DONE
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        return JSONResponse({"error": "signature"}, 403)
    try:
        return JSONResponse({"done": DONE[said["do"]](outer, said)})
    except (Conflict, Refused) as fault:
        return JSONResponse({"error": fault.kind, "text": str(fault)}, 409)
    except DisclosureError as fault:
        return JSONResponse({"error": fault.kind, "text": str(fault)}, 503)
    except (ValueError, KeyError, TypeError):
        return JSONResponse({"error": "malformed"}, 400)


def routes(outer: Outer) -> list[Route]:
    """The one address of this door."""

    async def door(request: Request) -> JSONResponse:
        body = await request.body()
        return await run_in_threadpool(_answered, outer, body, request.headers.get(HEADER, ""))

    return [Route(PATH, door, methods=["POST"])]
