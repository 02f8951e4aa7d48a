"""Processes that stop themselves before one of their letters, as if the machine had stopped them there.

Whoever tests how they are ended finds them at it, however busy the machine is.
"""

from __future__ import annotations

import os
import signal
import time
from functools import wraps
from itertools import count
from pathlib import Path
from typing import Any

_NAME = "TESTS_STOP"
_PATIENCE = 60.0


class Stops:
    """Where each process stops: before the letter of this number, as long as the file is there."""

    def __init__(self, file: Path, before: int) -> None:
        self._file = file
        file.touch()
        self.environment = {_NAME: f"{before} {file}"}

    def await_all(self, processes: list[int]) -> None:
        """Until every one of the processes has stopped."""
        _until(lambda: all(_stat(pid) == "T" for pid in processes))

    def await_signal(self, processes: list[int], number: int) -> None:
        """Until every one of the processes, which have stopped, has been sent a signal."""
        _until(lambda: all(_pending(pid) >> number - 1 & 1 for pid in processes))

    def over(self) -> None:
        """No process stops from now on."""
        self._file.unlink(missing_ok=True)


def go_on(processes: list[int]) -> None:
    """What was stopped goes on, as far as it is still there."""
    for pid in processes:
        try:
            os.kill(pid, signal.SIGCONT)
        except ProcessLookupError:
            continue


def begin() -> None:
    """Stop this process where its environment says so; for a process that begins."""
    if _NAME not in os.environ:
        return
    from workflow.jobs import letter_press

    if hasattr(letter_press.press, "__wrapped__"):
        return  # a fork of one that was told so
    before, _, file = os.environ[_NAME].partition(" ")
    press, letters = letter_press.press, count(1)

    @wraps(press)
    def stopping(*given: Any) -> Any:
        if next(letters) == int(before) and os.path.exists(file):
            os.kill(os.getpid(), signal.SIGSTOP)
        return press(*given)

    letter_press.press = stopping


def _until(true: Any) -> None:
    until = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


def _stat(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(") ")[2][0]


def _pending(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("ShdPnd:"))
