"""Turns of the programs that write one act after another into a PostgreSQL on this machine.

Where more of them work than there are processors, each has to fetch its memory anew whenever the system lets
it go on, and together they do less than few would. So as many go on at once as keep the processors at work,
each for a fifth of a second; the others sleep meanwhile. These are as many as there are processors, and more
where every commit waits for a slow disk. Who comes reserves the next turn that is free: one small file says
until when each place is taken. Turns end by themselves, so one who was killed keeps nobody waiting. They are
a matter of speed alone: what may be written and in which order the database decides, as without them.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from workflow.base import places

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

# Who has done so many acts without a pause of PAUSE seconds goes on writing; an officer's command does one
# or two, and waits for nobody. House rules, as the others.
MANY, PAUSE = 10, 0.1
# How long a turn lasts, and the longest time before one's end for which somebody waits, in seconds.
TURN, PATIENCE = 0.2, 2.0
# What the server computes for an act, added to what the program computes itself: about half as much again.
WITH_SERVER = 1.5
# For each processor no more go on than these, however slow the disk is.
MOST = 8

# When to try again where somebody else is looking at the file: that takes some millionths of a second.
_AGAIN = 0.001
_TIME = struct.Struct("<d")
_HERE = ("", "localhost", "127.0.0.1", "::1")


def clock() -> float:
    """Seconds, the same in all programs of this machine, whatever is done to its date."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)


class Turns:
    """The turns of this machine, as one program sees them: before each act it waits until it may go on, and
    says when the act is done.
    """

    def __init__(
        self,
        path: str,
        processors: int,
        *,
        now: Callable[[], float] = clock,
        sleep: Callable[[float], None] = time.sleep,
        computed: Callable[[], float] = time.process_time,
    ) -> None:
        self._path, self._processors, self._now, self._sleep = path, processors, now, sleep
        self._computed = computed
        # Until when it is our turn; how many acts were done one after another, and when the last of them.
        self._until, self._row, self._last = 0.0, 0, 0.0
        # Of each act since the last turn was reserved: seconds that it computed, and that its commit took;
        # what had been computed when the present one began.
        self._acts: list[tuple[float, float]] = []
        self._began = 0.0

    def wait(self) -> None:
        """Wait until it is our turn. Who has written little does not wait, nor anybody where there is no file
        of turns or too many wait.
        """
        self._wait()
        self._began = self._computed()

    def _wait(self) -> None:
        now = self._now()
        if now - self._last > PAUSE:
            self._row = 0
            self._acts.clear()
        if self._row < MANY or now < self._until:
            return
        try:
            begin = self._reserved()
        except (OSError, ImportError):
            # No room left, not ours to write, no such locks on this system: an act is done all the same.
            begin = self._now()
        self._until = begin + TURN
        if (pause := begin - self._now()) > 0:
            self._sleep(pause)

    def done(self, committing: float = 0.0) -> None:
        """An act is done; its commit took so many seconds."""
        self._row += 1
        self._last = self._now()
        self._acts.append((self._computed() - self._began, committing))

    def _at_once(self) -> int:
        """How many at once keep the processors at work, by our own acts since the last turn: a processor
        whose act waits for the disk computes for others meanwhile.
        """
        acts, self._acts = self._acts, []
        computing = sum(computed for computed, _ in acts) / len(acts) * WITH_SERVER if acts else 0
        if computing <= 0:
            return self._processors
        # Others' commits and others at the processor delay one commit or another, a slow disk every one. What
        # the server itself computes for a commit is in it too: little, and gone where it is rounded.
        waiting = min(committing for _, committing in acts)
        return round(self._processors * min(1 + waiting / computing, MOST))

    def _reserved(self) -> float:
        """Reserve the next free turn; the moment at which it begins, now at the soonest."""
        size = self._at_once() * _TIME.size
        os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(file)
            now = self._now()
            said = os.pread(file, size, 0).ljust(size, b"\0")
            # An end that lies further ahead than anybody waits was written before the machine started.
            ends = [end if now < end <= now + PATIENCE else now for (end,) in _TIME.iter_unpack(said)]
            begin = min(ends)
            if begin > now + PATIENCE - TURN:
                return now
            os.pwrite(file, _TIME.pack(begin + TURN), ends.index(begin) * _TIME.size)
            return begin
        finally:
            os.close(file)

    def _lock(self, file: int) -> None:
        """Lock the file until it is closed; OSError where somebody was stopped who has it."""
        import fcntl

        last = self._now() + TURN
        while True:
            try:
                return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._now() >= last:
                    raise
                self._sleep(_AGAIN)


def of(url: URL) -> Turns | None:
    """The turns of who writes into this database; None where that does not compute on this machine: programs
    that wait for another machine leave room for others, and SQLite has one writer.
    """
    if url.get_backend_name() != "postgresql":
        return None
    return Turns(places.cache("turns"), processors()) if _here(url) else None


def _here(url: URL) -> bool:
    """Whether the driver connects to this machine: an address goes before a name, and both before what a file
    of services says, which only the driver reads.
    """
    named = url.query.get("hostaddr") or os.environ.get("PGHOSTADDR") or url.host or url.query.get("host")
    if not named and ("service" in url.query or os.environ.get("PGSERVICE")):
        return False
    host = str(named or os.environ.get("PGHOST", ""))
    return host in _HERE or host.startswith("/")


def processors() -> int:
    """How many processors this program may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
