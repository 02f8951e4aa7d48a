"""Parts of a backup on another machine: written, read, restored; a machine that is unknown, changed, full or
gone is told, and the set is as it was.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from tests import sftpserver
from tests.builders import Place
from tests.counter import disclosure
from tests.sftpserver import Server
from tests.upkeep.test_backup import contents
from tests.upkeep.test_parts import elsewhere, parts
from workflow.upkeep.parts import age_files, sftp

pytestmark = pytest.mark.usefixtures("migrated_once")


@pytest.fixture
def place(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    quick.receive()
    return quick


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    (tmp_path / "kept").mkdir()
    with sftpserver.running(tmp_path / "person", tmp_path / "kept") as running:
        yield running


def test_a_set_on_another_machine(place: Place, server: Server, tmp_path: Path) -> None:
    public = age_files.new_key(tmp_path / "person.txt")
    said = disclosure("backup", "--to", server.url, "--recipient", public, "--json")
    assert said.code == 0, said.err
    place.receive()
    said = disclosure("backup", "--to", server.url, "--json")
    assert (said.code, said.json["part"]) == (0, 2), said.err
    first, second = parts(server.folder)
    said, url = elsewhere(tmp_path, server.url, "--identity", tmp_path / "person.txt")  # type: ignore[arg-type]
    assert said.code == 0, said.err
    assert contents(url) == contents(place.store.url)
    words = ("--identity", tmp_path / "person.txt")
    said = disclosure("restore", f"{server.url}/{first.name}", "--check", *words, "--json")
    assert said.json["parts"] == 1, said.err
    said = disclosure("drill", "--backup", server.url, *words, "--as", "head", "--json")
    assert said.code == 0, said.err
    first.unlink()
    said = disclosure("restore", server.url, "--check", *words)
    assert said.code == 5
    assert "0001 of the backup is missing" in said.err
    assert disclosure("backup", "--to", server.url).code == 5


def test_what_does_not_reach_the_other_machine_is_told(place: Place, server: Server, tmp_path: Path) -> None:
    words = ("backup", "--to", server.url, "--unencrypted", "--json")
    assert disclosure(*words).code == 0
    place.receive()
    before = sorted(server.folder.iterdir())
    for name in ("room", "stop_after"):
        setattr(server, name, 2000)
        said = disclosure("backup", "--to", server.url, "--json")
        assert (said.code, said.fault["field"]) == (6, "to"), said.err
        setattr(server, name, 2**40)
        assert [path for path in sorted(server.folder.iterdir()) if path.name[0] != "."] == before
    said = disclosure("backup", "--to", server.url, "--json")
    assert (said.code, said.json["part"]) == (0, 2), said.err


def test_a_machine_that_is_not_the_one_that_was_known(place: Place, server: Server, tmp_path: Path) -> None:
    words = ("backup", "--to", server.url, "--unencrypted", "--json")
    sftpserver.known(tmp_path / "person", server, paramiko.ECDSAKey.generate())
    assert "has changed" in disclosure(*words).fault["message"]
    (tmp_path / "person" / ".ssh" / "known_hosts").write_text("")
    assert "is not known" in disclosure(*words).fault["message"]
    sftpserver.known(tmp_path / "person", server)
    paramiko.ECDSAKey.generate().write_private_key_file(str(tmp_path / "person" / ".ssh" / "id_ecdsa"))
    assert "does not let us in" in disclosure(*words).fault["message"]
    assert list(server.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("sftp://", 2),
        ("sftp://host", 2),
        ("sftp://host:x/kept", 2),
        ("sftp://user:secret@host/kept", 2),
        ("sftp://127.0.0.1:1/kept", 6),
    ],
)
def test_addresses_that_lead_nowhere(place: Place, server: Server, url: str, code: int) -> None:
    said = disclosure("backup", "--to", url, "--unencrypted", "--json")
    assert said.code == code, said.err
    assert said.fault["advice"]
    assert "secret" not in said.err


def test_a_machine_that_says_nothing(place: Place, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sftp, "_PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"sftp://disclosure@127.0.0.1:{silent.getsockname()[1]}/kept"
        said = disclosure("backup", "--to", url, "--unencrypted", "--json")
    assert said.code == 6
    assert "timed out" in said.fault["message"]


def test_who_hangs_up_keeps_nobody_else_out(place: Place, server: Server) -> None:
    for _time in range(3):
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(b"SSH-2.0-test\r\n")
            while len(line.recv(4096)) < 200:
                pass  # its version comes first, then the keys that it proposes
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert disclosure("backup", "--to", server.url, "--unencrypted", "--json").code == 0
