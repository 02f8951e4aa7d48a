"""The service: listens, hands each command to a process that was forked before, and reports how it ended.

One thread, no lock: the parent only passes on bytes and descriptors. A command runs in a child that holds
everything loaded and has opened nothing; whatever it does to its memory goes with it, unless it only looked
(staying).
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import selectors
import signal
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workflow.base.messages import N_, translate
from workflow.service import client, own_pages, wire
from workflow.service.child import Runner, serve
from workflow.service.freshness import Files

_PEER = struct.Struct("3i")
# The most bytes of a request's head; a longer one is not from our client.
_HELLO_MOST = 8192
_SECONDS_TO_SAY_HELLO = 2.0
# A process that waits for a caller holds some memory of its own: after so long without a call few are kept.
_SECONDS_UNTIL_FEW, _FEW = 60.0, 2
# The kernel tells of changes on this machine's disks; others are looked for while nobody waits.
_SECONDS_BETWEEN_LOOKS = 5.0


@dataclass
class Call:
    """One caller's connection, and the process that works for it."""

    connection: socket.socket
    uid: int
    since: float
    said: bytes = b""
    accepted: bool = False
    worker: Worker | None = None


@dataclass
class Worker:
    """A forked process: spare until it gets a call, and after one that only looked."""

    pid: int
    line: socket.socket
    call: Call | None = None
    ended: bool = False
    looked: bool = False
    signalled: bool = False


