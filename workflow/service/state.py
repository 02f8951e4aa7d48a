"""What answers in the place of the service, looked at from outside: itself, nobody, or something else."""

from __future__ import annotations

import json
import os
import pwd
import socket
import stat
import struct
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from workflow.base import places
from workflow.base.messages import N_
from workflow.service import client, wire

_SECONDS_TO_ANSWER = 2.0
ABOUT = "service.json"


class Answer(StrEnum):
    """What there is in a folder where commands look for a service."""

    SERVES = "serves"
    OTHER = "other_program"
    SILENT = "silent"
    DEAD = "dead"
    FOREIGN = "foreign"
    LINK = "no_socket"
    UNSAFE = "unsafe_folder"
    NONE = "none"


# Of each, what it means for whoever types commands.
MEANS = {
    Answer.SERVES: N_("The service runs (process {pid})."),
    Answer.OTHER: N_(
        "A service runs (process {pid}), for another program or an older form of this one; it ends at the next command."
    ),
    Answer.SILENT: N_(
        "Process {pid} listens in the place of the service and does not answer: commands wait for it a moment each, then run without it. End it (disclosure service stop), then start the service anew."
    ),
    Answer.DEAD: N_(
        "No service is running; commands run without it. One that was killed left its socket: starting anew replaces it."
    ),
    Answer.FOREIGN: N_(
        "A process of the user {user} listens in the place of the service. Commands do not speak to it and run without it: find out who put it there."
    ),
    Answer.LINK: N_(
        "In the place of the service's socket lies a link or a file. Commands do not follow it and run without the service: find out who put it there; starting anew replaces it."
    ),
    Answer.UNSAFE: N_(
        "The folder is a link, or others may write in it: commands look for no service there and run without it. Remove it, or name another one with DISCLOSURE_HOME."
    ),
    Answer.NONE: N_("No service is running; commands run without it."),
}


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
    answer: Answer = Answer.NONE
    # systemd holds the socket, and starts and ends whoever serves there.
    by_systemd: bool = False


def folder() -> Path:
    """Where this user's own service listens."""
    return places.home() / wire.FOLDER


def state(place: Path | None = None) -> State:
    """What is known of the service in a folder (this user's own)."""
    where = place or folder()
    found = State(str(where), running=False, automatic=(where / wire.AUTOMATIC).exists())
    answered = client.connect(str(where))
    if answered is None:
        found.answer, found.uid = _why_not(where)
        return found
    with socket.socket(fileno=answered[0].detach()) as connection:
        connection.settimeout(_SECONDS_TO_ANSWER)
        found.pid, found.uid = _peer(connection)
        found.by_systemd = _called(found.pid) == "systemd"
        found.answer = _asked(connection)
    found.running = found.answer in (Answer.SERVES, Answer.OTHER)
    if found.running:
        found.current = found.answer == Answer.SERVES
        found.since = _since(where)
    return found


def anywhere() -> State:
    """The first place, in the order in which commands ask, where there is anything; else the user's own."""
    own = folder()
    others = (state(Path(name)) for name in client.folders() if Path(name) != own)
    return next((found for found in others if found.answer != Answer.NONE), None) or state(own)


def user(found: State) -> str:
    """The name of the user whose process listens."""
    try:
        return pwd.getpwuid(found.uid or 0).pw_name
    except KeyError:
        return str(found.uid)


def as_json(found: State) -> dict[str, object]:
    """A state as plain data."""
    return asdict(found)


def _asked(connection: socket.socket) -> Answer:
    """What a listener that may be trusted says to the greeting."""
    try:
        connection.sendall(wire.HELLO + client.program() + b"\n")
        said = connection.recv(1)
    except OSError:
        return Answer.SILENT
    return {wire.ACCEPTED: Answer.SERVES, wire.DECLINED: Answer.OTHER}.get(said, Answer.SILENT)


def _why_not(where: Path) -> tuple[Answer, int | None]:
    """Why the client connects to nobody there, and whose process listens where that is the reason."""
    try:
        about = os.lstat(where)
        mine = about.st_uid in (os.getuid(), 0) and not stat.S_IMODE(about.st_mode) & 0o022
        if not stat.S_ISDIR(about.st_mode) or not mine:
            return Answer.UNSAFE, None
        place = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return Answer.NONE, None
    try:
        if not stat.S_ISSOCK(os.stat(wire.SOCKET, dir_fd=place, follow_symlinks=False).st_mode):
            return Answer.LINK, None
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_SECONDS_TO_ANSWER)
            connection.connect(f"/proc/self/fd/{place}/{wire.SOCKET}")
            return Answer.FOREIGN, _peer(connection)[1]
    except FileNotFoundError:
        return Answer.NONE, None
    except PermissionError:
        # Only its owner may speak to it, and that is somebody else.
        return Answer.FOREIGN, os.stat(wire.SOCKET, dir_fd=place, follow_symlinks=False).st_uid
    except ConnectionError:
        return Answer.DEAD, None
    except OSError:
        # It takes no more callers: nobody takes those that wait.
        return Answer.SILENT, None
    finally:
        os.close(place)


def _peer(connection: socket.socket) -> tuple[int, int]:
    """Process and user of who listens, by the kernel."""
    pid, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return pid, uid


def _called(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def _since(where: Path) -> str | None:
    try:
        since = json.loads((where / ABOUT).read_text(encoding="utf-8")).get("since")
    except (OSError, ValueError):
        return None
    return str(since) if since else None
