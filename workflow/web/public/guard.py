"""What stands before every request: the headers of its answer, and a body that is not too large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.web.public import pages

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 27 * 1024 * 1024


class TooLarge(Exception):
    """More came than a form may hold."""


class Guard:
    """Adds the headers to every answer and counts what comes."""

    def __init__(self, app: ASGIApp, *, strict: bool) -> None:
        self._app = app
        headers = {**pages.HEADERS, **(pages.STRICT if strict else {})}
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > LARGEST:
                raise TooLarge
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in self._headers if name not in own),
                ]
            await send(message)

        await self._app(scope, counted, dressed)
