"""The service as a whole: bring it up, look for it, end it. Folders are those that the client asks."""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from workflow.base import patterns, whole_files
from workflow.base.errors import Conflict, Environment
from workflow.base.messages import N_
from workflow.service import client, wire
from workflow.service.child import Runner
from workflow.service.rehearsal import Rehearsal
from workflow.service.server import Service
from workflow.service.state import ABOUT, State, folder, state
from workflow.storage import database

# systemd hands a listening socket over as descriptor 3 (sd_listen_fds).
_FIRST_HANDED_OVER = 3
# It is waited for as long as its process lives: a busy machine needs a while to load everything.
_SECONDS_TO_START = 120.0
_SECONDS_TO_STOP = 30.0
# Libraries that modules load where they use them, and that the rehearsal may not come to.
_LATE = ("ctypes.util", "html.parser", "segno", "sqlalchemy.dialects.sqlite", "tomllib")


def load_everything() -> None:
    """Import every module of the program, so that a forked command imports nothing."""
    # What modules hold is held for good: it is not looked through for what could be thrown away.
    gc.disable()
    try:
        for library in _LATE:
            import_module(library)
        for top in ("workflow", "letters"):
            package = import_module(top)
            for module in pkgutil.walk_packages(package.__path__, f"{top}."):
                try:
                    import_module(module.name)
                except ImportError:
                    continue  # parts whose package (PostgreSQL, signing) is not installed
        patterns.compile_all()
        gc.freeze()
    finally:
        gc.enable()


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
    # Patterns of tables that were read only now.
    patterns.compile_all()
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
        whole_files.write(place / ABOUT, json.dumps(about).encode(), replace=True)
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
    """Ask what listens in the user's own folder to end; commands under way are finished. The state that was
    found before. Environment error if it does not end, Conflict where systemd would start it again.
    """
    found = state()
    if found.by_systemd:
        raise Conflict(
            N_("systemd keeps the service."),
            way_on=N_("End it with: systemctl --user stop disclosure.socket disclosure.service"),
        )
    if found.pid is None or found.uid != os.getuid():
        return found
    os.kill(found.pid, signal.SIGTERM)
    until = time.monotonic() + _SECONDS_TO_STOP
    while time.monotonic() < until:
        now = state()
        if now.pid != found.pid:
            return found
        time.sleep(0.02)
    raise Environment(
        N_("Process {pid} was asked to end and has not ended."),
        pid=found.pid,
        way_on=N_(
            "A command may still be under way. Look at it with: ps {pid}. End it at once: kill -9 {pid}"
        ),
    )
