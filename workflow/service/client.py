"""The command's entry point: asks the service before anything is imported, and runs the command itself
without it.

Only what an interpreter without `site` holds is used: every import here is paid by every command, that of
`__future__` too.
"""

import os
import sys

from workflow.service import wire

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SWITCH = "DISCLOSURE_SERVICE"
# Under which a shell asks what may be typed.
COMPLETE = "_DISCLOSURE_COMPLETE"
# Commands that are about the service, or that go on for days.
ALONE = ("service", "worker", "常驻服务", "服务", "后台处理")
_FORWARDED = (1, 2, 3, 10, 12, 15)  # HUP, INT, QUIT, USR1, USR2, TERM


def main() -> int:
    """Run the command of this process's arguments; its exit status. After the service ran it, this process
    ends here: nothing is left to be written or put away, and an interpreter takes its time over that.
    """
    status = None if _alone() else _through_service()
    if status is not None:
        os._exit(status)
    return _directly()


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
    if COMPLETE in os.environ:
        # A tab is answered without the command line, which takes longer to load than a keystroke.
        from importlib import import_module

        return int(import_module("workflow.commands.completing.answer").main())
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
    found = connect(folder)
    if found is None:
        _start_where_allowed(folder)
        return None
    connection, foreign = found
    try:
        connection.sendall(wire.HELLO + program() + b"\n")
        if answer(connection) != wire.ACCEPTED:
            _start_where_allowed(folder)
            return None
    except OSError:
        return None
    return _converse(connection, foreign)


def answer(connection) -> bytes:  # type: ignore[no-untyped-def]
    """What the service answers to the greeting; OSError where it does not in time. A service that is at work,
    as where many call at once, is waited for: without it the same work would only be done more slowly.
    """
    import _socket

    pid = int.from_bytes(
        connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)[:4], sys.byteorder
    )
    for _ in range(wire.PATIENT_TIMES):
        try:
            return bytes(connection.recv(1))
        except TimeoutError:
            if not _at_work(pid):
                raise
    raise TimeoutError


def _at_work(pid: int) -> bool:
    """Whether a process runs, or waits for a processor or a disk, and not for others."""
    try:
        state = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
    except OSError:
        return False
    said = os.read(state, 4096)
    os.close(state)
    return said.rpartition(b") ")[2][:1] in (b"R", b"D")


def connect(folder: str):  # type: ignore[no-untyped-def]  # _socket has no stubs
    """A connection to whoever serves in this folder, and whether that is another user; None unless folder
    and server are whose they should be.
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
        # A link in its place is not followed.
        if os.stat(wire.SOCKET, dir_fd=place, follow_symlinks=False).st_mode & 0o170000 != 0o140000:
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
        return connection, served_by != mine
    except OSError:
        return None
    finally:
        os.close(place)


def start_words(*more: str) -> tuple[list[str], dict[str, str]]:
    """The words and the variables with which the user's own service is started."""
    words = [sys.executable, "-P", "-m", "cli", "service", "run", "--quiet", *more]
    return words, {**os.environ, "PYTHONPATH": TREE}


def _start_where_allowed(folder: str) -> None:
    """Start the user's own service for the commands that follow, where it was allowed."""
    if not os.path.exists(os.path.join(folder, wire.AUTOMATIC)):
        return
    nothing = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)]
    words, environment = start_words()
    try:
        os.posix_spawn(sys.executable, words, environment, file_actions=nothing, setsid=True)
    except OSError:
        return


def _converse(connection, foreign: bool) -> int | None:  # type: ignore[no-untyped-def]
    """Hand the command over and wait for its end; signals of the terminal are passed on meanwhile. A service
    of another user gets, besides, a line on which it asks for files.
    """
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
    if foreign:
        variables = {name: value for name, value in variables.items() if wire.passed_on(name)}
        variables[wire.FOLDER_NAME] = os.getcwdb()
    request = wire.pack(umask, [os.fsencode(word) for word in sys.argv], variables)
    lines = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET) if foreign else ()
    handed = [0, 1, 2, folder, *(line.fileno() for line in lines[1:])]
    descriptors = b"".join(fd.to_bytes(4, sys.byteorder) for fd in handed)

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
    if lines:
        lines[1].close()
        _lend_hands(connection, lines[0])
    return _outcome(connection)


def _lend_hands(connection, line) -> None:  # type: ignore[no-untyped-def]
    """Do for the service, as this user, what it asks for, until it has something to say of the end."""
    import _socket
    from select import POLLIN, poll

    from workflow.service.hands import MOST, Hands

    hands, waiting = Hands(), poll()
    waiting.register(connection.fileno(), POLLIN)
    waiting.register(line.fileno(), POLLIN)
    begun = False
    while True:
        for fd, _ in waiting.poll():
            if fd == connection.fileno():
                # The first byte says that the command began; the next is of its end.
                if begun or connection.recv(1, _socket.MSG_PEEK) != wire.BEGUN:
                    hands.end()
                    return
                connection.recv(1)
                begun = True
                continue
            request, with_it, _, _ = line.recvmsg(MOST, 256)
            if not request:
                waiting.unregister(line.fileno())
                continue
            came = [
                int.from_bytes(data[at : at + 4], sys.byteorder)
                for _, _, data in with_it
                for at in range(0, len(data) - 3, 4)
            ]
            said, back = hands.answer(request, came)
            given = b"".join(one.to_bytes(4, sys.byteorder) for one in back)
            line.sendmsg([said], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, given)] if back else [])
            for one in back:
                os.close(one)


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
            else:
                _lost()
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
