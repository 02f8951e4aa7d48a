"""A real browser on a real site: Debian's Chromium by playwright, the site served on loopback in a thread."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing is fetched from anywhere, and root (as in a container) has no sandbox.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # What looks for faults runs once in each page: what is compiled for the long run is never used.
    "--js-flags=--no-opt,--no-maglev",
]


def executable() -> str:
    """Where the browser is; without one its tests are skipped, in CI they fail."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("CI tests the public pages in a browser: chromium is missing")
        pytest.skip("not tested in a browser: chromium is missing")
    return found


@contextmanager
def chromium() -> Iterator[Any]:
    """The browser."""
    path = executable()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An application on a port of loopback; its address."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            thread.join(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
