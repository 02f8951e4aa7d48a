"""The process that runs a caller's command: it takes on his streams, folder and variables, and ends, or waits
for the next one (staying).
"""

from __future__ import annotations

import atexit
import codecs
import contextlib
import errno
import gc
import io
import locale
import os
import select
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from workflow.base import caller as who
from workflow.base import variables
from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.service import own_pages, staying, wire
from workflow.service.staging import Staging
from workflow.storage import engines

# Runs the command whose words are given; returns its exit status.
Runner = Callable[[list[str]], int]

_PEER = struct.Struct("3i")
_REQUEST_MOST = 16 * 2**20
_SECONDS_FOR_THE_REQUEST = 5.0
# The status of a command that was not brought to its end.
_BROKEN = 70
# So many objects may be made before the interpreter looks for those that refer to each other in a ring:
# a usual command ends before that.
_OBJECTS_BEFORE_A_LOOK = 100_000
# A call that comes sooner follows others at once: the processors have better to do than to copy pages.
_SECONDS_OF_QUIET = 0.1
_ORDINARY = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGCHLD,
    signal.SIGTSTP,
)


def serve(line: socket.socket, run: Runner, pages: own_pages.Pages) -> NoReturn:
    """Wait for a caller, run his command, tell the parent how it ended; again, as long as the commands only
    look. Never returns.

    `pages` are made this process's own while no caller comes.
    """
    status = _BROKEN
    try:
        os.setpgid(0, 0)
        gc.set_threshold(_OBJECTS_BEFORE_A_LOOK, *gc.get_threshold()[1:])
        _ordinary_signals()
        if not _called(line, _SECONDS_OF_QUIET):
            own_pages.make_own(pages, lambda: _called(line, 0))
        ground = staying.Ground()
        for left in reversed(range(staying.MOST_COMMANDS)):
            # Until this command has ended the status is not that of the one before.
            status = _BROKEN
            caller = _caller(line)
            if caller is None:
                os._exit(0)
            words, staging = _take_on(caller)
            _say(caller, line, wire.BEGUN)
            status, again = _run(run, words, staging, last=not left)
            if again:
                ground.let_go()
            _say(caller, line, wire.STATUS + bytes([status & 255]))
            engines.close()
            caller.close()
            if not again or not ground.is_as_before():
                break
            _ordinary_signals()
            line.sendall(wire.AGAIN)
    except BaseException:  # noqa: BLE001  (the last frame of this process: what is left is its status)
        if variables.given("DISCLOSURE_DEBUG"):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status & 255)


def _ordinary_signals() -> None:
    for number in _ORDINARY:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _say(caller: socket.socket, line: socket.socket, said: bytes) -> None:
    """Tell the parent, and the caller himself, who then need not wait until the parent has time. The parent
    first: that the caller has ended is no hang-up to it. Where the parent is gone the command goes on, and
    the caller hears how it ended.
    """
    for listener in (line, caller):
        with contextlib.suppress(OSError):
            listener.sendall(said)


def _called(line: socket.socket, seconds: float) -> bool:
    return bool(select.select([line], [], [], seconds)[0])


def _caller(line: socket.socket) -> socket.socket | None:
    said, descriptors, _, _ = socket.recv_fds(line, 1, 1)
    if said and not descriptors:
        raise OSError(errno.EMFILE, "a caller came, and his connection could not be taken over")
    return socket.socket(fileno=descriptors[0]) if said else None


