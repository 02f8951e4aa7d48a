"""What the tests let other processes do, where those find it without loading the tests."""

from __future__ import annotations

import os
import signal
import time

from workflow.base.errors import Refused


def half(errand: int) -> int:
    """Half of a number; of some numbers a process dies, fails or does not end."""
    if errand < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if errand == 13:
        raise Refused("thirteen", field="number")
    if errand == 14:
        raise ValueError("fourteen")
    if errand == 15:
        time.sleep(60)
    return errand // 2
