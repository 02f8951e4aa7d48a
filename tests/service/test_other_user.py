"""A service with a user of its own: who calls is who acts, and his files are opened with his rights."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests import preloaded
from tests.service import other_user
from tests.service.other_user import ROOT, Served
from workflow.base import dates
from workflow.base.errors import Environment, NotFound
from workflow.service import hands, wire
from workflow.service.staging import Staging

WHY_NOT = other_user.possible()
two_users = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))
OFFICE = ROOT / "docs" / "demo" / "jiangnan.toml"
# The registrar, the head, and a handler, each a login of the machine; 'man' is bound to nobody.
LOGINS = {"zhao": "daemon", "zhou": "bin", "qian": "games"}


def keeper(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the user who keeps the database, without the service."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DISCLOSURE_")}
    return preloaded.run(
        [sys.executable, "-m", "cli", *words],
        env={
            **kept,
            "DISCLOSURE_HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "DISCLOSURE_LANG": "en",
            "DISCLOSURE_SERVICE": "off",
        },
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("kept")
    place = Path(tempfile.mkdtemp(prefix="disclosure-callers-"))
    place.chmod(0o755)
    office = OFFICE.read_text(encoding="utf-8")
    for key, login in LOGINS.items():
        office = re.sub(rf'(key = "{key}"\n)', rf'\1login = "{login}"\n', office)
    (home / "office.toml").write_text(office, encoding="utf-8")
    assert keeper(home, "init", "--office", str(home / "office.toml")).returncode == 0
    made = other_user.begin(home, place)
    # Whoever is not vouched for cannot demand it either: nobody shuts himself out.
    assert keeper(home, "office", "set", "settings.binding", "service", "--as", "zhou").returncode == 1
    assert made.call("bin", "office", "set", "settings.binding", "service").returncode == 0
    received = made.call(
        "daemon", "receive", "--name", "张三", "--channel", "in_person", "--request", "2025年度预算"
    )
    assert received.returncode == 0, received.stderr
    yield made
    other_user.end(made)
    shutil.rmtree(place)


@two_users
def test_the_login_acts_and_the_ledger_says_so(served: Served) -> None:
    told = json.loads(served.call("daemon", "history", "1", "--json").stdout)
    assert told[0]["actor"] == "zhao"
    assert told[0]["known"] == {"via": "service", "login": "daemon", "acting_for": None}
    assert keeper(served.home, "verify").returncode == 0


@two_users
def test_a_look_of_the_service_s_own_user_changes_nothing_for_others(served: Served) -> None:
    """He has variables of his own, and his process serves him again: nobody else."""
    for _ in range(3):
        assert served.call("root", "--version", DISCLOSURE_KEY_FILE="/tmp/none").returncode == 0
        assert served.call("daemon", "history", "1").returncode == 0


def _day(days: int) -> str:
    return (dates.today() + timedelta(days=days)).isoformat()


IMPERSONATIONS: dict[str, Callable[[Served], subprocess.CompletedProcess[str]]] = {
    "--as": lambda s: s.call("games", "register", "1", "--as", "zhao"),
    "the name": lambda s: s.call("games", "register", "1", "--as", "赵登记"),
    "the login in --as": lambda s: s.call("games", "register", "1", "--as", "daemon"),
    "the variable": lambda s: s.call("games", "register", "1", DISCLOSURE_OFFICER="zhao"),
    "the environment's login": lambda s: s.call("games", "register", "1", LOGNAME="daemon", USER="daemon"),
    "a login bound to nobody": lambda s: s.call("man", "register", "1"),
    "a login bound to nobody, with a name": lambda s: s.call("man", "register", "1", "--as", "zhao"),
    "another database": lambda s: s.call("games", "register", "1", "--db", "/tmp/x.db", "--as", "zhao"),
    "another database by a variable": lambda s: s.call(
        "games", "register", "1", "--as", "zhao", DISCLOSURE_DATABASE_URL="sqlite:////tmp/x.db"
    ),
    "a login proposed by oneself": lambda s: s.call("games", "officer", "bind", "zhao", "--login", "games"),
    "a deputy appointed by himself": lambda s: s.call(
        "games", "officer", "deputy", "zhao", "--to", "qian", "--until", _day(1), "--reason", "x"
    ),
    "roles given by oneself": lambda s: s.call(
        "games", "officer", "add", "qian", "--name", "钱", "--roles", "approver"
    ),
    "the binding taken back without the service": lambda s: keeper(
        s.home, "office", "set", "settings.binding", "none", "--as", "zhou"
    ),
    "an act without the service": lambda s: keeper(s.home, "register", "1", "--as", "zhao"),
    "founding anew": lambda s: s.call("games", "upgrade"),
}


@two_users
@pytest.mark.parametrize("way", IMPERSONATIONS)
def test_nobody_acts_under_another_name(served: Served, way: str) -> None:
    before = json.loads(served.call("daemon", "history", "1", "--json").stdout)
    tried = IMPERSONATIONS[way](served)
    assert tried.returncode in (1, 3), (way, tried.stdout, tried.stderr)
    assert "Traceback" not in tried.stderr
    assert json.loads(served.call("daemon", "history", "1", "--json").stdout) == before


@two_users
def test_the_database_is_nobody_else_s(served: Served) -> None:
    for name in ("disclosure.db", "disclosure.key.json"):
        found = served.home / name
        tried = subprocess.run(["/bin/cat", str(found)], user="games", capture_output=True, check=False)
        assert tried.returncode != 0, found


@two_users
def test_a_deputy_only_in_his_time(served: Served) -> None:
    def appoint(first: str, last: str) -> None:
        said = served.call(
            "daemon",
            "officer",
            "deputy",
            "zhao",
            "--to",
            "qian",
            "--from",
            first,
            "--until",
            last,
            "--reason",
            "leave",
        )
        assert said.returncode == 0, said.stderr

    appoint(_day(5), _day(9))
    assert served.call("games", "note", "1", "--text", "x", "--as", "zhao").returncode == 1
    appoint(_day(0), _day(1))
    assert served.call("games", "note", "1", "--text", "x", "--as", "zhao").returncode == 0
    told = json.loads(served.call("daemon", "history", "1", "--json").stdout)[-1]
    assert (told["actor"], told["known"]["acting_for"]) == ("qian", "zhao")
    shown = served.call("daemon", "history", "1", "--full").stdout
    assert "acts for: 赵登记" in shown
    assert "by the service (games)" in shown
    assert served.call("daemon", "officer", "deputy", "zhao", "--end").returncode == 0
    assert served.call("games", "note", "1", "--text", "x", "--as", "zhao").returncode == 1


@two_users
def test_a_message_of_another_user_replayed_is_the_replayer_s(served: Served) -> None:
    """The request says nothing of who sends it: the kernel does."""
    words = [b"disclosure", b"note", b"1", b"--text", b"replayed", b"--as", b"zhao"]
    request = wire.pack(0o022, words, {b"LANG": b"C.UTF-8", b"DISCLOSURE_OFFICER": b"zhao"})
    hello = wire.HELLO + _program() + b"\n"
    script = (
        "import socket, os\n"
        "s = socket.socket(socket.AF_UNIX); s.connect('service.sock')\n"
        f"s.sendall({hello!r}); assert s.recv(1) == {wire.ACCEPTED!r}\n"
        "a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)\n"
        f"socket.send_fds(s, [{request!r}], [0, 1, 2, os.open('/', 0), b.fileno()])\n"
        "print(s.recv(1), s.recv(2))\n"
    )
    tried = subprocess.run(
        [other_user.PYTHON, "-c", script],
        user="games",
        cwd=served.place / "service",
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.stdout.strip() == repr(wire.BEGUN) + " " + repr(wire.STATUS + bytes([1])), tried.stderr


@two_users
def test_somebody_else_s_process_in_the_place_of_the_service_hears_nothing() -> None:
    """Even one that listens and takes calls: the kernel says whose it is, before a word is sent."""
    place = Path(tempfile.mkdtemp(prefix="disclosure-forged-"))
    place.chmod(0o755)
    caller = Served(place, place, None)  # type: ignore[arg-type]
    home = caller.own("games")
    service = home / "service"
    service.mkdir(mode=0o700)
    shutil.chown(service, "games")
    forging = (
        "import socket, os, pwd\n"
        f"os.chdir({str(service)!r}); s = socket.socket(socket.AF_UNIX); s.bind('service.sock')\n"
        "os.chmod('service.sock', 0o666); os.setgroups([]); os.setuid(pwd.getpwnam('daemon').pw_uid)\n"
        "s.listen(5); print(flush=True)\n"
        "c, _ = s.accept(); c.settimeout(5); print(len(c.recv(999)), flush=True)\n"
    )
    forged = subprocess.Popen([other_user.PYTHON, "-c", forging], stdout=subprocess.PIPE, text=True)
    assert forged.stdout is not None
    try:
        forged.stdout.readline()
        # 99: the command runs as without a service.
        assert caller.call("games", "list", DISCLOSURE_HOME=str(home)).returncode == 99
        assert forged.stdout.read() == "0\n"
    finally:
        forged.kill()
        forged.wait()
        shutil.rmtree(place)


def _program() -> bytes:
    return os.fsencode(str(ROOT)) + b"\0" + os.fsencode(os.path.dirname(sys.executable)) + b"\0"


@two_users
def test_files_are_read_with_the_caller_s_rights(served: Served) -> None:
    own = served.own("daemon")
    (own / "a.toml").write_text('name = "李四"\nchannel = "in_person"\nrequest = "2024年度决算"\n')
    received = served.call("daemon", "receive", "--file", "a.toml")
    assert received.returncode == 0, received.stderr
    for secret in (served.home / "office.toml", served.own("bin") / "x.toml"):
        secret.write_text('name = "王五"\nchannel = "in_person"\nrequest = "x"\n')
        secret.chmod(0o600)
        tried = served.call("daemon", "receive", "--file", str(secret))
        assert tried.returncode == 3
        assert str(secret) in tried.stderr
    attached = served.call("daemon", "attach", "1", "--file", str(served.home / "office.toml"))
    assert attached.returncode == 3


@two_users
def test_what_a_list_names_is_read_with_the_caller_s_rights(served: Served) -> None:
    """A file beside the application that is a link to what only the service may read."""
    own = served.own("daemon")
    (own / "link.txt").symlink_to(served.home / "office.toml")
    (own / "b.toml").write_text(
        'name = "赵六"\nchannel = "in_person"\nrequest = "x"\nattach = ["link.txt"]\n'
    )
    tried = served.call("daemon", "receive", "--file", "b.toml")
    assert tried.returncode == 3


@two_users
def test_files_are_written_with_the_caller_s_rights(served: Served) -> None:
    own = served.own("daemon")
    assert served.call("daemon", "process", "chart", "--out", "chart.svg").returncode == 0
    assert (own / "chart.svg").owner() == "daemon"
    assert b"<svg" in (own / "chart.svg").read_bytes()
    for place in (served.home / "chart.svg", served.own("bin") / "chart.svg", Path("/etc/chart.svg")):
        tried = served.call("daemon", "process", "chart", "--out", str(place))
        assert tried.returncode == 6
        assert not place.exists()


@two_users
def test_the_pager_and_the_caller_s_variables_are_the_caller_s(served: Served) -> None:
    """The service runs nothing that a caller names."""
    told = served.call(
        "daemon", "list", PAGER="/bin/false", PYTHONPATH="/tmp", DISCLOSURE_KEY_FILE="/tmp/none"
    )
    assert told.returncode == 0
    assert "张三" in told.stdout or "2026" in told.stdout


# --- what stands between a caller's files and the service, without a second user


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Staging]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    monkeypatch.chdir(tmp_path)  # back to where it was in the end

    def lend() -> None:
        lent = hands.Hands()
        while True:
            request, came, _, _ = socket.recv_fds(theirs, hands.MOST, 1)
            if not request:
                return
            said, back = lent.answer(request, list(came))
            socket.send_fds(theirs, [said], back)
            for one in back:
                os.close(one)

    thread = threading.Thread(target=lend, daemon=True)
    thread.start()
    own = tmp_path / "own"
    own.mkdir()
    made = Staging(tempfile.mkdtemp(), str(own), ours)
    yield made
    made.close()
    ours.close()
    thread.join(5)
    theirs.close()


def test_a_name_stays_as_it_was_typed(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "own" / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    for word, text in (("a.txt", "a"), ("./a.txt", "a"), ("../b.txt", "b")):
        assert staging.brings(word) == word
        assert Path(word).read_text() == text
    absolute = staging.brings(str(tmp_path / "b.txt"))
    assert absolute.removeprefix(staging.place) == str(tmp_path / "b.txt")
    assert Path(absolute).read_text() == "b"
    assert not Path(staging.brings("none.txt")).exists()


def test_a_folder_comes_whole(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "own" / "x" / "y").mkdir(parents=True)
    (tmp_path / "own" / "x" / "y" / "z").write_bytes(bytes(3_000_000))
    staging.brings("x")
    assert Path("x/y/z").stat().st_size == 3_000_000


def test_what_is_written_goes_where_it_was_promised(staging: Staging, tmp_path: Path) -> None:
    own = tmp_path / "own"
    (own / "old.txt").write_text("old")
    (own / "kept").mkdir()
    (own / "kept" / "before.txt").write_text("before")
    for word in ("new/deep.txt", "old.txt", "kept"):
        staging.promises(word)
    assert Path("old.txt").exists()
    Path("new").mkdir(exist_ok=True)
    Path("new/deep.txt").write_text("deep")
    Path("kept/after.txt").write_text("after")
    Path("not promised.txt").write_text("x")
    assert staging.take_back() == []
    assert (own / "new" / "deep.txt").read_text() == "deep"
    assert (own / "old.txt").read_text() == "old"
    assert {path.name: path.read_text() for path in (own / "kept").iterdir()} == {
        "before.txt": "before",
        "after.txt": "after",
    }
    assert not (own / "not promised.txt").exists()
    Path("old.txt").unlink()
    Path("old.txt").write_text("newer")
    staging.take_back()
    assert (own / "old.txt").read_text() == "newer"
    assert not list(own.rglob("*.new"))


def test_a_device_is_not_replaced(staging: Staging) -> None:
    from workflow.base import whole_files
    from workflow.base.errors import Malformed

    word = staging.promises("/dev/null")
    with pytest.raises(Malformed):
        whole_files.write(Path(word), b"x", replace=True)


def test_too_much_is_refused(staging: Staging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflow.service.staging.MOST_BYTES", 1000)
    (tmp_path / "own" / "big").write_bytes(bytes(2_000_000))
    with pytest.raises(Environment):
        staging.brings("big")


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(staging: Staging, tmp_path: Path) -> None:
    (tmp_path / "own" / "shut").write_text("x")
    (tmp_path / "own" / "shut").chmod(0)
    with pytest.raises(NotFound):
        staging.brings("shut")


def test_the_editor_is_run_by_the_caller(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "sed -i s/旧/新/")
    assert staging.edit("旧文".encode(), ".txt") == ("新文".encode(), 0)


def test_the_pager_is_run_by_the_caller(
    staging: Staging, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", f"tee {tmp_path / 'read'}")
    staging.page(f"{n} {staging.place}/x\n" for n in range(3))
    assert (tmp_path / "read").read_text() == "0 /x\n1 /x\n2 /x\n"


@pytest.mark.parametrize("request_", [b"", b"?", b"Snone", b"C1", b"R/none", b"W/none/x", b"M/dev/null/x"])
def test_what_cannot_be_done_is_an_answer(request_: bytes) -> None:
    lent = hands.Hands()
    said, back = lent.answer(request_, [])
    assert said[:1] == hands.REFUSED
    assert back == []


# --- the units


@pytest.mark.parametrize("scope", ["--system", "--user"])
def test_the_units_name_this_program_and_are_sound(tmp_path: Path, scope: str) -> None:
    said = keeper(tmp_path, "service", "install", scope, "--out", str(tmp_path / "units"), "--json")
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    service = (tmp_path / "units" / "disclosure.service").read_text()
    assert f"ExecStart={sys.executable} -P -m cli service run" in service
    assert "$" not in service
    assert any("enable --now disclosure.socket" in line for line in told["commands"])
    # The office is founded before the service first starts: its folder has to be there.
    assert scope == "--user" or told["commands"][1].startswith("install -d -m 0700 -o disclosure ")
    assert keeper(tmp_path, "service", "install", scope, "--out", str(tmp_path / "units")).returncode == 4
    analyze = shutil.which("systemd-analyze")
    if analyze:
        checked = subprocess.run(
            [analyze, "verify", *(["--user"] if scope == "--user" else []), *told["units"]],
            capture_output=True,
            text=True,
            check=False,
        )
        # A user that is not made yet is no fault of the unit.
        faults = [line for line in checked.stderr.splitlines() if "disclosure" in line and "User" not in line]
        assert not faults
