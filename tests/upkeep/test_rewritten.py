"""A history that somebody rewrote and chained again: whole by its hashes, and found all the same."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from tests import builders
from tests.builders import Place
from tests.counter import disclosure
from workflow.base.errors import Conflict, Damaged, Malformed
from workflow.evidence import checkpoints, keys
from workflow.storage import ledger, tree
from workflow.storage.tables import TABLES
from workflow.upkeep import verify_machine, verify_noted, verify_record

pytestmark = pytest.mark.usefixtures("repeated_roads")

LEDGER, HEADS = TABLES["ledger"], TABLES["chain_head"]


@pytest.fixture
def place(quick: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("DISCLOSURE_DATABASE_URL", quick.store.url)
    monkeypatch.setenv("DISCLOSURE_LANG", "en")
    quick.bring("served")
    return quick


def rewrite(place: Place, event: str, **values: Any) -> None:
    """Change an entry and chain everything after it anew, with head and tree, as whoever has the file can."""
    with place.store.writing() as connection:
        triggers = [name for name in verify_machine.SQLITE if name.startswith("ledger")]
        for name in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        changed = sa.update(LEDGER).where(LEDGER.c.event == event).values(**values)
        assert connection.execute(changed).rowcount == 1
        before, grown = ledger.GENESIS, tree.Growing(0, "")
        for row in connection.execute(sa.select(LEDGER).order_by(LEDGER.c.seq)).all():
            row = SimpleNamespace(**{**row._mapping, "prev_hash": before})
            before = sha256(ledger.hashed_of(row).encode()).hexdigest()
            grown.add(before)
            values = {"prev_hash": row.prev_hash, "hash": before}
            connection.execute(sa.update(LEDGER).where(LEDGER.c.id == row.id).values(values))
        connection.execute(sa.update(HEADS).values(hash=before, peaks=grown.peaks))
        for name in triggers:
            connection.exec_driver_sql(verify_machine.SQLITE[name])


def verify(place: Place) -> verify_record.Verdict:
    return verify_record.verify(place.store, place.desk().office)


@pytest.mark.parametrize(
    ("event", "values", "why"),
    [
        ("issue", {"actor": "auditor"}, "role"),
        ("register", {"actor": "nobody"}, "no officer"),
        ("dispatch", {"on_day": sa.func.date("2026-12-24")}, "future"),
        ("draft", {"actor": "reviewer"}, ""),
    ],
)
def test_what_no_guard_would_let_through_is_found(
    place: Place, event: str, values: dict[str, Any], why: str
) -> None:
    rewrite(place, event, **values)
    try:
        refused = verify(place).refused
    except Damaged:
        # A row of a table tells of another day or officer before a guard is asked.
        return
    assert refused
    said = disclosure("verify")
    assert said.code == 5
    assert "NO GUARD WOULD LET THROUGH" in said.out
    assert why in said.out


def test_what_every_guard_lets_through_shows_by_what_was_noted(place: Place, tmp_path: Path) -> None:
    keys.create(keys.place(place.store.folder))
    note = tmp_path / "checkpoint"
    note.write_text(str(checkpoints.make(place.desk("head"))), "utf-8")
    (result,) = disclosure("verify", "--json").json
    noted = f"{result['entries']}:{result['head'][:16]}"
    place.receive()
    told = disclosure("verify", "--since", noted, "--checkpoint", note)
    assert told.code == 0, told.err
    assert "is the one that was noted" in told.out
    rewrite(place, "register", recorded_at="2026-09-01T01:00:00.002500Z")
    # Whoever rewrites it drops the checkpoints that the database itself keeps.
    with place.store.writing() as connection:
        connection.execute(sa.delete(TABLES["checkpoint"]))
    assert disclosure("verify").code == 0
    for way in (["--since", noted], ["--checkpoint", note]):
        found = disclosure("verify", *way)
        assert found.code == 5, way
        assert "rewritten" in found.err


@pytest.mark.parametrize("noted", ["", "x", "0:" + "0" * 64, "3:zz", "3:abc"])
def test_what_is_no_note_is_refused(place: Place, noted: str) -> None:
    with place.store.reading() as connection, pytest.raises(Malformed):
        verify_noted.since(connection, place.desk().office, noted)


def test_a_checkpoint_of_another_office_is_none_of_this_one(place: Place, tmp_path: Path) -> None:
    other = builders.found(place.store.url, "ab")
    keys.create(keys.place(place.store.folder))
    note = tmp_path / "checkpoint"
    note.write_text(str(checkpoints.make(other.desk("head"))), "utf-8")
    with place.store.reading() as connection, pytest.raises(Conflict):
        verify_noted.checkpoint(place.store, connection, place.desk().office, note)
    other.store.close()


@pytest.mark.parametrize("name", [name for name in verify_machine.SQLITE if name.startswith("ledger")])
def test_a_trigger_that_is_gone_or_does_nothing_is_found(place: Place, name: str) -> None:
    for instead in ("", verify_machine.SQLITE[name].replace("BEGIN", "WHEN 1 = 2 BEGIN", 1)):
        with place.store.writing() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            if instead and "WHEN EXISTS" not in instead:
                connection.exec_driver_sql(instead)
        with pytest.raises(Damaged, match=name):
            verify(place)


@pytest.mark.postgres
def test_on_postgresql_triggers_counters_and_rights_are_looked_at(
    postgres_server: Any, _postgres_template: str, home: Path
) -> None:
    name = postgres_server.create(_postgres_template)
    place = builders.found(postgres_server.url(name))
    place.bring("registered")
    assert verify(place).refused == []
    changes = {
        "ledger_no_change": "ALTER TABLE ledger DISABLE TRIGGER ledger_no_change",
        "ledger_no_truncate": "DROP TRIGGER ledger_no_truncate ON ledger",
        "counter": "SELECT setval(pg_get_serial_sequence('letter', 'id'), 1, false); UPDATE letter SET id = id + 9",
        "number": "UPDATE case_file SET number = '2026-0009'",
    }
    for statement in changes.values():
        with place.store.engine.connect() as connection:
            for one in statement.split("; "):
                connection.exec_driver_sql(one)
            with pytest.raises(Damaged):
                verify_machine.check(connection)
                verify_record.Check(connection, place.desk().office).run(None)
            connection.rollback()
    with place.store.writing() as connection:
        connection.exec_driver_sql("GRANT UPDATE ON ledger TO PUBLIC")
    assert verify(place).rights == ["PUBLIC: UPDATE"]
    place.store.close()
    postgres_server.drop(name)
