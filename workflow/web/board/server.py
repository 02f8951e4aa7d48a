"""Serves the board to the officer who starts it: on a port of loopback, or on a Unix socket of his own."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.office.seat import Seat
from workflow.web.board import app

LOOPBACK = "127.0.0.1"


def listening(port: int, path: Path | None) -> socket.socket:
    """The socket: at a path readable by its owner alone, else on loopback (0: any free port)."""
    try:
        if path is None:
            return socket.create_server((LOOPBACK, port))
        made = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            made.bind(str(path))
        finally:
            os.umask(before)
    except OSError as fault:
        raise Environment(
            N_("It cannot listen there: {detail}"),
            detail=fault.strerror or str(fault),
            way_on=N_("Choose another --port, or another file for --socket."),
        ) from None
    return made


def address(at: socket.socket, secret: str) -> str:
    """What is opened in the browser: without the secret nothing is shown."""
    port = at.getsockname()[1] if at.family == socket.AF_INET else ""
    return f"http://{LOOPBACK}:{port}/{secret}/" if port else f"/{secret}/"


def drawn() -> str:
    """A secret of 128 bits for one run."""
    return secrets.token_urlsafe(16)


def serve(seated: Callable[[], Seat], at: socket.socket, secret: str) -> None:
    """Serve until the process is told to stop. No log of requests is kept: addresses hold the secret."""
    path = at.getsockname() if at.family == socket.AF_UNIX else ""
    config = uvicorn.Config(
        app.make(seated, secret),
        access_log=False,
        server_header=False,
        log_level="warning",
        proxy_headers=False,
    )
    try:
        uvicorn.Server(config).run(sockets=[at])
    finally:
        at.close()
        if path:
            Path(path).unlink(missing_ok=True)
