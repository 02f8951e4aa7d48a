"""The service as a whole: bring it up, look for it, end it. Folders are those that the client asks."""

from __future__ import annotations

import json
import os
import pkgutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from workflow.base import places, whole_files
from workflow.base.errors import Conflict, Environment
from workflow.base.messages import N_
from workflow.service import client, wire
from workflow.service.child import Runner
from workflow.service.rehearsal import Rehearsal
from workflow.service.server import Service
from workflow.storage import database

# systemd hands a listening socket over as descriptor 3 (sd_listen_fds).
_FIRST_HANDED_OVER = 3
# It is waited for as long as its process lives: a busy machine needs a while to load everything.
_SECONDS_TO_START = 120.0
_SECONDS_TO_STOP = 30.0
_SECONDS_TO_ANSWER = 2.0
_ABOUT = "service.json"


@dataclass
class State:
    """Whether a service answers in a folder, and what is known of it."""

    folder: str
    running: bool
    automatic: bool
    pid: int | None = None
    uid: int | None = None
    since: str | None = None
    current: bool | None = None  # serves this very program, in its present form


def folder() -> Path:
    """Where this user's own service listens."""
    return places.home() / wire.FOLDER


def load_everything() -> None:
    """Import every module of the program, so that a forked command imports nothing."""
    import_module("sqlalchemy.dialects.sqlite")
    for top in ("workflow", "letters"):
        package = import_module(top)
        for module in pkgutil.walk_packages(package.__path__, f"{top}."):
            try:
                import_module(module.name)
            except ImportError:
                continue  # parts whose package (PostgreSQL, signing) is not installed


def run(command: Runner, idle: float, said: Callable[[Path], None], *, system: bool = False) -> None:
    """Serve in this process until stopped. Conflict if somebody serves already.

    `system`: for every user of the machine, on the socket that systemd hands over.
    """
    place = Path(wire.SYSTEM_FOLDER) if system else folder()
    handed = _handed_over()
    if system and handed is None:
        raise Environment(
            N_("The service of the machine gets its socket from systemd, and none was handed over."),
            way_on=N_("Install it: disclosure service install --system"),
        )
    if handed is None and state(place).current:
        raise Conflict(
            N_("The service runs already."), way_on=N_("Look at it with: disclosure service status")
        )
    load_everything()
    rehearsal = Rehearsal(command)
    rehearsal.whole()
    database.prepare()
    service = Service(
        place, command, idle=idle, allowed=(lambda uid: True) if system else None, usual=rehearsal.again
    )
    try:
        listener = handed or service.listen()
    except OSError as fault:
        raise Environment(
            N_("The service cannot listen in {folder}: {detail}"),
            folder=str(place),
            detail=fault.strerror or str(fault),
            way_on=N_(
                "The folder has to belong to you alone: remove it, or name another one with DISCLOSURE_HOME."
            ),
        ) from None
    if handed is None:
        about = {"pid": os.getpid(), "since": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
        whole_files.write(place / _ABOUT, json.dumps(about).encode(), replace=True)
    try:
        service.serve(listener, lambda: said(place))
    finally:
        rehearsal.close()


def _handed_over() -> socket.socket | None:
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    made = socket.socket(fileno=_FIRST_HANDED_OVER)
    made.setblocking(False)
    return made


def state(place: Path | None = None) -> State:
    """What is known of the service in a folder (this user's own)."""
    where = place or folder()
    found = State(str(where), running=False, automatic=(where / wire.AUTOMATIC).exists())
    answered = client.connect(str(where))
    if answered is None:
        return found
    with socket.socket(fileno=answered[0].detach()) as connection:
        connection.settimeout(_SECONDS_TO_ANSWER)
        peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        found.pid, found.uid, _ = struct.unpack("3i", peer)
        found.running = True
        try:
            connection.sendall(wire.HELLO + client.program() + b"\n")
            found.current = connection.recv(1) == wire.ACCEPTED
        except OSError:
            found.current = False
    try:
        found.since = json.loads((where / _ABOUT).read_text(encoding="utf-8")).get("since")
    except (OSError, ValueError):
        found.since = None
    return found


def as_json(found: State) -> dict[str, object]:
    """A state as plain data."""
    return asdict(found)


def allow(automatic: bool) -> None:
    """Whether a command that finds no service starts one."""
    mark = folder() / wire.AUTOMATIC
    if automatic:
        whole_files.private_folder(mark.parent)
        mark.touch(mode=0o600)
    else:
        mark.unlink(missing_ok=True)


def start(idle: int) -> State:
    """Start the service in the background; Environment error if it does not answer in time."""
    words, environment = client.start_words("--idle", str(idle))
    begun = subprocess.Popen(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        found = state()
        if found.current:
            return found
        if begun.poll() is not None:
            assert begun.stderr is not None
            detail = begun.stderr.read().decode(errors="replace").strip()
            raise Environment(N_("The service did not start: {detail}"), detail=detail[-500:])
        time.sleep(0.05)
    raise Environment(N_("The service did not start: {detail}"), detail=f"{_SECONDS_TO_START:.0f} s")


def stop() -> State:
    """Ask the service to end; commands under way are finished. The state that was found before."""
    found = state()
    if found.running and found.pid and found.uid == os.getuid():
        os.kill(found.pid, signal.SIGTERM)
        until = time.monotonic() + _SECONDS_TO_STOP
        while time.monotonic() < until and state().running:
            time.sleep(0.02)
    return found
