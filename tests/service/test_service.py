"""The resident service: what a command prints, writes and returns is the same with it and without it."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest
from click.testing import CliRunner

import cli
from benchmarks.identity import commands as every_command
from tests.counter import disclosure
from tests.service.served import COMMAND, ROOT, environment, run, serving, without
from workflow.base import messages
from workflow.service import client, state, wire
from workflow.service.freshness import Files
from workflow.service.rehearsal import Rehearsal

# The client of each line is a process of its own; only the interpreter is the same.
ONE_AFTER_ANOTHER = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from workflow.service import client
folder = sys.argv[1]
for number, line in enumerate(sys.stdin.read().splitlines()):
    child = os.fork()
    if not child:
        for stream in (1, 2):
            os.dup2(os.open(f"{{folder}}/{{number}}.{{stream}}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv[1:] = line.split()
        os._exit(client.main())
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def one_after_another(
    home: Path, lines: list[tuple[str, ...]], folder: Path, **more: str
) -> list[subprocess.CompletedProcess[str]]:
    """Many commands, none of whose words has a space in it; what they say is left in the folder."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", ONE_AFTER_ANOTHER, folder],
        env=environment(home, **more),
        input="\n".join(map(" ".join, lines)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        subprocess.CompletedProcess(
            line, int(status), *((folder / f"{n}.{stream}").read_text() for stream in (1, 2))
        )
        for n, (line, status) in enumerate(zip(lines, done.stdout.split(), strict=True))
    ]


def pid_of(home: Path) -> int:
    found = without(home, "service", "status", "--json")
    assert found.returncode == 0, found.stdout + found.stderr
    return int(json.loads(found.stdout)["pid"])


READS = [
    ("list", "--as", "zhao"),
    ("list", "--as", "zhao", "--json"),
    ("show", "2026-0001", "--as", "zhao"),
    ("next", "--as", "zhao"),
    ("next", "--as", "zhao", "--lang", "en"),
    ("alerts", "--as", "zhou"),
    ("roll", "--as", "zhou", "--json"),
    ("law", "show", "reply.limit"),
    ("deadline", "reply", "2026-03-02"),
    ("officer", "list"),
    ("show", "1999-0001", "--as", "zhao"),
    ("show", "1999-0001", "--as", "zhao", "--json"),
    ("list", "--as", "nobody"),
    ("list", "--no-such-option"),
    ("nonsense",),
    ("verify",),
    ("register", "2026-0001", "--as", "wu"),
    (),
]


def test_the_command_is_served(home: Path) -> None:
    assert run(home, "--version").returncode == 0
    begun = time.monotonic()
    answered = [run(home, "list", "--as", "zhao") for _ in range(3)]
    assert {one.returncode for one in answered} == {0}
    # What a served command leaves in /proc is a forked child: here the count of those served is asked for.
    assert time.monotonic() - begun < 60
    assert pid_of(home) > 0


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_help_of_every_command_is_the_same(home: Path, tmp_path: Path, language: str) -> None:
    words = [("--help",), *((*name, "--help") for name in every_command())]
    words = [line for line in words if line[0] not in client.ALONE]
    for line, served in zip(
        words, one_after_another(home, words, tmp_path, DISCLOSURE_LANG=language, COLUMNS="80"), strict=True
    ):
        assert served.returncode == 0, line
        assert "Traceback" not in served.stderr
        if line == words[0] or line[-2:] == ("show", "--help"):
            plain = without(home, *line, DISCLOSURE_LANG=language, COLUMNS="80")
            assert (served.stdout, served.stderr) == (plain.stdout, plain.stderr)
    assert disclosure("--version").code == 0


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_reading_and_refusals_are_the_same_to_the_byte(home: Path, words: tuple[str, ...]) -> None:
    served, plain = run(home, *words), without(home, *words)
    assert (served.returncode, served.stdout, served.stderr) == (plain.returncode, plain.stdout, plain.stderr)


