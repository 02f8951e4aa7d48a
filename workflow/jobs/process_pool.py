"""A pool of processes that do the same kind of work, one piece at a time.

They are new Python processes: nothing of this one's database, locks or fonts is inherited, and its main
program is not run again in them. Each has its own pipe, so it is known which piece a process had when it
died: the piece is given to one other process, and is a fault when that one dies of it too. When this process
is killed, the others see their pipe close, and end.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection as pipes
from typing import Any, Generic, TypeVar

from workflow.base.errors import DisclosureError, Environment
from workflow.base.messages import N_, use

Piece = TypeVar("Piece")
# Seconds that one piece may take; a process that takes longer is ended like one that died.
LONGEST = 600.0
TRIES = 2
# Pieces that a process has at hand, so that it need not wait while this one is writing.
AT_HAND = 2
# Give up after this many workers die at start.
HOPELESS = 6


class Unexpected(DisclosureError):
    """A fault of the program itself in another process. Exit status 70."""

    exit_code = 70
    kind = "unexpected"


def over(
    pieces: Iterable[Piece],
    jobs: int,
    task: Callable[[Any], Any],
    errand: Callable[[Piece], Any],
    idle: Callable[[], None] = lambda: None,
) -> Generator[tuple[Piece, Any]]:
    """Each piece with what `task` made of its errand, or with the DisclosureError that it raised, as they
    come.

    `task` is a function of a module; errands and results can be pickled. `pieces` is read as processes come
    free. `idle` is called before waiting for the processes. Ending the iteration early ends the processes.
    """
    room = _Room(iter(pieces), jobs, task, errand)
    try:
        yield from room.results(idle)
    finally:
        room.close()


@dataclass
class _Given(Generic[Piece]):
    """A piece, and how many processes died of it."""

    piece: Piece
    ended: int = 0


class _Hand(Generic[Piece]):
    """One process: its pipe, the pieces that it has (the first is the one that it is at), and since when."""

    def __init__(self, task: Callable[[Any], Any]) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            # The child inherits its end of the pipe and nothing else that is open here. It is in a session of
            # its own, so that Ctrl-C reaches only the parent, which decides.
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BEGIN, str(theirs.fileno()), json.dumps(sys.path)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self.pipe = pipes.Connection(ours.detach())
        with suppress(OSError):
            self.pipe.send(task)
        self.given: deque[_Given[Piece]] = deque()
        self.since = 0.0

    def give(self, given: _Given[Piece], errand: Any) -> None:
        """Hand it a piece. If it is gone, its pipe says so at the next reading."""
        if not self.given:
            self.since = time.monotonic()
        self.given.append(given)
        with suppress(OSError):
            self.pipe.send(errand)

    def take(self) -> tuple[Any] | None:
        """What it made of its piece; None if it ended."""
        try:
            result: tuple[Any] = self.pipe.recv()
        except (EOFError, OSError):
            return None
        self.since = time.monotonic()
        return result

    @property
    def overdue(self) -> bool:
        return time.monotonic() - self.since > LONGEST

    def end(self) -> None:
        """End the process: at once where it is at something, else by the end of its pipe."""
        self.pipe.close()
        if self.given:
            self.process.kill()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Room(Generic[Piece]):
    def __init__(
        self, pieces: Iterator[Piece], jobs: int, task: Callable[[Any], Any], errand: Callable[[Piece], Any]
    ) -> None:
        self.pieces, self.task, self.errand = pieces, task, errand
        self.again: deque[_Given[Piece]] = deque()
        self.ends = 0
        self.hands: list[_Hand[Piece]] = [_Hand(task) for _ in range(jobs)]

    def results(self, idle: Callable[[], None]) -> Iterator[tuple[Piece, Any]]:
        # Give each process one piece before any gets a second, so that few pieces are shared out evenly.
        for _ in range(AT_HAND):
            for hand in self.hands:
                self.feed(hand)
        while busy := [hand for hand in self.hands if hand.given]:
            idle()
            wait = max(0.0, min(hand.since for hand in busy) + LONGEST - time.monotonic())
            ready = set(pipes.wait([hand.pipe for hand in busy], wait))
            for hand in busy:
                if hand.pipe in ready:
                    yield from self.collect(hand)
                elif hand.overdue:
                    yield from self.ended(hand)

    def collect(self, hand: _Hand[Piece]) -> Iterator[tuple[Piece, Any]]:
        result = hand.take()
        if result is None:
            yield from self.ended(hand)
            return
        self.ends = 0
        done = hand.given.popleft()
        # The process has work again before the result is looked at.
        self.feed(hand)
        yield done.piece, result[0]

    def feed(self, hand: _Hand[Piece]) -> None:
        """The next piece for a process, if there is one."""
        if self.again:
            given = self.again.popleft()
        else:
            piece = next(self.pieces, None)
            if piece is None:
                return
            given = _Given(piece)
        hand.give(given, self.errand(given.piece))

    def ended(self, hand: _Hand[Piece]) -> Iterator[tuple[Piece, Any]]:
        """Another process in the place of one that ended; its piece once more, or a fault."""
        late, (at, *others) = hand.overdue, hand.given
        hand.end()
        status = hand.process.returncode
        self.again.extend(others)
        self.ends += 1
        if self.ends >= HOPELESS:
            raise _ended(status)
        at.ended += 1
        fault = late or at.ended >= TRIES
        if not fault:
            self.again.append(at)
        fresh = self.hands[self.hands.index(hand)] = _Hand(self.task)
        for _ in range(AT_HAND):
            self.feed(fresh)
        if fault:
            yield at.piece, _ended(status)

    def close(self) -> None:
        for hand in self.hands:
            hand.end()


def _ended(status: int | None) -> Environment:
    return Environment(
        N_("The process that was at it ended ({status}) or took more than {seconds} seconds."),
        status=status,
        seconds=round(LONGEST),
        way_on=N_("See what is wrong with: disclosure doctor"),
    )


_BEGIN = """
import json, sys
sys.path[:] = json.loads(sys.argv[2])
from workflow.jobs.process_pool import serve
serve(int(sys.argv[1]))
"""


def serve(handle: int) -> None:
    """A process: what comes through its pipe, first the task, is done until the pipe ends."""
    use(None)
    pipe = pipes.Connection(handle)
    try:
        task = pipe.recv()
    except (EOFError, OSError):
        return
    while True:
        try:
            errand = pipe.recv()
        except (EOFError, OSError):
            return
        result = attempt(task, errand)
        try:
            pipe.send((result,))
        except OSError:
            return


def attempt(task: Callable[[Any], Any], errand: Any) -> Any:
    """What the task makes of an errand, or why it cannot, as an error that a person can be shown."""
    try:
        return task(errand)
    except DisclosureError as fault:
        return fault
    except Exception as fault:  # noqa: BLE001  (one piece at fault does not stop the others)
        return unexpected(fault)


def unexpected(fault: Exception) -> Unexpected:
    """A fault of the program itself, as an error that a person can be shown."""
    detail = f"{type(fault).__name__}: {fault}"[:500]
    return Unexpected(N_("Unexpected fault: {detail}"), detail=detail)
