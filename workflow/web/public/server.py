"""Serves the pages: one process, on loopback unless told otherwise, behind the web server of the machine."""

from __future__ import annotations

import socket
from pathlib import Path

import uvicorn

from workflow.base import follow_codes, qr_codes
from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.web.public import app, applying, card, pages
from workflow.web.public.asking import Outer
from workflow.web.public.store import OuterStore


def listening(host: str, port: int) -> socket.socket:
    """The socket, which listens already: whoever opens the address that is printed then is answered."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as fault:
        raise Environment(
            N_("It cannot listen there: {detail}"),
            detail=(fault.strerror or str(fault)).partition(" (")[0],
            way_on=N_("Choose another --host or --port."),
        ) from None


def serve(outer: Outer, at: socket.socket, proxy: str | None) -> None:
    """Serve until the process is told to stop.

    No log of requests is kept: the address in a QR code holds the applicant's code.
    """
    config = uvicorn.Config(
        app.make(outer),
        access_log=False,
        server_header=False,
        log_level="warning",
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy,
        limit_concurrency=500,
        timeout_keep_alive=10,
    )
    try:
        uvicorn.Server(config).run(sockets=[at])
    finally:
        at.close()
        outer.store.close()


def side(card_file: Path, store: str, address: str) -> Outer:
    """The outer side at its address, ready to draw its codes."""
    outer = Outer(OuterStore(store), card.read(card_file), address)
    for lang in pages.LANGUAGES:
        qr_codes.learn(applying.code_address(outer, follow_codes.code(bytes(follow_codes.SECRET)), lang))
    return outer
