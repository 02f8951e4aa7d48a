"""Whether the check of the record sees everything: each column of each kind of row is changed by itself,
and a row of each kind is deleted; what is not found stands in covered.toml with the reason."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from letters.own_wording.wording import Override
from tests import builders
from tests.builders import RECEIVED, ROADS, Place
from tests.upkeep.test_audit import notice_of
from workflow.base.errors import Damaged, DisclosureError, Malformed
from workflow.casework.desk import Desk
from workflow.delivery import batches, mail_once
from workflow.evidence import checkpoints, keys
from workflow.office import binding, founding, notice_import, profile_changes
from workflow.office.offices import by_id
from workflow.office.profile import Office
from workflow.reports.annual import closing, counts
from workflow.storage import case_entries, ledger, snapshots
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep import coverage, verify_machine, verify_record, verify_tables, verify_work

FILLER = "backup_made"
SENT = RECEIVED + timedelta(days=7)
MAIL = {"host": "127.0.0.1", "port": 2525, "security": "none", "timeout": 5, "from": "xxgk@mzj.example.cn"}
# What tells the kinds of rows of a table apart, where one row does not stand for all. With EVERY=1 more are
# taken.
MORE = bool(os.environ.get("EVERY"))
KINDS = {
    "case_file": "id" if MORE else "state IN ('dispatched', 'fee_notified')",
    "clock": "rule || state" if MORE else "state",
    "letter": "code || (sha256 IS NULL) || (voided_on IS NULL)"
    if MORE
    else "(sha256 IS NULL) || (voided_on IS NULL)",
    "outbox": "kind || (done_at IS NULL)",
    "mail": "state",
    "party": "role",
    "ledger": "event" if MORE else "case_id IS NULL",
    "posting_piece": "posted_on",
    "officer": "active",
}


# --- a database with a row of every kind


def furnish(url: str) -> Place:
    """An office in whose database no table is empty."""
    place = builders.found(
        url,
        online_reconsideration="https://xzfy.example.cn",
        settings={"email_service": True},
        mail=MAIL,
        today=SENT,
    )
    head = place.desk("head")
    profile_changes.set_profile(head, "telephone", "0512-1")
    founding.stop_officer(head, "other")
    binding.propose_login(head, "legal", "legal.login")
    binding.appoint(head, "handler", "reviewer", SENT, SENT + timedelta(days=5), "出差")
    notice_import.take_in(place.desk("head"), notice_of())
    _wording(head)
    place._desks.clear()
    _mailed(place)
    _posted(place)
    _contested(place)
    place.receive(name="李四", phone="0512-65551234", attach=[Path(__file__)])
    for no in range(snapshots.EVERY):
        # So long a case that a snapshot of it is kept.
        place.act("handler", "note", "2026-0001", SENT, text=f"记录{no}")
    _beside(place)
    keys.create(keys.place(place.store.folder))
    with place.store.writing() as connection:
        report = counts.count(connection, head.office.id, head.office.name, RECEIVED.year)
        closing.record(place.desk("head"), connection, report)
    checkpoints.make(place.desk("head"))
    _grown(place)
    return place


def _wording(seat: Desk) -> None:
    override = Override({"receipt": {"opening": "现收到"}}, {})
    with seat.store.writing() as connection:
        connection.execute(
            sa.insert(TABLES["override"]).values(
                office_id=seat.office.id,
                digest=override.digest,
                content=override.text,
                accepted_at=seat.moment(),
                accepted_by="head",
            )
        )
        payload = {"digest": override.digest, "files": []}
        founding.entry(connection, seat.office.id, "wording_accepted", seat.officer.actor, payload)
        # The project's own words are in force again.
        connection.execute(
            sa.insert(TABLES["override"]).values(
                office_id=seat.office.id,
                digest="",
                content=Override().text,
                accepted_at=seat.moment(),
                accepted_by="head",
            )
        )
        founding.entry(
            connection, seat.office.id, "wording_accepted", seat.officer.actor, {"digest": "", "files": []}
        )


def _mailed(place: Place) -> None:
    """A reply that went out by the office's own mail, and one that waits for it; an agent."""
    for sent in (True, False):
        number = place.receive(email="zhangsan@example.cn").case.number
        place.walk(number, [*ROADS["approved"], ("handler", "issue", 7, {"served_by": "email"})])
        place.made()
        done = place.act("registrar", "dispatch", number, SENT, served_by="email")
        if sent:
            mail = TABLES["mail"]
            with place.store.writing() as connection:
                connection.execute(sa.update(mail).values(state="sending"))
            mail_once.record(place.desk(), 1)
            with place.store.writing() as connection:
                connection.execute(
                    sa.update(TABLES["outbox"])
                    .where(TABLES["outbox"].c.id.in_(done.errands))
                    .values(done_at=place.desk().moment())
                )


