"""Serves the pages: one process, on loopback unless told otherwise, behind the web server of the machine."""

from __future__ import annotations

from pathlib import Path

import uvicorn

from workflow.base import follow_codes, qr_codes
from workflow.web.public import app, applying, card, pages
from workflow.web.public.asking import Outer
from workflow.web.public.store import OuterStore


def serve(card_file: Path, store: str, host: str, port: int, address: str, proxy: str | None) -> None:
    """Serve until the process is told to stop.

    No log of requests is kept: the address in a QR code holds the applicant's code.
    """
    outer = Outer(OuterStore(store), card.read(card_file), address)
    for lang in pages.LANGUAGES:
        qr_codes.learn(applying.code_address(outer, follow_codes.code(bytes(follow_codes.SECRET)), lang))
    try:
        uvicorn.run(
            app.make(outer),
            host=host,
            port=port,
            access_log=False,
            server_header=False,
            log_level="warning",
            proxy_headers=proxy is not None,
            forwarded_allow_ips=proxy,
            limit_concurrency=500,
            timeout_keep_alive=10,
        )
    finally:
        outer.store.close()
