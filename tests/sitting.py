"""Somebody at a real terminal of 80 × 24 (or narrower): the command runs in a process of its own behind a
pseudo-terminal, and the screen is read as a terminal shows it.

The process is a fork of the tests' own, so that nothing is imported anew. It tells by a pipe when it asks.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import traceback
from collections.abc import Callable
from typing import Any

import pyte

from workflow.commands.asking import lines

PATIENCE = 120.0
# The command waits so many seconds, after a line, for more of a paste: whoever types one answer after the
# other need not wait with it.
NO_PASTE = 0.002
# How the command reads what it asks for.
RAW, LINE = b"r", b"l"


class Sitting:
    """One run of a command at a terminal."""

    def __init__(
        self, run: Callable[[], Any], columns: int = 80, rows: int = 24, patience: float = NO_PASTE
    ) -> None:
        self.screen = pyte.HistoryScreen(columns, rows, history=1000)
        self._stream = pyte.ByteStream(self.screen)
        self._asked, asks = os.pipe()
        self.status: int | None = None
        self._waited = False
        pid, self._terminal = pty.fork()
        if pid == 0:
            # As at a terminal, where whoever runs the tests may have them ignore it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            lines.PATIENCE = patience
            os._exit(_child(run, asks, columns, rows))
        self.pid = pid
        os.close(asks)

    def asks(self) -> str:
        """Wait until the command asks for the first time; what the screen shows now."""
        if not self._waited:
            self._pump(until_asked=True)
            self._waited = True
        return self.shown()

    def type(self, keys: str) -> None:
        """Type keys as they are."""
        os.write(self._terminal, keys.encode())

    def answer(self, *answers: str) -> str:
        """Answer one question after the other; what is shown when the next is asked, or at the end."""
        self.asks()
        for one in answers:
            self.type(one + "\r")
            self._pump(until_asked=True)
        return self.shown()

    def next(self) -> str:
        """Wait until the command asks again, after keys that were typed; what is shown then."""
        self._pump(until_asked=True)
        return self.shown()

    def end(self) -> str:
        """Wait for the end; what the screen shows then."""
        self._pump(until_asked=False)
        return self.shown()

    def shown(self) -> str:
        """What stands on the screen and above it, each line without trailing blanks."""
        above = [
            "".join(line[at].data for at in range(self.screen.columns)) for line in self.screen.history.top
        ]
        return "\n".join(line.rstrip() for line in [*above, *self.screen.display])

    def _pump(self, *, until_asked: bool) -> None:
        while self.status is None:
            ready, _, _ = select.select(
                [self._terminal, *([self._asked] if until_asked else [])], [], [], PATIENCE
            )
            assert ready, f"nothing happened:\n{self.shown()}"
            if self._terminal in ready:
                try:
                    came = os.read(self._terminal, 65536)
                except OSError:
                    came = b""
                if came:
                    self._stream.feed(came)
                    continue
                _, status = os.waitpid(self.pid, 0)
                self.status = os.waitstatus_to_exitcode(status)
            elif self._asked in ready and (how := os.read(self._asked, 1)):
                # Keys typed before the terminal reads them one by one would be taken for a line of their own.
                while how == RAW and termios.tcgetattr(self._terminal)[3] & termios.ICANON:
                    select.select([], [], [], 0.005)
                return


class _Telling:
    """A reader that tells when it asks."""

    def __init__(self, reader: lines.Reader, asks: int) -> None:
        self._reader, self._asks = reader, asks

    def line(self, prompt: str, proposals: lines.Proposals | None = None) -> str:
        sys.stdout.flush()
        os.write(self._asks, RAW if isinstance(self._reader, lines.Proposing) else LINE)
        return self._reader.line(prompt, proposals)


def _child(run: Callable[[], Any], asks: int, columns: int, rows: int) -> int:
    status = 70
    try:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(fd, mode) for fd, mode in ((0, "r"), (1, "w"), (2, "w"))
        )
        sys.__stdout__ = sys.stdout
        os.environ["TERM"] = "xterm"
        made = lines.reader
        lines.reader = lambda: _Telling(made(), asks)
        run()
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    return status