def _posted(place: Place) -> None:
    """A batch of which one piece was posted, came back; a letter that was signed."""
    first = place.receive(channel="in_person").case.number
    place.walk(first, [*ROADS["approved"], ("handler", "issue", 7, {})])
    place.made()
    letter = SimpleNamespace(
        code="D1", number=place.case(first).reply.number, id=place.case(first).letters[-1]["letter"]
    )
    place.desk("head").letter_signed(first, letter, "a" * 64, "印章")
    made = batches.make(place.desk(), SENT)
    piece = next(one for one in made.pieces if one.case == first)

    def mark(values: dict[str, Any]) -> Callable[[Any, Any], None]:
        return lambda connection, _: connection.execute(
            sa.update(TABLES["posting_piece"])
            .where(TABLES["posting_piece"].c.id == piece.id)
            .values(**values)
        )

    facts = {"served_by": "post", "tracking": "XA12345678911"}
    place.desk().act(
        first, "dispatch", facts, on=SENT, also=mark({"posted_on": SENT, "tracking": "XA12345678911"})
    )
    place.desk().act(
        first,
        "come_back",
        {"reasons": "查无此人"},
        on=SENT,
        also=mark({"outcome": "returned", "outcome_on": SENT}),
    )


def _contested(place: Place) -> None:
    """A case with a letter made void and made anew, a remedy, a fee, an undone act."""
    number = place.bring("fee_notified")
    place.act("registrar", "appoint_agent", number, SENT, **builders.FACTS["appoint_agent"])
    place.act("legal", "open_reconsideration", number, SENT, body="江南省人民政府")
    place.made()
    place.act("head", "void_letter", number, SENT, letter="P12", reasons="错字")


def _beside(place: Place) -> None:
    """Rows that no entry tells of."""
    office = {"office_id": place.desk().office.id}
    moment = place.desk().moment()
    rows: dict[str, dict[str, Any]] = {
        "digest": {
            "officer": "head",
            "on_day": SENT,
            "state": "sent",
            "email": "a@b.cn",
            "alerts": 1,
            "overdue": 0,
            "begun_at": moment,
        },
        "list_file": {
            "sha256": "b" * 64,
            "name": "名单.csv",
            "entered": 1,
            "refused": 0,
            "done": True,
            "begun_at": moment,
            "begun_by": "registrar",
        },
        "web_code": {"case_id": 1, "no": 1, "lookup": "x", "secret": "s1.x", "notice": "none"},
        "web_item": {
            "case_id": 1,
            "token": "t",
            "receipt": "r",
            "kind": "rate",
            "on_day": SENT,
            "step": "done",
            "taken_at": moment,
        },
        "list_entry": {"list_id": 1, "row": 2, "mark": "c" * 64, "case_id": 1},
        "list_word": {
            "kind": "column",
            "word": "姓名",
            "means": "name",
            "told_at": moment,
            "told_by": "registrar",
        },
    }
    with place.store.writing() as connection:
        for name, row in rows.items():
            connection.execute(sa.insert(TABLES[name]).values(**office, **row))