@pytest.mark.parametrize("words", [READS[2], READS[6], READS[12]], ids=" ".join)
def test_what_the_service_has_imported_besides_changes_nothing(home: Path, words: tuple[str, ...]) -> None:
    """A command by itself, in a new interpreter, imports only what it needs."""
    served, alone = run(home, *words), run(home, *words, DISCLOSURE_SERVICE="off")
    assert (served.returncode, served.stdout, served.stderr) == (alone.returncode, alone.stdout, alone.stderr)


def test_an_act_through_the_service_is_recorded_like_any_other(home: Path, tmp_path: Path) -> None:
    received = run(
        home,
        "receive",
        "--as",
        "zhao",
        "--name",
        "李四",
        "--channel",
        "in_person",
        "--request",
        "规划",
        "--json",
    )
    assert received.returncode == 0, received.stderr
    number = json.loads(received.stdout)["case"]
    registered = run(home, "register", number, "--as", "zhao", "--json")
    assert registered.returncode == 0, registered.stderr
    out = tmp_path / "letters"
    assert run(home, "letters", number, "--as", "zhao", "--out", str(out)).returncode == 0
    assert [path.suffix for path in out.iterdir()] == [".pdf"]
    assert without(home, "verify").returncode == 0


def test_after_a_served_command_the_database_is_whole_in_its_file(home: Path) -> None:
    """As without the service: nothing is left in the log beside it, for whoever copies the file."""
    assert run(home, "list", "--as", "zhao").returncode == 0
    log = home / "disclosure.db-wal"
    # The service forks no spare before the command is over; the caller is told before that.
    until = time.monotonic() + 10
    while log.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not log.exists()


def test_working_folder_variables_and_mask_are_the_callers(home: Path, tmp_path: Path) -> None:
    made = {}
    for name, switch in (("served", "on"), ("plain", "off")):
        (tmp_path / name).mkdir()
        line = [*COMMAND, "letter", "specimens", "--out", "made", "--code", "P2"]
        done = subprocess.run(
            line,
            env=environment(home, DISCLOSURE_SERVICE=switch),
            cwd=tmp_path / name,
            umask=0o027,
            capture_output=True,
            text=True,
            check=False,
        )
        made[name] = (done.returncode, done.stdout, done.stderr, tree(tmp_path / name))
    assert made["served"] == made["plain"]
    english = run(home, "show", "1999-0001", "--as", "zhao", DISCLOSURE_LANG="en")
    assert "1999-0001" in english.stderr
    assert english.stderr != run(home, "show", "1999-0001", "--as", "zhao").stderr


@pytest.mark.parametrize("where", ["C.UTF-8", "C", "zz_ZZ.UTF-8"])
def test_a_name_that_is_no_text_is_said_as_by_a_new_interpreter(
    home: Path, tmp_path: Path, where: str
) -> None:
    out = os.fsencode(tmp_path) + b"/\xff.html"
    line = [*map(os.fsencode, COMMAND), b"today", b"--as", b"zhao", b"--json", b"--out", out]
    said = [
        subprocess.run(
            line,
            env=environment(home, LC_ALL=where, DISCLOSURE_SERVICE=switch),
            capture_output=True,
            check=True,
        ).stdout
        for switch in ("on", "off")
    ]
    assert out in said[0]
    assert said[0] == said[1]


