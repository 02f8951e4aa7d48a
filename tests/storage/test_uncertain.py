"""What is said where the database goes away, and that no secret of its address is shown."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Damaged, Environment, NotFound
from workflow.base.shown_url import shown
from workflow.storage import committing
from workflow.storage.database import Store
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record


@pytest.fixture
def place(database_url: str, home: Path) -> Iterator[Place]:
    made = builders.found(database_url)
    yield made
    made.store.close()


def lost(commit: bool) -> Any:
    """A commit whose answer is lost: after it was done, or before."""

    def committed(self: Any) -> None:
        if commit:
            real(self)
        else:
            self.rollback()
        raise OperationalError(
            "COMMIT", {}, Exception("server closed the connection"), connection_invalidated=True
        )

    real = sa.engine.RootTransaction.commit
    return committed


def test_what_was_recorded_is_not_said_not_to_be(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sa.engine.RootTransaction, "commit", lost(True))
        done = place.receive()
    assert place.case(done.case.number).entries == 1


def test_what_was_not_recorded_is_said_to_be_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sa.engine.RootTransaction, "commit", lost(False))
        with pytest.raises(Environment):
            place.receive()
    assert place.receive().case.number == "2026-0001"


def test_what_cannot_be_known_is_said_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database stays away: it is asked again and again, then the officer is told to look himself."""
    nowhere = sa.create_engine("sqlite:////nowhere/at/all.db")
    paused: list[float] = []
    with monkeypatch.context() as patched:
        patched.setattr(sa.engine.RootTransaction, "commit", lost(True))
        patched.setattr(committing, "recorded", lambda _, last, real=committing.recorded: real(nowhere, last))
        patched.setattr(committing.time, "sleep", paused.append)
        with pytest.raises(Environment) as fault:
            place.receive()
    assert "disclosure history" in (fault.value.advice or "")
    assert paused == committing.PAUSES


def test_what_bears_no_entry_is_not_said_not_to_be_written(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sa.engine.RootTransaction, "commit", lost(True))
        with pytest.raises(Environment, match="not known"), place.store.writing() as connection:
            connection.execute(sa.update(TABLES["outbox"]).values(attempts=1))


class Line:
    """A line to a server of PostgreSQL that is cut when the commit of an entry goes through it."""

    def __init__(self, folder: str, front: Path, late: float | None) -> None:
        """`late`: so many seconds after the officer was cut off the server gets the commit; None: never."""
        self._behind, self._late = f"{folder}/.s.PGSQL.5432", late
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(front / ".s.PGSQL.5432"))
        self._door.listen()
        self.whole = True
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        _end(self._door)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._behind)
                threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
                threading.Thread(target=self._asks, args=(client, server), daemon=True).start()

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while said := server.recv(65536):
                client.sendall(said)

    def _asks(self, client: socket.socket, server: socket.socket) -> None:
        wrote = False
        with suppress(OSError):
            while said := client.recv(65536):
                wrote = wrote or b"INTO ledger" in said
                if wrote and self.whole and b"COMMIT" in said:
                    self.whole = False
                    _end(client)
                    if self._late is None:
                        break
                    time.sleep(self._late)
                server.sendall(said)
        _end(client)
        _end(server)


def _end(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@pytest.mark.postgres
@pytest.mark.parametrize(("late", "recorded"), [(0.0, True), (0.5, True), (None, False)])
def test_a_line_cut_at_the_commit(
    postgres_server: Any, _postgres_template: str, home: Path, late: float | None, recorded: bool
) -> None:
    """The commit may reach the server, at once or later, when the officer has no line any more: what is said
    of it is what became of it."""
    name = postgres_server.create(_postgres_template)
    place = builders.found(postgres_server.url(name))
    place.receive()
    front = home / "front"
    front.mkdir()
    line = Line(str(postgres_server.folder), front, late)
    through = Place(Store(place.store.url.replace(str(postgres_server.folder), str(front))))
    try:
        if recorded:
            through.act("registrar", "note", "2026-0001", builders.RECEIVED, text="来电")
        else:
            with pytest.raises(Environment) as fault:
                through.act("registrar", "note", "2026-0001", builders.RECEIVED, text="来电")
            assert "Nothing was written" in (fault.value.way_on or "")
        assert not line.whole
        assert place.case("2026-0001").entries == 1 + recorded
    finally:
        through.store.close()
        line.close()
        place.store.close()
        postgres_server.drop(name)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://li:geheim@127.0.0.1:9/d",
        "postgresql://127.0.0.1:9/d?user=li&password=geheim",
        "postgresql://127.0.0.1:9/d?PASSWORD=geheim&sslmode=require",
        "postgresql+psycopg://li:ge%3Aheim@127.0.0.1:9/d?sslpassword=geheim",
        "postgresql://li@127.0.0.1:9/d?options=-c%20x%3Dgeheim",
        "postgresql://li@127.0.0.1:9/d?nosuch=geheim",
    ],
)
def test_no_secret_of_the_address_is_shown(url: str) -> None:
    assert "geheim" not in shown(url).replace("ge%3Aheim", "geheim")
    for words in (("doctor",), ("list", "--as", "x"), ("list", "--as", "x", "--json")):
        said = disclosure(*words, "--db", url)
        assert "geheim" not in said.out + said.err
        assert said.code != 70


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://h:port/d?password=geheim",
        "postgresql://[h/d?password=geheim",
        "x://a:geheim@b",
        # A sign in the password that means something else in a URL.
        "postgresql://li:12@geheim@127.0.0.1:9/d",
        "postgresql://li:12/geheim@127.0.0.1:bad/d",
        "postgresql://li:12 geheim@[h/d",
        "postgresql://li:12?geheim@127.0.0.1:bad/d",
        "postgresql://li:12:geheim@127.0.0.1:bad/d",
        "postgresql://li:12#geheim@127.0.0.1:bad/d",
    ],
)
def test_an_address_that_is_none(url: str) -> None:
    said = disclosure("list", "--as", "x", "--db", url)
    assert said.code == 6, said.err
    assert "geheim" not in said.err


# --- chains and offices that are not there


def test_an_office_that_is_not_there(place: Place) -> None:
    with place.store.reading() as connection, pytest.raises(NotFound):
        verify_record.require_offices(connection, "nosuch")


def test_a_head_that_was_deleted(place: Place) -> None:
    with place.store.writing() as connection:
        connection.execute(sa.delete(TABLES["chain_head"]))
    with place.store.reading() as connection, pytest.raises(Damaged):
        verify_record.require_offices(connection, None)
    assert disclosure("verify", "--db", place.store.url).code == 5
