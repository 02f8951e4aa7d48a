"""An interrupt ends a run over a list in order: after the row at hand, with its report."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from workflow.intake.results import Outcome


@contextmanager
def stoppable(outcome: Outcome) -> Iterator[None]:
    """An interrupt ends the run after the row at hand; a second one at once."""

    def stop(number: int, frame: Any) -> None:
        if outcome.stopped:
            raise KeyboardInterrupt
        outcome.stopped = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