@dataclass
class Service:
    """Serves until told to stop, until the program's files change, or until nothing was asked for `idle`
    seconds.
    """

    folder: Path
    run: Runner
    spare: int = 8
    most: int = 32
    idle: float = 1800.0
    # Who may call: by default this user alone.
    allowed: Callable[[int], bool] | None = None
    files: Files = field(default_factory=Files)
    # Tries usual commands: what they write in memory, a process has for its own before its caller comes.
    usual: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._workers: dict[int, Worker] = {}
        self._waiting: list[Call] = []
        self._calls: set[int] = set()
        self._stopping = False
        self._last = self._looked = time.monotonic()
        self.served = 0

    # --- from start to end

    def listen(self) -> socket.socket:
        """The listening socket in a folder that is this user's alone; a socket left by a dead service is
        replaced.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = os.lstat(self.folder)
        if about.st_uid != os.getuid() or about.st_mode & 0o022 or not os.path.isdir(self.folder):
            raise PermissionError(
                errno.EPERM, translate(N_("it is not a folder of this user alone")), str(self.folder)
            )
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        place = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            name = f"/proc/self/fd/{place}/{wire.SOCKET}"
            fresh = f"{name}.{os.getpid()}"
            made.bind(fresh)
            os.chmod(fresh, 0o600 if self.allowed is None else 0o666)
            made.listen(512)
            os.rename(fresh, name)
            self._own = os.stat(name)
        finally:
            os.close(place)
        made.setblocking(False)
        return made

    def serve(self, listener: socket.socket, ready: Callable[[], None] = lambda: None) -> None:
        """Until stopped. `listener` comes from `listen` or from systemd."""
        self._listener = listener
        gc.collect()
        gc.freeze()
        self._pages = own_pages.learn(self.usual) if self.usual else own_pages.Pages([], [])
        wake, waker = socket.socketpair()
        wake.setblocking(False)
        waker.setblocking(False)
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        self._selector.register(listener, selectors.EVENT_READ, self._connect)
        self._selector.register(wake, selectors.EVENT_READ, lambda: self._woken(wake))
        self._fill()
        ready()
        while self._calls or not self._stopping:
            self._step()
        self._end()
        signal.set_wakeup_fd(-1)
        wake.close()
        waker.close()

    def _step(self) -> None:
        # Spares are made when no command is under way: a fork, and what the new process does to be ready,
        # would take time from it.
        short = self._spares() < self._wanted() and not self._stopping and not self._calls
        more = bool(self._waiting) and len(self._workers) < self.most
        events = self._selector.select(0.0 if more else 0.004 if short else 1.0)
        for key, _ in events:
            key.data()
        if short and not events:
            self._fill(1)
        self._dispatch()
        self._let_go()
        now = time.monotonic()
        for key in list(self._selector.get_map().values()):
            call = getattr(key.data, "call", None)
            if call is not None and not call.accepted and now - call.since > _SECONDS_TO_SAY_HELLO:
                self._drop(call)
        if not self._calls and now - self._last > self.idle:
            self._stop()
        if not events and not self._calls and now - self._looked > _SECONDS_BETWEEN_LOOKS:
            self.files.look()
            self._looked = now

    def _stop(self, *_: object) -> None:
        """Take no more calls; those under way are finished."""
        if self._stopping:
            return
        self._stopping = True
        name = self.folder / wire.SOCKET
        try:
            now = os.stat(name)
            if (now.st_ino, now.st_dev) == (self._own.st_ino, self._own.st_dev):
                name.unlink()
        except (OSError, AttributeError):
            pass
        self._selector.unregister(self._listener)
        self._listener.close()

    def _end(self) -> None:
        for worker in self._workers.values():
            worker.line.close()  # a spare process whose line closes ends by itself
        for pid in list(self._workers):
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                continue

    # --- workers

    def _spares(self) -> int:
        return sum(worker.call is None and not worker.ended for worker in self._workers.values())

    def _wanted(self) -> int:
        """How many processes are to wait for callers."""
        calm = time.monotonic() - self._last > _SECONDS_UNTIL_FEW
        return min(_FEW, self.spare) if calm else self.spare

    def _let_go(self) -> None:
        """End the spares that are more than wanted: a spare whose line closes ends by itself."""
        for worker in reversed(self._workers.values()):
            if self._spares() <= self._wanted():
                return
            if worker.call is None and not worker.ended:
                worker.line.shutdown(socket.SHUT_RDWR)
                worker.ended = True

    def _fill(self, most: int = 100) -> None:
        for _ in range(min(most, self._wanted() - self._spares())):
            self._fork()

    def _fork(self) -> Worker:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            keep = theirs.fileno()
            signal.set_wakeup_fd(-1)
            self._selector.close()
            # Nothing of the parent's stays open but the line to it and the standard streams.
            os.closerange(3, keep)
            os.closerange(keep + 1, 1 << 20)
            serve(socket.socket(fileno=theirs.detach()), self.run, self._pages)
        theirs.close()
        worker = Worker(pid, ours)
        self._workers[pid] = worker
        ours.setblocking(False)
        self._selector.register(ours, selectors.EVENT_READ, lambda: self._heard(worker))
        return worker

    def _heard(self, worker: Worker) -> None:
        """What a worker says: that it began, or its status; its end closes the line."""
        try:
            said = worker.line.recv(2)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if not said:
            self._bury(worker)
        elif said == wire.AGAIN:
            self._rest(worker)
        elif worker.call is not None and said[:1] in (wire.BEGUN, wire.STATUS):
            # The worker has told the caller himself.
            if said[:1] == wire.STATUS:
                self._drop(worker.call)
            else:
                # From now on the connection carries signals; before, the request itself.
                call = worker.call
                self._selector.register(call.connection, selectors.EVENT_READ, lambda: self._signal(call))

    def _rest(self, worker: Worker) -> None:
        """A worker waits for another caller; not one that was sent a signal, which may only now reach it, nor
        where the next caller may be another user, whose command finds the service as it was begun.
        """
        worker.call, worker.looked = None, True
        if worker.signalled or self.allowed is not None:
            worker.ended = True
            os.kill(worker.pid, signal.SIGKILL)

    def _bury(self, worker: Worker) -> None:
        self._selector.unregister(worker.line)
        worker.line.close()
        worker.ended = True
        try:
            _, how = os.waitpid(worker.pid, 0)
        except ChildProcessError:
            how = 0
        self._workers.pop(worker.pid, None)
        call = worker.call
        if call is None:
            return
        code = os.waitstatus_to_exitcode(how)
        self._tell(call, wire.KILLED + bytes([-code]) if code < 0 else wire.STATUS + bytes([code & 255]))
        self._drop(call)

    def _woken(self, wake: socket.socket) -> None:
        try:
            while wake.recv(512):
                pass
        except BlockingIOError:
            pass

    # --- callers

    def _connect(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._take(self._listener.accept()[0])

    def _take(self, connection: socket.socket) -> None:
        _, uid, _ = _PEER.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
        if uid != os.getuid() and not (self.allowed is not None and self.allowed(uid)):
            connection.close()
            return
        connection.setblocking(False)
        call = Call(connection, uid, time.monotonic())
        self._calls.add(id(call))
        self._last = call.since

        def hear() -> None:
            self._hello(call)

        hear.call = call  # type: ignore[attr-defined]
        self._selector.register(connection, selectors.EVENT_READ, hear)

    def _hello(self, call: Call) -> None:
        try:
            said = call.connection.recv(_HELLO_MOST)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        call.said += said
        if not said or len(call.said) > _HELLO_MOST:
            self._drop(call)
        elif call.said.endswith(b"\0\n"):
            if call.said != wire.HELLO + client.program() + b"\n" or self.files.changed():
                stale = call.said.startswith(wire.HELLO + client.program())
                self._tell(call, wire.DECLINED)
                self._drop(call)
                if stale:
                    self._stop()
                return
            self._selector.unregister(call.connection)
            call.accepted = True
            self._tell(call, wire.ACCEPTED)
            self._waiting.append(call)

    def _dispatch(self) -> None:
        """Hand waiting calls to spare processes, first come, first served. A fork takes its time, in which
        others may have called: after one they are answered first.
        """
        forked = False
        while self._waiting:
            # One that has looked has its pages; else the one that was forked first had most time to get them.
            free = (one for one in self._workers.values() if one.call is None and not one.ended)
            idle = max(free, key=lambda one: one.looked, default=None)
            if idle is None:
                if forked or len(self._workers) >= self.most:
                    return
                idle, forked = self._fork(), True
            call = self._waiting.pop(0)
            idle.call, call.worker = call, idle
            try:
                socket.send_fds(idle.line, [b"C"], [call.connection.fileno()])
            except OSError:
                idle.call = call.worker = None
                self._bury(idle)
                self._waiting.insert(0, call)
                continue
            self.served += 1

    def _signal(self, call: Call) -> None:
        """A signal that the caller passes on, or the end of the caller: the command hears it like from a
        terminal.
        """
        if id(call) not in self._calls:
            return  # it ended in this very round
        try:
            said = call.connection.recv(64)
        except BlockingIOError:
            return
        except OSError:
            said = b""
        if call.worker is None or call.worker.ended:
            self._drop(call)
            return
        call.worker.signalled = True
        for byte in said or bytes([signal.SIGHUP]):
            number = {wire.STOP[0]: signal.SIGSTOP, wire.CONTINUE[0]: signal.SIGCONT}.get(byte, byte)
            try:
                os.killpg(call.worker.pid, number)
            except (ProcessLookupError, PermissionError, ValueError, OSError):
                continue
        if not said:
            self._selector.unregister(call.connection)

    def _tell(self, call: Call, said: bytes) -> None:
        with contextlib.suppress(OSError):
            call.connection.sendall(said)

    def _drop(self, call: Call) -> None:
        if id(call) not in self._calls:
            return
        self._calls.discard(id(call))
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(call.connection)
        call.connection.close()
        self._last = time.monotonic()
        if call in self._waiting:
            self._waiting.remove(call)
