"""Programs that begin as a fork of a process that has imported everything already: for tests that need
processes, but not a new interpreter in each.

A new interpreter imports for a second before it does anything of its own. `Popen` and `run` are used like
those of `subprocess`, with `[sys.executable, "-m", MODULE, ...]` or `[sys.executable, "-c", CODE, ...]`. What
they start is a process like any other: a child of the one that asked, with the variables, the folder and the
streams that it is given, that can be waited for, stopped and killed. Only what it would import is there.

    python -m tests.preloaded DESCRIPTOR     the process that forks; nobody but this module starts it
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import gc
import inspect
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parent.parent
_PR_SET_CHILD_SUBREAPER = 36
# A request is one message; the variables of an environment are most of it.
_MOST = 180_000
_STREAMS = 3
# clone(2): a process whose parent is that of the one that calls; the number of the call itself by machine.
_CLONE_PARENT, _CLONE = 0x8000, {"x86_64": 56, "aarch64": 220}


class Loaded:
    """The process that has imported everything (or what another module of the tests imports), as whoever asks
    sees it.
    """

    def __init__(self, module: str = "tests.preloaded") -> None:
        self.owner = os.getpid()
        self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._one_at_a_time = threading.Lock()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")}
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno())],
                cwd=ROOT,
                env={**kept, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # An interrupt at the terminal of the tests is theirs.
                start_new_session=True,
            )
        atexit.register(self.end)

    def fork(self, request: dict[str, Any], descriptors: list[int]) -> int:
        """A new process, whose parent is this one; its number."""
        said = json.dumps(request).encode()
        assert len(said) < _MOST, "so much does not go into one message"
        with self._one_at_a_time:
            # Where it is forked twice, the one between ends at once, and this one takes the orphan.
            _take_orphans(True)
            try:
                socket.send_fds(self.line, [said], descriptors)
                answer = self.line.recv(32)
            finally:
                _take_orphans(False)
        assert answer, "the process that forks has ended"
        return int(answer)

    def end(self) -> None:
        """End it with the tests."""
        if os.getpid() == self.owner:
            self.line.close()
            self.process.wait()


def _take_orphans(wanted: bool) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)


_loaded: list[Loaded] = []


class Popen(subprocess.Popen[str]):
    """As subprocess.Popen, of a Python program that is forked from a process that has imported it."""

    def _execute_child(self, *given: Any) -> None:
        asked = dict(zip(_PARAMETERS, given, strict=True))
        interpreter, how, *words = (os.fspath(one) for one in asked["args"] if one != "-P")
        assert (interpreter, how) in ((sys.executable, "-m"), (sys.executable, "-c")), "no Python program"
        assert asked["preexec_fn"] is None
        assert not asked["shell"]
        streams = [
            ours if theirs == -1 else theirs
            for ours, theirs in enumerate((asked["p2cread"], asked["c2pwrite"], asked["errwrite"]))
        ]
        request = {
            "how": how,
            "words": words,
            "environment": dict(os.environ if asked["env"] is None else asked["env"]),
            "folder": os.fspath(asked["cwd"] or os.getcwd()),
            "umask": _umask(),
            "session": bool(asked["start_new_session"]),
            "passed": list(asked["pass_fds"]),
        }
        try:
            self.pid = self._begun(request, [*streams, *asked["pass_fds"]])
        finally:
            self._close_pipe_fds(
                *(asked[name] for name in ("p2cread", "p2cwrite", "c2pread", "c2pwrite")),
                *(asked[name] for name in ("errread", "errwrite")),
            )
        self._child_created = True

    def _begun(self, request: dict[str, Any], descriptors: list[int]) -> int:
        if not _loaded or _loaded[0].owner != os.getpid():
            _loaded[:] = [Loaded()]
        return _loaded[0].fork(request, descriptors)


class Family(Popen):
    """The same of a program whose own processes begin so too: as forks of it, with its modules."""

    def _begun(self, request: dict[str, Any], descriptors: list[int]) -> int:
        return super()._begun({**request, "family": True}, descriptors)


class Untried(Popen):
    """The same from a process that has imported everything and has tried nothing: no command has left there
    what the next one finds.
    """

    def _begun(self, request: dict[str, Any], descriptors: list[int]) -> int:
        return super()._begun({**request, "untried": True}, descriptors)


class _Forked(Popen):
    """A process of such a program. Nothing of what that has open is open in it."""

    def _begun(self, request: dict[str, Any], descriptors: list[int]) -> int:
        number = os.fork()
        if not number:
            Path("/proc/self/comm").write_text(FORKED, encoding="ascii")
            _become(request, descriptors)
        return number


FORKED = "forked"
"""What the processes of a family are called in /proc/PID/comm."""


def starting(kind: type[Popen]) -> SimpleNamespace:
    """The module `subprocess` as it would be if it started programs in this way."""
    return SimpleNamespace(**{**vars(subprocess), "Popen": kind})


_PARAMETERS = list(inspect.signature(subprocess.Popen._execute_child).parameters)[1:]  # type: ignore[attr-defined]


def run(
    words: list[Any],
    *,
    stdin: str | None = None,
    timeout: float | None = None,
    kind: type[Popen] = Popen,
    **more: Any,
) -> subprocess.CompletedProcess[str]:
    """As subprocess.run of such a program, with what it printed; `stdin` is what is typed to it."""
    pipe = subprocess.PIPE
    with kind(
        words,
        stdin=subprocess.DEVNULL if stdin is None else pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        **more,
    ) as process:
        try:
            out, err = process.communicate(stdin, timeout=timeout)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def _umask() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1], 8) for line in status if line.startswith("Umask:"))


# --- the process that forks


def main(descriptor: int) -> None:
    """Import everything, then fork for each request until nobody can ask any more."""
    from workflow.service import rehearsal, runtime

    runtime.load_everything()
    line = socket.socket(fileno=descriptor)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    if not os.fork():
        line.close()
        here.close()
        fork_for(there)
        os._exit(0)
    there.close()
    _try(rehearsal.FOUNDING[1:4] + rehearsal.USUAL[1:3] + rehearsal.USUAL[-2:-1])
    gc.collect()
    gc.freeze()
    fork_for(line, here)
    here.close()
    os.wait()


def fork_for(
    line: socket.socket,
    untried: socket.socket | None = None,
    become: Callable[[dict[str, Any], list[int]], None] | None = None,
) -> None:
    """Fork for each request that comes by this line until it is closed; what is to have tried nothing is
    forked by whoever is asked by the other line. What a fork does then is to `become` the program.
    """
    while True:
        said, descriptors, _, _ = socket.recv_fds(line, _MOST, 64)
        if not said:
            return
        request = json.loads(said)
        if request.get("untried") and untried is not None:
            socket.send_fds(untried, [said], descriptors)
            number = untried.recv(32)
        else:
            number = _number_of_fork(request, descriptors, become or _become, untried is not None)
        for one in descriptors:
            os.close(one)
        line.send(number)


def _number_of_fork(
    request: dict[str, Any],
    descriptors: list[int],
    become: Callable[[dict[str, Any], list[int]], None],
    of_parent: bool,
) -> bytes:
    """The number of a new process that becomes the program: a child of this one's parent (`of_parent`), if
    the machine makes one so; else an orphan, to be taken.
    """
    number = _child_of_parent() if of_parent else -1
    if number == 0:
        become(request, descriptors)
    if number > 0:
        return str(number).encode()
    read, write = os.pipe()
    between = os.fork()
    if not between:
        number = os.fork()
        if number:
            os.write(write, str(number).encode())
            os._exit(0)
        become(request, descriptors)
    os.close(write)
    os.waitpid(between, 0)
    told = os.read(read, 32)
    os.close(read)
    return told


def _child_of_parent() -> int:
    """As os.fork(), but the new process is a child of this one's parent; -1 where there is no such way. A
    fork of a process that holds so much takes 10 ms, and one between would be another.
    """
    call = _CLONE.get(os.uname().machine)
    if call is None:
        return -1
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    number = int(ctypes.PyDLL(None).syscall(call, _CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0))
    if number == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return number


def _try(commands: tuple[tuple[str, ...], ...]) -> None:
    """Let an office be founded, a case come in and a letter be set: what is read and compiled for that once
    is there for every process that follows.
    """
    from cli import main as program
    from workflow.service.rehearsal import Rehearsal

    def one(words: list[str]) -> int:
        sys.argv = words
        program.main(args=words[1:], prog_name="disclosure")
        return 0

    tried = Rehearsal(one)
    try:
        tried._play(commands)
    finally:
        tried.close()


def _become(request: dict[str, Any], descriptors: list[int]) -> None:
    """The program that was asked for, in this process."""
    from tests import stopping
    from workflow.jobs import process_pool, supervisor
    from workflow.service import child
    from workflow.storage import engines

    status = 70
    try:
        if request["session"]:
            os.setsid()
        take_on(request, descriptors)
        child._streams(None)
        if request.get("family"):
            for module in (process_pool, supervisor):
                module.subprocess = starting(_Forked)  # type: ignore[assignment]
        stopping.begin()

        def program(_: list[str]) -> int:
            how, (first, *words) = request["how"], request["words"]
            sys.argv[:] = [how, *words]
            if how == "-m":
                runpy.run_module(first, run_name="__main__", alter_sys=True)
            else:
                exec(first, {"__name__": "__main__"})
            return 0

        status, _ = child._run(program, [], None, last=True)
        engines.close()
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                status = status or 120
        os._exit(status & 255)


def _listen_as_a_new_one() -> None:
    # What was to be done at a signal is not known to a new program; what was ignored, stays so.
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def take_on(request: dict[str, Any], descriptors: list[int]) -> None:
    """In a fork: the streams, the folder and the variables that were asked for, and nothing else open."""
    # First out of the way of the numbers that are wanted, then to those.
    wanted = [*range(_STREAMS), *request["passed"]]
    high = max(wanted) + 1
    moved = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, high) for one in descriptors]
    for source, target in zip(moved, wanted, strict=True):
        os.dup2(source, target)
    keep = set(wanted)
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in keep:
            try:
                os.close(int(name))
            except OSError:
                continue
    os.chdir(request["folder"])
    os.umask(request["umask"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    _listen_as_a_new_one()


if __name__ == "__main__":
    main(int(sys.argv[1]))