def tree(folder: Path) -> list[tuple[str, int, bytes]]:
    """What lies below a folder: names, modes, contents."""
    return [
        (str(path.relative_to(folder)), path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    ]


def test_a_list_goes_through_a_pipe_whose_reader_leaves(home: Path) -> None:
    line = (
        f"{' '.join(map(repr_shell, COMMAND))} list --as zhao | head -c 1 >/dev/null; echo ${{PIPESTATUS[0]}}"
    )
    said = subprocess.run(
        ["bash", "-c", line], env=environment(home), capture_output=True, text=True, check=False
    )
    # 1 where the reader had left before the line came, as without the service.
    assert said.stdout.strip() in ("0", "1")
    assert "Traceback" not in said.stderr


def repr_shell(word: str) -> str:
    import shlex

    return shlex.quote(word)


@pytest.mark.parametrize("switch", ["on", "off"])
def test_prompts_and_interrupts_at_a_terminal(home: Path, switch: str) -> None:
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "show", "--as", "zhao"],
        env=environment(home, TERM="xterm", DISCLOSURE_SERVICE=switch),  # type: ignore[arg-type]
        encoding="utf-8",
        timeout=30,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    # An interrupt as soon as the question is seen is not lost. (With the service the client passes it on.)
    child.delaybeforesend = None if switch == "off" else 0.5
    child.expect("[:：]")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert pid_of(home)


@pytest.mark.parametrize("manner", [(), ("--plain",)], ids=["proposals", "plain"])
def test_the_guided_way_at_a_terminal(home: Path, manner: tuple[str, ...]) -> None:
    child = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "do", "2026-0001", "--as", "zhao", *manner],
        env=environment(home, TERM="xterm", DISCLOSURE_LANG="zh_CN"),  # type: ignore[arg-type]
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 80),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    child.expect("更多")
    child.expect(">")
    child.sendline("要求补正")
    child.expect("需要补正的事项")
    child.expect(">")
    child.sendintr()
    child.expect("案件保持原样")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert pid_of(home)