def _take_on(caller: socket.socket) -> tuple[list[str], Staging | None]:
    """Take over the caller's streams, folder and variables; the command's words, and for a caller of another
    user the staging of his files.
    """
    caller.settimeout(_SECONDS_FOR_THE_REQUEST)
    _, uid, _ = _PEER.unpack(caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size))
    foreign = uid != os.getuid()
    said, descriptors, _, _ = socket.recv_fds(caller, 65536, 5)
    if len(descriptors) != 4 + foreign or len(said) < 8:
        raise ValueError("no request")
    length = int.from_bytes(said[:8], "big")
    if length > _REQUEST_MOST:
        raise ValueError("too long")
    parts, have = [said[8:]], len(said) - 8
    while have < length:
        part = caller.recv(65536)
        if not part:
            raise ValueError("cut off")
        parts.append(part)
        have += len(part)
    umask, words, variables = wire.unpack(b"".join(parts))
    for target, given in enumerate(descriptors[:3]):
        os.dup2(given, target)
    staging = None
    if foreign:
        variables = {name: value for name, value in variables.items() if wire.passed_on(name)}
        os.umask(0o077)
        for name in [name for name in os.environb if wire.passed_on(name)]:
            del os.environb[name]
        asks = socket.socket(fileno=os.dup(descriptors[4]))
        scratch = tempfile.mkdtemp(prefix="disclosure-caller-")
        staging = Staging(scratch, os.fsdecode(variables.get(wire.FOLDER_NAME, b"/")), asks)
    else:
        os.fchdir(descriptors[3])
        os.umask(umask)
        os.environ.clear()
    for given in descriptors:
        os.close(given)
    os.environb.update(variables)
    time.tzset()
    _streams(staging.place if staging else None)
    who.serve(uid, staging)
    return [os.fsdecode(word) for word in words], staging


class _Renaming(io.TextIOWrapper):
    """A stream on which the copies of the caller's files bear their names again."""

    hidden = ""

    def write(self, text: str) -> int:
        super().write(text.replace(self.hidden, ""))
        return len(text)


def _streams(hidden: str | None) -> None:
    """sys.stdin, stdout and stderr anew, as the interpreter makes them for these variables. `hidden` is never
    shown.
    """
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        # One that the machine does not have leaves the interpreter's own, not that of whoever called before.
        locale.setlocale(locale.LC_CTYPE, "C")
    encoding, errors = _encoding()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
        raw.name = f"<{name}>"
        buffered: io.BufferedReader | io.BufferedWriter
        buffered = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
        stream = (_Renaming if hidden else io.TextIOWrapper)(
            buffered,
            encoding=encoding,
            errors="backslashreplace" if name == "stderr" else errors,
            line_buffering=number == 2 or (number == 1 and raw.isatty()),
        )
        stream.mode = "r" if number == 0 else "w"  # type: ignore[misc]
        if isinstance(stream, _Renaming):
            stream.hidden = hidden or ""
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _encoding() -> tuple[str, str]:
    """Encoding and handling of what it lacks: PYTHONIOENCODING, else the locale's; the C locale is UTF-8 (PEP
    540), and lets through what is no text, as do those that stand in for it (PEP 538).
    """
    given, _, how = os.environ.get("PYTHONIOENCODING", "").partition(":")
    held = locale.setlocale(locale.LC_CTYPE)
    plain = held in ("C", "POSIX") or os.environ.get("PYTHONUTF8") == "1"
    lets_through = not given and (plain or held in ("C.UTF-8", "C.utf8", "UTF-8"))
    found = "utf-8" if plain else locale.nl_langinfo(locale.CODESET)
    try:
        return codecs.lookup(given or found).name, how or ("surrogateescape" if lets_through else "strict")
    except LookupError:
        return "utf-8", "strict"


def _run(run: Runner, words: list[str], staging: Staging | None, *, last: bool) -> tuple[int, bool]:
    """The status of the command, and whether this process may serve again; else, and after the last one, with
    everything that the end of an interpreter would do. The caller's hands take back what it wrote.
    """
    try:
        status = run(words)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)  # noqa: T201  (as the interpreter does)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
        status = 130
    if staging is not None:
        status = _taken_back(staging) or status
    if not last and staying.may_serve_again(status):
        status = _flushed()
        if status == 0:
            return status, True
    # As the interpreter does at its end.
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
    atexit._run_exitfuncs()  # noqa: SLF001
    failed = _flushed()
    return status or failed, False


def _flushed() -> int:
    """0, or the status of an interpreter whose output could not be written."""
    failed = 0
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            failed = 120
    return failed


def _taken_back(staging: Staging) -> int:
    """0, or the status of a command that could not write where the caller named."""
    try:
        failed = staging.take_back()
        for path in failed:
            fault = Environment(N_("{path} could not be written with your rights."), path=path)
            print(fault.text, file=sys.stderr)  # noqa: T201
        return Environment.exit_code if failed else 0
    finally:
        staging.close()
