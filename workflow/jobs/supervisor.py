"""Several workers on one machine: processes that are started anew when one dies, and are all told to stop
together.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from types import FrameType

from workflow.base.messages import language

# A worker that fails sooner than this (seconds) would fail again at once.
TOO_SOON = 10.0


def run(url: str, jobs: int, *, once: bool, stalled: int, as_json: bool) -> int:
    """Start the workers and wait for them; the exit status. Ctrl-C and SIGTERM let each finish the piece at
    hand.
    """
    words = ["-m", "cli", "worker", "--stalled-after", str(stalled), *(["--once"] if once else [])]
    # Passed in the environment: arguments are visible to everybody on the machine, and the URL may contain a
    # password.
    environment = {**os.environ, "DISCLOSURE_DATABASE_URL": url, "DISCLOSURE_LANG": language()}
    if as_json:
        words.append("--json")
    stopping = False
    running: dict[subprocess.Popen[bytes], float] = {}

    def start() -> None:
        # A group of its own: Ctrl-C reaches the workers through this process alone, once.
        process = subprocess.Popen(
            [sys.executable, *words], env=environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        running[process] = time.monotonic()

    def stop(*_: int | FrameType | None) -> None:
        nonlocal stopping
        stopping = True
        for process in running:
            process.terminate()

    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    worst = 0
    try:
        for _ in range(jobs):
            start()
        while running:
            time.sleep(0.1)
            for process in [one for one in running if one.poll() is not None]:
                begun = running.pop(process)
                if process.returncode == 0 or stopping:
                    continue
                if time.monotonic() - begun < TOO_SOON:
                    worst = max(worst, process.returncode if process.returncode > 0 else 1)
                    stop()
                else:
                    start()
    finally:
        for process in running:
            process.terminate()
        for number, handler in before:
            signal.signal(number, handler)
    return worst
