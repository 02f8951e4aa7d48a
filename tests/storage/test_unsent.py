"""Statements that wait for the next one or the commit (PostgreSQL): in their order, all or nothing, and never
in another transaction than their own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import RECEIVED, Place
from workflow.base.errors import Conflict, Refused
from workflow.casework.opened import Overtaken
from workflow.storage import unsent
from workflow.storage.models import TABLES
from workflow.upkeep import verify_record

pytestmark = pytest.mark.postgres
DAY = RECEIVED + timedelta(days=5)
CASES, SERIES = TABLES["case_file"], TABLES["series"]
RENAME = sa.update(CASES).values(unit=sa.bindparam("to"))
TWICE = sa.insert(CASES).inline()


@pytest.fixture
def place(postgres_server: Any, _postgres_template: str, home: Path) -> Iterator[Place]:
    name = postgres_server.lend(_postgres_template)
    made = builders.found(postgres_server.url(name))
    made.receive()
    yield made
    made.store.close()
    postgres_server.give_back(name, _postgres_template)


def unit(place: Place) -> Any:
    return place.row("2026-0001")["unit"]


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was sent together, by the first words of each statement."""
    found: list[list[str]] = []

    def sent(connection: Any, left: Any, last: Any, real: Any = unsent.send) -> None:
        found.append([" ".join(str(one.statement).split()[:2]) for one in left])
        real(connection, left, last)

    monkeypatch.setattr(unsent, "send", sent)
    return found


def test_an_act_is_two_messages(place: Place, messages: list[list[str]]) -> None:
    """One to read the case, one to write it and commit."""
    place.act("registrar", "note", "2026-0001", DAY, text="来电")
    messages.clear()
    place.act("registrar", "note", "2026-0001", DAY, text="再次来电")
    read, written = messages
    assert read[1:] == ["SELECT case_file.id,"]
    assert written[0] == "UPDATE case_file"
    assert written[-1] == "WITH RECURSIVE"
    assert verify_record.verify(place.store, place.desk().office).refused == []


def test_the_driver_sends_when_it_is_told_to(place: Place) -> None:
    """What is held back are workings of its own: another version of it may have others."""
    assert all(hasattr(psycopg.Pipeline, name) for name in unsent._OWN)
    with place.store.writing() as connection:
        raw: Any = connection.connection.driver_connection
        assert raw.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        unsent.begin(connection)
        unsent.leave(connection, RENAME, {"to": "甲" * 500_000})
        assert connection.execute(sa.select(CASES.c.unit)).scalar() == "甲" * 500_000
        assert raw.pgconn.transaction_status == psycopg.pq.TransactionStatus.INTRANS
    assert unit(place) == "甲" * 500_000


def test_what_does_not_fit_on_the_line_at_once_goes_with_the_commit_all_the_same(place: Place) -> None:
    """Whoever waits for an answer before all is sent waits for ever: the server waits for the rest."""
    place.act("registrar", "note", "2026-0001", DAY, text="长" * 100_000)
    assert verify_record.verify(place.store, place.desk().office).refused == []
    much, heard = "长" * 1_000_000, list[Any]()
    with place.store.writing() as connection:
        unsent.begin(connection)
        for _ in range(3):
            unsent.leave(connection, RENAME, {"to": much})
            unsent.ask(connection, sa.select(CASES.c.unit), {}, heard.append)
    assert {row[0] for row in heard} == {unit(place)} == {much}


def test_whatever_is_asked_finds_what_was_left_before_it(place: Place) -> None:
    with place.store.writing() as connection:
        unsent.begin(connection)
        for to in ("甲", "乙"):
            unsent.leave(connection, RENAME, {"to": to})
        assert connection.execute(sa.select(CASES.c.unit)).scalar() == "乙"
        unsent.leave(connection, RENAME, {"to": "丙"})
        heard: list[Any] = []
        unsent.ask(connection, sa.select(CASES.c.unit), {}, heard.append)
        connection.execute(RENAME, [{"to": "丁"}, {"to": "戊"}])
        assert [row[0] for row in heard] == ["丙"]
        unsent.leave(connection, RENAME, {"to": "己"})
    assert unit(place) == "己"


def test_a_fault_is_raised_where_it_is_sent_and_nothing_is_kept(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    row = {name: value for name, value in place.row("2026-0001").items() if name != "id"}
    for asked in (True, False):
        with (
            caplog.at_level(logging.WARNING),
            pytest.raises(Conflict, match="already there"),
            place.store.writing() as connection,
        ):
            unsent.begin(connection)
            unsent.leave(connection, RENAME, {"to": "甲"})
            unsent.leave(connection, TWICE, row)
            unsent.leave(connection, RENAME, {"to": "乙"})
            if asked:
                connection.execute(sa.select(CASES.c.unit))
                raise AssertionError("the question came after the fault")
    assert unit(place) is None
    assert not caplog.records


def test_what_was_given_up_is_not_sent_with_another_transaction(place: Place) -> None:
    with pytest.raises(ZeroDivisionError), place.store.writing() as connection:
        unsent.begin(connection)
        unsent.leave(connection, RENAME, {"to": "甲"})
        raise ZeroDivisionError
    with place.store.reading() as connection:
        assert not unsent.waits(connection)
        assert connection.execute(sa.select(CASES.c.unit)).scalar() is None
    with place.store.writing() as connection:
        unsent.leave(connection, sa.update(SERIES).values(last=SERIES.c.last), {})
    assert unit(place) is None


def test_who_was_overtaken_hears_it_with_the_commit(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The act is done again; who is overtaken each time is told, and nothing of his is there."""
    other = Place(builders.Store(place.store.url))
    desk, times = place.desk("registrar"), []

    def between(*_: Any) -> None:
        times.append(None)
        other.act("registrar", "note", "2026-0001", DAY, text="来电")

    with pytest.raises(Overtaken, match="somebody else"):
        desk.act("2026-0001", "note", {"text": "我的"}, on=DAY, also=between)
    assert len(times) > 1
    assert place.case("2026-0001").entries == 1 + len(times)
    times.clear()
    desk.act("2026-0001", "note", {"text": "我的"}, on=DAY, also=lambda *_: None if times else between())
    assert verify_record.verify(place.store, place.desk().office).refused == []
    other.store.close()


def test_a_refused_act_sends_nothing(place: Place, messages: list[list[str]]) -> None:
    with pytest.raises((Refused, Conflict)):
        place.act("handler", "pass_review", "2026-0001", DAY, opinion="同意")
    assert not [statement for message in messages for statement in message if "UPDATE" in statement]
