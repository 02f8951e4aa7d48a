"""What is said where the database goes away, and that no secret of its address is shown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Damaged, Environment, NotFound
from workflow.storage.database import Store, shown
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
    def gone(self: Store, last: tuple[int, int, str]) -> bool:
        self.close()
        broken = Store("sqlite:////nowhere/at/all.db")
        return real(broken, last)

    real = Store._recorded
    with monkeypatch.context() as patched:
        patched.setattr(sa.engine.RootTransaction, "commit", lost(True))
        patched.setattr(Store, "_recorded", gone)
        with pytest.raises(Environment) as fault:
            place.receive()
    assert "disclosure history" in (fault.value.advice or "")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://li:geheim@h/d",
        "postgresql://h/d?user=li&password=geheim",
        "postgresql://h/d?PASSWORD=geheim&sslmode=require",
        "postgresql+psycopg://li:ge%3Aheim@h:5432/d?sslpassword=geheim",
    ],
)
def test_no_secret_of_the_address_is_shown(url: str) -> None:
    assert "geheim" not in shown(url).replace("ge%3Aheim", "geheim")
    for words in (("doctor",), ("list", "--as", "x"), ("list", "--as", "x", "--json")):
        said = disclosure(*words, "--db", url)
        assert "geheim" not in said.out + said.err
        assert said.code != 70


@pytest.mark.parametrize(
    "url", ["postgresql://h:port/d?password=geheim", "postgresql://[h/d?password=geheim", "x://a:geheim@b"]
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
