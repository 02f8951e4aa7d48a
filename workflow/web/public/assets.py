"""The style sheet and the script of the pages, kept in memory and by browsers."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from typing import NamedTuple

from starlette.responses import Response
from starlette.routing import Route

FOLDER = os.path.join(os.path.dirname(__file__), "static")
_MEDIA = {"site.css": "text/css", "site.js": "text/javascript"}
# The address changes with the contents, so that a browser fetches each once, and never has an old one.
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}


class Asset(NamedTuple):
    """A file that pages name: its address, and what it holds."""

    address: str
    data: bytes


@cache
def asset(name: str) -> Asset:
    """A file of the folder, by its name."""
    with open(os.path.join(FOLDER, name), "rb") as file:
        data = file.read()
    return Asset(f"/static/{name}?{hashlib.sha256(data).hexdigest()[:12]}", data)


def routes() -> list[Route]:
    """Where browsers fetch them."""
    return [
        Route(f"/static/{name}", Response(asset(name).data, media_type=media, headers=_KEPT), methods=["GET"])
        for name, media in _MEDIA.items()
    ]
