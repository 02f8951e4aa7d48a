"""A process that only looked serves again: nothing of one command is left for the next, nor of its caller."""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.service.served import COMMAND, environment, run, without
from workflow.base import caller
from workflow.service import child, client, own_pages, server, staying, wire
from workflow.storage import case_keys, encryption

LOOKS = (
    ("list", "--as", "zhao"),
    ("list", "--as", "zhao", "--json"),
    ("list", "--as", "qian", "--lang", "en"),
    ("show", "1", "--as", "zhao", "--plain"),
    ("show", "1", "--as", "zhao"),
    ("next", "--as", "zhao", "--lang", "en", "--plain"),
    ("next", "--as", "qian"),
    ("history", "1", "--as", "zhao"),
    ("clocks", "1", "--as", "zhao", "--json"),
    ("today", "--as", "zhao", "--lang", "en"),
    ("list", "--no-such-option"),
    ("show", "1999-0001", "--as", "zhao"),
    ("receive", "--help"),
    ("--lang", "en", "--help"),
    ("--version",),
)


Resting = Callable[[], set[int]]


@pytest.fixture
def resting(served: tuple[Path, int]) -> Resting:
    """The processes that wait for callers, as soon as all of them do: a look that is asked for last finds
    every command before it over.
    """
    home, service = served
    children = Path(f"/proc/{service}/task/{service}/children")

    def found() -> set[int]:
        run(home, "--version")
        until = time.monotonic() + 20
        while len(pids := {int(pid) for pid in children.read_text(encoding="ascii").split()}) != 8:
            assert time.monotonic() < until, pids
            time.sleep(0.02)
        return pids

    return found


def test_looks_that_follow_others_say_what_they_say_in_a_new_process(home: Path) -> None:
    for more in ({}, {"COLUMNS": "40"}, {"DISCLOSURE_LANG": "en", "DISCLOSURE_PLAIN": "1"}):
        for words in LOOKS:
            served, alone = run(home, *words, **more), without(home, *words, **more)
            assert (served.returncode, served.stdout, served.stderr) == (
                alone.returncode,
                alone.stdout,
                alone.stderr,
            ), (words, more)


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        (("list", "--as", "zhao"), 0),
        (("--help",), 0),
        (("note", "1", "--text", "电话", "--as", "zhao"), 1),
        (("show", "1999-0001", "--as", "zhao"), 1),
        (("roll", "--as", "zhou"), 1),
        (("today", "--as", "zhou", "--out", "{folder}/today.html"), 1),
    ],
)
def test_who_looked_serves_again_and_who_acted_or_failed_ends(
    home: Path, resting: Resting, words: tuple[str, ...], ended: int, tmp_path: Path
) -> None:
    before = resting()
    run(home, *(word.replace("{folder}", str(tmp_path)) for word in words))
    assert len(before - resting()) == ended


@pytest.mark.parametrize("manner", [(), ("--plain",)], ids=["proposals", "plain"])
@pytest.mark.parametrize(
    ("words", "asked", "answer"),
    [(("show", "--as", "zhao"), "登记编号", "1"), (("list", "--as", "zhao", "--state", "办"), "可能", "1")],
    ids=["a value", "a meaning"],
)
def test_a_look_that_asked_ends_its_process(
    home: Path, resting: Resting, words: tuple[str, ...], asked: str, answer: str, manner: tuple[str, ...]
) -> None:
    """What reads a terminal keeps it, and what was typed ahead."""
    before = resting()
    typist = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], *words, *manner],
        env=environment(home, TERM="xterm", DISCLOSURE_LANG="zh_CN"),  # type: ignore[arg-type]
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 80),
    )
    typist.expect(asked)
    typist.expect("[:：>]")
    typist.sendline(answer)
    typist.expect(pexpect.EOF)
    typist.close()
    assert typist.exitstatus == 0
    assert len(before - resting()) == 1


def test_who_looked_holds_nothing_of_its_caller(
    served: tuple[Path, int], resting: Resting, tmp_path: Path
) -> None:
    """Neither his folder, which could else not be unmounted, nor the pipe whose end a reader waits for."""
    home, service = served
    done = subprocess.run(
        [*COMMAND, "list", "--as", "zhao"],
        env=environment(home),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=20,
        check=True,
    )
    assert done.stdout
    own = _open_files(service)
    for pid in resting():
        assert os.readlink(f"/proc/{pid}/cwd") != str(tmp_path)
        held = {name for name in _open_files(pid) - own if not name.startswith("socket:")}
        assert held <= {os.devnull}


def _open_files(pid: int) -> set[str]:
    return {os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()}


def test_what_another_process_recorded_is_seen_at_once(home: Path) -> None:
    assert "再问" not in run(home, "history", "1", "--as", "zhao", "--full").stdout
    assert without(home, "note", "1", "--text", "再问", "--as", "zhao").returncode == 0
    assert "再问" in run(home, "history", "1", "--as", "zhao", "--full").stdout


def test_after_so_many_looks_a_process_ends(home: Path, resting: Resting) -> None:
    before = resting()
    for _ in range(staying.MOST_COMMANDS):
        run(home, "--version")
    assert len(before - resting()) == 1