def until_it_reads(pipe: int) -> None:
    """Until something that is written into the pipe was read: by then the command has begun."""
    os.write(pipe, b"#")
    until = time.monotonic() + 30
    while any(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4))):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_signal_ends_the_command_as_it_would_without(home: Path) -> None:
    reader, writer = os.pipe()
    asked = subprocess.Popen(
        [*COMMAND, "receive", "--file", "/dev/stdin", "--as", "zhao"],
        env=environment(home),
        stdin=reader,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(reader)
    until_it_reads(writer)
    asked.send_signal(signal.SIGTERM)
    os.close(writer)
    assert asked.wait(30) in (-signal.SIGTERM, 2)
    assert pid_of(home)


def test_a_command_that_is_killed_in_the_service_says_how_to_look(home: Path) -> None:
    reader, writer = os.pipe()
    asked = subprocess.Popen(
        [*COMMAND, "receive", "--file", "/dev/stdin", "--as", "zhao"],
        env=environment(home, DISCLOSURE_LANG="en"),
        stdin=reader,
        stderr=subprocess.PIPE,
    )
    os.close(reader)
    until_it_reads(writer)
    service = pid_of(home)
    for child in Path(f"/proc/{service}/task/{service}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
    assert asked.wait(30) == -signal.SIGKILL
    os.close(writer)
    assert asked.stderr is not None
    assert b"disclosure history" in asked.stderr.read()
    assert pid_of(home) == service


def test_many_callers_at_once(home: Path) -> None:
    said: list[int] = []

    def ask() -> None:
        said.append(run(home, "list", "--as", "zhao", "--json").returncode)

    threads = [threading.Thread(target=ask) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [0] * 24
    assert pid_of(home)


def test_a_service_killed_leaves_the_command_to_run_without_it(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "copy"
    shutil.copytree(home, place, ignore=shutil.ignore_patterns("service"))
    with serving(place) as service:
        _killed_under_a_command(place, service)
    assert run(place, "list", "--as", "zhao").returncode == 0
    assert run(place, "service", "status").returncode == 3
    again = run(place, "service", "start", "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["running"]
    assert run(place, "service", "stop").returncode == 0


def _killed_under_a_command(place: Path, service: subprocess.Popen[str]) -> None:
    asked = pexpect.spawn(
        COMMAND[0],
        [*COMMAND[1:], "note", "2026-0001", "--as", "zhao"],
        env=environment(place, TERM="xterm", DISCLOSURE_LANG="en"),  # type: ignore[arg-type]
        encoding="utf-8",
        timeout=30,
    )
    asked.expect(":")
    assert pid_of(place) == service.pid
    service.kill()
    # What was under way goes on by itself, and its caller hears how it ended.
    asked.sendline("the service is gone")
    asked.expect("remark")
    asked.expect(pexpect.EOF)
    asked.close()
    assert asked.exitstatus == 0
    assert "the service is gone" in run(place, "history", "2026-0001", "--as", "zhao").stdout


def test_a_socket_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    folder = tmp_path / "service"
    folder.mkdir(mode=0o700)
    mute = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mute.bind(str(folder / wire.SOCKET))
    mute.listen(5)
    begun = time.monotonic()
    assert run(tmp_path, "--version").stdout.startswith("disclosure")
    assert time.monotonic() - begun < 10
    mute.close()


@pytest.mark.parametrize("kind", ["open to others", "a link", "a file"])
def test_a_folder_that_others_could_have_made_is_not_trusted(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "service"
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    if kind == "a link":
        folder.symlink_to(real)
    elif kind == "a file":
        folder.write_text("")
    else:
        folder.mkdir()
        folder.chmod(0o777)
        real = folder
    forged = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    forged.bind(str(real / wire.SOCKET))
    forged.listen(5)
    forged.setblocking(False)
    assert client.connect(str(folder)) is None
    with pytest.raises(BlockingIOError):
        forged.accept()
    forged.close()


def a_tick_later() -> None:
    """What is written now bears another moment: older kernels tell those of files in ticks of up to 10 ms."""
    time.sleep(0.02)


def test_changed_files_end_the_service(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "workflow" / "law").mkdir(parents=True)
    table = tree / "workflow" / "law" / "fees.toml"
    table.write_text("a = 1\n")
    files = Files(str(tree))
    assert not files.changed()
    (tree / "workflow" / "law" / "scratch.tmp").write_text("")
    assert not files.changed()
    table.write_text("a = 22\n")
    assert files.changed()
    other = Files(str(tree))
    a_tick_later()
    (tree / "workflow" / "law" / "more.toml").write_text("")
    assert other.changed()
    # A folder that is new is watched from then on.
    third = Files(str(tree))
    (tree / "workflow" / "room").mkdir()
    assert not third.changed()
    a_tick_later()
    (tree / "workflow" / "room" / "new.py").write_text("")
    assert third.changed()


@pytest.mark.parametrize("at_work", [True, False])
def test_a_service_at_work_is_waited_for_and_no_other(at_work: bool, tmp_path: Path) -> None:
    listening, listens = os.pipe()
    if (child := os.fork()) == 0:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(tmp_path / "s"))
        listener.listen(1)
        os.write(listens, b".")
        connection, _ = listener.accept()
        until = time.monotonic() + 0.3
        while at_work and time.monotonic() < until:
            pass
        if at_work:
            connection.sendall(wire.ACCEPTED)
        # At work still: whoever looked for an answer just before it came looks next at what is done here.
        while at_work:
            pass
        signal.pause()
    try:
        os.read(listening, 1)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(wire.PATIENCE)
        connection.connect(str(tmp_path / "s"))
        if at_work:
            assert client.answer(connection) == wire.ACCEPTED
        else:
            with pytest.raises(TimeoutError):
                client.answer(connection)
        connection.close()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(listening)
        os.close(listens)


def test_what_is_tried_again_leaves_nothing_and_stays() -> None:
    tried: list[list[str]] = []
    rehearsal = Rehearsal(lambda words: tried.append([*words, os.environ["DISCLOSURE_HOME"]]) or 0)
    before = dict(os.environ)
    # A process that was forked and has ended takes nothing along.
    if (child := os.fork()) == 0:
        atexit._run_exitfuncs()
        os._exit(0)
    os.waitpid(child, 0)
    rehearsal.again()
    assert dict(os.environ) == before
    assert Path(tried[0][-1]).is_dir()
    rehearsal.close()
    assert not Path(tried[0][-1]).exists()


def test_every_command_of_the_rehearsal_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what it would have warmed stays cold, and nobody is told."""
    monkeypatch.setenv("DISCLOSURE_LANG", "zh_CN")
    failed = []

    def once(words: list[str]) -> int:
        said = CliRunner().invoke(cli.main, words[1:], prog_name="disclosure")
        if said.exit_code:
            failed.append((words, said.output))
        return said.exit_code

    rehearsal = Rehearsal(once)
    rehearsal.whole()
    # No connection goes over into the processes that are forked later.
    open_files = [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    rehearsal.close()
    messages.use(None)
    assert not [one for one in open_files if "disclosure-rehearsal-" in one]
    assert not failed


def test_a_request_survives_the_wire() -> None:
    words = ["list", "--name", "张三 \n", ""]
    packed = wire.pack(0o22, [os.fsencode(word) for word in words], {b"A": b"x=y", b"B": b""})
    umask, back, variables = wire.unpack(packed[8:])
    assert (umask, [os.fsdecode(word) for word in back]) == (0o22, words)
    assert variables == {b"A": b"x=y", b"B": b""}
    for cut in range(1, len(packed) - 8, 7):
        with pytest.raises(ValueError):  # noqa: PT011  (any kind of it)
            wire.unpack(packed[8:-cut])


# --- what status says of something else in the service's place


@contextlib.contextmanager
def _listening(place: Path, before: str = "") -> Iterator[int]:
    """A process that listens in the service's place; its number."""
    script = (
        f"import socket, time\n{before}\ns = socket.socket(socket.AF_UNIX)\n"
        f"s.bind({str(place)!r})\ns.listen(5)\nprint(flush=True)\ntime.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-S", "-c", script], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


@pytest.fixture
def service_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DISCLOSURE_HOME", str(tmp_path))
    folder = tmp_path / "service"
    folder.mkdir(mode=0o700)
    return folder


def test_status_says_that_nothing_answers(service_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "_SECONDS_TO_ANSWER", 0.05)
    with _listening(service_folder / wire.SOCKET) as pid:
        told = disclosure("service", "status", "--json")
        assert told.code == 3
        said = json.loads(told.out)
        assert (said["answer"], said["running"], said["pid"]) == ("silent", False, pid)
        assert str(pid) in disclosure("service", "status").out
        # What hangs is ended like the service itself.
        assert disclosure("service", "stop").code == 0
    assert json.loads(disclosure("service", "status", "--json").out)["answer"] == "dead"


def test_what_systemd_holds_is_not_ended(service_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who listens on a socket of systemd's is, by the kernel, systemd itself."""
    monkeypatch.setattr(state, "_SECONDS_TO_ANSWER", 0.05)
    named = "open('/proc/self/comm', 'w').write('systemd')"
    with _listening(service_folder / wire.SOCKET, named) as pid:
        told = disclosure("service", "stop", "--json")
        assert told.code == 4
        assert "systemctl --user stop" in told.err
        assert Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("a link", "no_socket"), ("a file", "no_socket"), ("open to others", "unsafe_folder")],
)
def test_status_says_what_is_wrong_with_the_place(service_folder: Path, kind: str, answer: str) -> None:
    """A link to a socket, even one that answers, is not followed."""
    place = service_folder / wire.SOCKET
    with _listening(service_folder / "real.sock"):
        if kind == "a file":
            place.write_text("")
        else:
            place.symlink_to("real.sock")
        if kind == "open to others":
            service_folder.chmod(0o777)
        assert client.connect(str(service_folder)) is None
        assert json.loads(disclosure("service", "status", "--json").out)["answer"] == answer
