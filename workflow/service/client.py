"""The command's entry point: asks the service before anything is imported, and runs the command itself
without it.

Only what an interpreter without `site` holds is used: every import here is paid by every command.
"""

from __future__ import annotations

import os
import sys

from workflow.service import wire

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SWITCH = "DISCLOSURE_SERVICE"
# Commands that are about the service, or that go on for days.
ALONE = ("service", "worker")
_FORWARDED = (1, 2, 3, 10, 12, 15)  # HUP, INT, QUIT, USR1, USR2, TERM


def main() -> int:
    """Run the command of this process's arguments; its exit status."""
    status = None if _alone() else _through_service()
    return _directly() if status is None else status


def _alone() -> bool:
    if os.environ.get(SWITCH, "").lower() in ("off", "0", "no"):
        return True
    return len(sys.argv) > 1 and sys.argv[1] in ALONE


def folders() -> list[str]:
    """Where a service may listen, in the order in which they are asked: the machine's, then the user's
    own.
    """
    environ = os.environ
    given = environ.get("DISCLOSURE_HOME")
    if given:
        data = os.path.abspath(os.path.expanduser(given))
    else:
        base = environ.get("XDG_DATA_HOME") or os.path.join(os.path.expanduser("~"), ".local", "share")
        data = os.path.join(base, "disclosure")
    own = os.path.join(data, wire.FOLDER)
    return [own] if given else [wire.SYSTEM_FOLDER, own]


def program() -> bytes:
    """Which program this is: another tree or interpreter is not served."""
    return os.fsencode(TREE) + b"\0" + os.fsencode(os.path.dirname(sys.executable)) + b"\0"


def _directly() -> int:
    if sys.flags.no_site:
        import site

        site.main()
    if TREE not in sys.path:
        sys.path.append(TREE)
    from cli import main as run

    run(prog_name="disclosure")
    return 0


def _through_service() -> int | None:
    """The exit status of the command as the service ran it; None: nobody serves, and nothing was begun."""
    for folder in folders():
        status = _ask(folder)
        if status is not None:
            return status
    return None


def _ask(folder: str) -> int | None:
    connection = _connection(folder)
    if connection is None:
        _start_where_allowed(folder)
        return None
    try:
        connection.sendall(wire.HELLO + program() + b"\n")
        if connection.recv(1) != wire.ACCEPTED:
            _start_where_allowed(folder)
            return None
    except OSError:
        return None
    return _converse(connection)


def _connection(folder: str):  # type: ignore[no-untyped-def]  # _socket has no stubs
    """A connection to whoever serves in this folder; None unless folder and server are whose they should
    be.
    """
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        about = os.fstat(place)
        mine = os.getuid()
        if about.st_uid not in (mine, 0) or about.st_mode & 0o022:
            return None
        import _socket

        connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        try:
            connection.settimeout(wire.PATIENCE)
            # By the descriptor: a path on the socket may be no longer than 107 bytes.
            connection.connect(f"/proc/self/fd/{place}/{wire.SOCKET}")
            peer = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
            served_by = int.from_bytes(peer[4:8], sys.byteorder)
            # In a folder of root's the service has a user of its own; elsewhere it is this user or nobody.
            if served_by != mine and about.st_uid != 0:
                raise OSError("somebody else's socket")
        except OSError:
            connection.close()
            return None
        return connection
    finally:
        os.close(place)


def _start_where_allowed(folder: str) -> None:
    """Start the user's own service for the commands that follow, where it was allowed."""
    if not os.path.exists(os.path.join(folder, wire.AUTOMATIC)):
        return
    nothing = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    words = [sys.executable, "-P", "-m", "cli", "service", "run", "--quiet"]
    environment = {**os.environ, "PYTHONPATH": TREE}
    try:
        os.posix_spawn(sys.executable, words, environment, file_actions=nothing, setsid=True)
    except OSError:
        return


def _converse(connection) -> int | None:  # type: ignore[no-untyped-def]
    """Hand the command over and wait for its end; signals of the terminal are passed on meanwhile."""
    import _signal
    import _socket

    try:
        folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
        for fd in (0, 1, 2):
            os.fstat(fd)
    except OSError:
        return None
    umask = os.umask(0o077)
    os.umask(umask)
    variables = {os.fsencode(name): os.fsencode(value) for name, value in os.environ.items()}
    request = wire.pack(umask, [os.fsencode(word) for word in sys.argv], variables)
    descriptors = b"".join(fd.to_bytes(4, sys.byteorder) for fd in (0, 1, 2, folder))

    def forward(number: int, frame: object) -> None:
        try:
            connection.sendall(bytes([number]))
        except OSError:
            return

    def stopped(number: int, frame: object) -> None:
        connection.sendall(wire.STOP)
        os.kill(os.getpid(), _signal.SIGSTOP)
        connection.sendall(wire.CONTINUE)

    connection.settimeout(None)
    # What the caller's shell had ignored (as nohup does) stays ignored.
    heard = [number for number in _FORWARDED if _signal.getsignal(number) != _signal.SIG_IGN]
    for number in heard:
        _signal.signal(number, forward)
    _signal.signal(_signal.SIGTSTP, stopped)
    try:
        sent = connection.sendmsg([request], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors)])
        if sent < len(request):
            connection.sendall(request[sent:])
    except OSError:
        for number in (*heard, _signal.SIGTSTP):
            _signal.signal(number, _signal.default_int_handler if number == 2 else _signal.SIG_DFL)
        return None
    return _outcome(connection)


def _outcome(connection) -> int:  # type: ignore[no-untyped-def]
    while True:
        try:
            said = connection.recv(1)
            told = connection.recv(1)[0] if said in (wire.STATUS, wire.KILLED) else 0
        except (OSError, IndexError):
            return _lost()
        if said == wire.STATUS:
            return told
        if said == wire.KILLED:
            import _signal

            if told not in (9, 19):
                _signal.signal(told, _signal.SIG_DFL)
            os.kill(os.getpid(), told)
            return 128 + told
        if not said:
            return _lost()


def _lost() -> int:
    """The service ended in the middle. What is known is said, and how to look; nothing is done twice."""
    language = os.environ.get("DISCLOSURE_LANG") or os.environ.get("LANG") or "zh"
    text = "后台服务中断：一项操作要么全部记入，要么没有记入。请先查看，再决定是否重试：disclosure history 登记编号"
    if language.startswith("en"):
        text = (
            "The service ended in the middle: an act is recorded whole or not at all. "
            "Look before you repeat it: disclosure history CASE"
        )
    os.write(2, text.encode() + b"\n")
    return 6