def _grown(place: Place) -> None:
    """So many entries that the tree over them keeps a node."""
    seat = place.desk("head")
    with place.store.writing() as connection:
        head = ledger.head(connection, seat.office.id, lock=True)
        last = connection.execute(
            sa.select(TABLES["ledger"])
            .where(TABLES["ledger"].c.case_id.is_(None))
            .order_by(TABLES["ledger"].c.seq.desc())
            .limit(1)
        ).one()
        entry = case_entries.entry_of(last)
        entry = replace(entry, event=FILLER, payload={"with_key": False})
        more = [(None, entry)] * max(0, 257 - head.seq)
        ledger.append_all(connection, seat.office.id, more, head)


@dataclass
class Furnished:
    """The database, opened so that anything can be changed and taken back."""

    connection: Any
    office: Office
    folder: Path
    # The entries as they are, without those that fill the tree.
    rows: list[Any]

    @contextmanager
    def reading(self, *, checked: bool = True) -> Iterator[Any]:
        """As of a Store: what was changed and not committed is seen."""
        yield self.connection


@pytest.fixture(scope="module")
def furnished(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("furnished")
    path = folder / "disclosure.db"
    shutil.copyfile(_sqlite_template, path)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"HOME": folder, "DISCLOSURE_HOME": folder / "data"}.items():
            patch.setenv(name, str(value))
        patch.setenv("DISCLOSURE_KEY_FILE", str(folder / "key.json"))
        patch.setenv("DISCLOSURE_FILES", str(folder / "files"))
        place = furnish(f"sqlite:///{path}")
        store = Store(f"sqlite:///{path}")
        with store.engine.connect() as connection:
            entries = TABLES["ledger"]
            rows = connection.execute(
                sa.select(entries).where(entries.c.event != FILLER).order_by(entries.c.seq)
            )
            made = Furnished(connection, by_id(connection, 1), folder, list(rows))
            connection.rollback()
            # Outside a transaction, or they are passed over.
            for pragma in ("foreign_keys = OFF", "ignore_check_constraints = ON"):
                connection.connection.execute(f"PRAGMA {pragma}")
            yield made
        store.close()
        place.store.close()


def _parts(furnished: Furnished, case_id: int | None) -> None:
    """The parts of the check that concern a case, or no case: they are faster than the whole."""
    connection = furnished.connection
    check = verify_record.Check(connection, by_id(connection, 1))
    for row in furnished.rows:
        if row.case_id is None:
            check.told.take(row, json.loads(row.payload))
        elif row.case_id == case_id:
            check.of_case(row)
        elif row.n == 1:
            check.around.numbers.of_case(case_entries.entry_of(row))
    if case_id is None:
        verify_tables.office(connection, 1, check.told)
        verify_tables.wordings(connection, 1, check.told)
        verify_tables.appointments(connection, 1, check.told)
        verify_work.queue(connection, 1)
        verify_work.posting(connection, 1, check.told)
    verify_machine.references(connection)


def found(
    furnished: Furnished, statements: list[str], of_case: int | None = None, parts: bool = True
) -> str | None:
    """What the check says after these changes, which are then taken back; None where it finds nothing. The
    parts that are concerned are asked first by themselves, which is faster."""
    connection = furnished.connection
    connection.rollback()
    try:
        changed = [re.match(r"(?:UPDATE|DELETE FROM) (\w+) ", statement) for statement in statements]
        assert all(changed)
        query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
        triggers = [
            (row.name, row.sql)
            for name in {one[1] for one in changed if one}
            for row in connection.execute(query, {"name": name})
        ]
        # Only those of the table: after a change of the schema all statements are prepared anew.
        for name, _ in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0, statement
        for _, sql in triggers:
            connection.exec_driver_sql(sql)
        try:
            office = (
                by_id(connection, 1)
                if connection.exec_driver_sql("SELECT 1 FROM office WHERE id = 1").first()
                else furnished.office
            )
            verify_record.require_offices(connection, None)
            if parts:
                _parts(furnished, of_case)
            verdict = verify_record.verify(furnished, office)  # type: ignore[arg-type]
        except (Damaged, Malformed) as fault:
            return fault.text
        except DisclosureError as fault:
            return fault.text
        if verdict.refused:
            return verdict.refused[0].why
        return "unindexed" if verdict.unindexed else "stale" if verdict.stale else None
    finally:
        connection.rollback()