def test_a_locale_that_is_not_there_is_not_that_of_the_caller_before(home: Path) -> None:
    tab = {"_DISCLOSURE_COMPLETE": "bash_complete", "COMP_LINE": "disclosure re", "COMP_TYPE": "63"}
    assert run(home, LC_ALL="POSIX", **tab).returncode == 0
    served, alone = (one(home, LC_ALL="zz_ZZ.UTF-8", **tab) for one in (run, without))
    assert (served.returncode, served.stdout, served.stderr) == (0, alone.stdout, alone.stderr)
    assert "登记" in served.stdout


def test_a_request_that_is_none_is_no_success(home: Path, resting: Resting) -> None:
    """Not even to a process that succeeded before."""
    resting()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(20)
        connection.connect(str(home / wire.FOLDER / wire.SOCKET))
        connection.sendall(wire.HELLO + client.program() + b"\n")
        assert connection.recv(1) == wire.ACCEPTED
        connection.sendall(bytes(8))
        assert connection.recv(2) == wire.STATUS + b"F"


@pytest.mark.parametrize(("said", "status"), [(b"C", 70), (b"", 0)], ids=["a caller", "the end"])
def test_a_caller_who_cannot_be_taken_over_is_no_success(said: bytes, status: int) -> None:
    """As where no more files may be open: his connection does not come with the word that he is there."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        pid = os.fork()
        if pid == 0:
            ours.close()
            child.serve(theirs, lambda words: 0, own_pages.Pages([], []))
        if said:
            ours.sendall(said)
        else:
            ours.shutdown(socket.SHUT_RDWR)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == status


@pytest.mark.parametrize("case", ["nothing", "a signal", "several users"])
def test_who_may_not_serve_another_caller_is_ended(tmp_path: Path, case: str) -> None:
    """A signal may only now reach it: its caller was answered meanwhile, and it said that it can go on."""
    service = server.Service(tmp_path, lambda words: 0)
    if case == "several users":
        service.allowed = lambda uid: True
    line, worker_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection, caller_end = socket.socketpair()
    slow = [sys.executable, "-c", "import signal, time; signal.signal(15, print); print(); time.sleep(60)"]
    with subprocess.Popen(slow, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        worker = server.Worker(process.pid, line)
        call = server.Call(connection, os.getuid(), 0.0, accepted=True, worker=worker)
        worker.call = call
        service._workers[process.pid] = worker
        service._calls.add(id(call))
        if case == "a signal":
            caller_end.sendall(bytes([signal.SIGTERM]))
            service._signal(call)
        worker_end.sendall(wire.STATUS + b"\0")
        worker_end.sendall(wire.AGAIN)
        for _ in range(2):
            service._heard(worker)
        assert service._spares() == (case == "nothing")
        if case == "nothing":
            process.kill()
        assert process.wait(20) == -signal.SIGKILL
    for one in (line, worker_end, caller_end):
        one.close()


def _file(folder: Path) -> object:
    return open(folder / "left", "w", encoding="ascii")


def _thread(_: Path) -> object:
    thread = threading.Thread(target=time.sleep, args=(20,), daemon=True)
    thread.start()
    return thread


def _process(_: Path) -> object:
    return subprocess.Popen([sys.executable, "-c", "pass"])


def _end(_: Path) -> object:
    return atexit.register(print)


def _folder(_: Path) -> object:
    return tempfile.TemporaryDirectory()


def _memory(_: Path) -> object:
    return b"x" * (200 * 2**20)


def _nothing(_: Path) -> object:
    return None


@pytest.mark.parametrize("leaves", [_file, _thread, _process, _end, _folder, _memory, _nothing])
def test_whatever_is_left_is_seen(leaves: Callable[[Path], object], tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            ground = staying.Ground()
            left = leaves(tmp_path)
            os._exit(ground.is_as_before() + 2 * (left is None))
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == (3 if leaves is _nothing else 0)


def test_only_a_look_of_ones_own_that_succeeded_serves_again() -> None:
    caller.serve(os.getuid())
    try:
        assert not staying.may_serve_again(0)
        caller.looks()
        assert staying.may_serve_again(0)
        assert not staying.may_serve_again(1)
        caller.does_more()
        caller.looks()
        assert not staying.may_serve_again(0)
        caller.serve(os.getuid() + 1)
        caller.looks()
        assert not staying.may_serve_again(0)
    finally:
        caller._served = None


def test_the_caller_s_variables_are_given_back(tmp_path: Path) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            os.chdir(tmp_path)
            before = dict(os.environ)
            ground = staying.Ground()
            os.environ["DISCLOSURE_SIGN_PASSPHRASE"] = "x"
            del os.environ["PATH"]
            ground.let_go()
            os._exit(os.environ == before and os.getcwd() == "/")
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_keys_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    ring = encryption.create(path)
    key, _ = encryption.new_case_key(ring, 1)
    assert encryption.open_(key, "name", encryption.seal(key, "name", "张三")) == "张三"
    about = path.stat()
    assert case_keys._ring(str(path), about.st_mtime_ns, about.st_size) == ring
    case_keys.forget()
    assert case_keys._ring.cache_info().currsize == encryption._cipher.cache_info().currsize == 0