def changes(furnished: Furnished, table: sa.Table) -> Iterator[tuple[str, str, int | None]]:
    """Each column of a row of each kind with another value: the column, the statement, and the case
    concerned."""
    connection = furnished.connection
    kind = KINDS.get(table.name, "NULL")
    # The first entries, so that the walk ends early.
    which = "min(rowid)" if table.name == "ledger" else "max(rowid)"
    rows = connection.exec_driver_sql(f"SELECT {which} FROM {table.name} GROUP BY {kind}").scalars().all()
    connection.rollback()
    assert rows, f"{table.name} is empty"
    of = {"case_file": "id"}.get(table.name, "case_id")
    for row in rows:
        case_id = None
        if of in table.c and table.name not in ("ledger", "outbox"):
            case_id = connection.exec_driver_sql(
                f"SELECT {of} FROM {table.name} WHERE rowid = {row}"
            ).scalar()
        for column in table.columns:
            where = f"WHERE rowid = {row}"
            if isinstance(column.type, sa.Boolean):
                other = f"NOT {column.name}"
            elif isinstance(column.type, sa.Date):
                other = f"coalesce(date({column.name}, '+1 day'), '2020-01-01')"
            elif isinstance(column.type, sa.Integer):
                other = f"coalesce({column.name}, 0) + 1000"
            else:
                other = f"coalesce({column.name}, '') || 'x'"
            yield column.name, f"UPDATE {table.name} SET {column.name} = {other} {where}", case_id
            given = connection.exec_driver_sql(f"SELECT {column.name} FROM {table.name} {where}").scalar()
            nullable = column.name not in NOT_NULL[table.name]
            connection.rollback()
            if given is not None and nullable:
                yield column.name, f"UPDATE {table.name} SET {column.name} = NULL {where}", case_id


def _not_null() -> dict[str, set[str]]:
    from workflow.storage import models

    return {
        name: {column.name for column in table.columns if not column.nullable}
        for name, table in models.TABLES.items()
    }


NOT_NULL = _not_null()


def test_as_it_is_nothing_is_found(furnished: Furnished) -> None:
    assert found(furnished, []) is None


def seen(kind: str, statement: str) -> bool:
    """Whether a change has to be found."""
    gone_or_come = "= NULL" in statement or "coalesce" not in statement
    return kind in (coverage.HASHED, coverage.COMPARED) or (kind == coverage.PRESENCE and gone_or_come)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_change_of_any_column_is_found(furnished: Furnished, name: str) -> None:
    told = coverage.table()[name]
    missed = sorted(
        {
            statement
            for column, statement, case_id in changes(furnished, TABLES[name])
            if seen(told[column], statement)
            and found(furnished, [statement], case_id, name != "ledger") is None
        }
    )
    assert missed == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_row_that_is_gone_is_found(furnished: Furnished, name: str) -> None:
    if coverage.rows_free(name):
        return
    kind = KINDS.get(name, "NULL")
    rows = (
        furnished.connection.exec_driver_sql(f"SELECT max(rowid) FROM {name} GROUP BY {kind}").scalars().all()
    )
    missed = [row for row in rows if found(furnished, [f"DELETE FROM {name} WHERE rowid = {row}"]) is None]
    assert missed == []
