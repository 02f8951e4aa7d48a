"""What the check of the record compares besides the cases: the office, its officers, notices, wording,
keys."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from letters.own_wording import wording
from workflow.base import tables
from workflow.base.errors import Damaged, DisclosureError, NotFound
from workflow.base.messages import N_
from workflow.calendar import notice_tables
from workflow.storage import encryption
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep.verify_told import Told

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, KEYS, LEDGER = TABLES["case_file"], TABLES["case_key"], TABLES["ledger"]
WORDINGS = TABLES["override"]
OFFICES, OFFICERS, NOTICES = TABLES["office"], TABLES["officer"], TABLES["notice"]
DEPUTIES, PROPOSED = TABLES["deputy"], TABLES["login_proposal"]
_DAYS = ("from_day", "until_day", "ended_on")
_OFFICER = ("key", "name", "roles", "unit", "login", "email", "active")
# Statements that every check asks are made once.
_OFFICE = select(OFFICES).where(OFFICES.c.id == bindparam("office"))
_OFFICERS = select(OFFICERS).where(OFFICERS.c.office_id == bindparam("office"))
_DEPUTIES = select(DEPUTIES).where(DEPUTIES.c.office_id == bindparam("office")).order_by(DEPUTIES.c.id)
_PROPOSED = select(PROPOSED).where(PROPOSED.c.office_id == bindparam("office"))
_WORDINGS = select(WORDINGS).where(WORDINGS.c.office_id == bindparam("office")).order_by(WORDINGS.c.id)
_NOTICES = select(NOTICES)
_IMPORTED = (
    select(LEDGER.c.actor, LEDGER.c.payload)
    .where(LEDGER.c.case_id.is_(None), LEDGER.c.event == "calendar_imported")
    .order_by(LEDGER.c.id)
)
_WRAPPED = (
    select(CASES.c.id, CASES.c.number, KEYS.c.wrapped)
    .select_from(CASES.outerjoin(KEYS, KEYS.c.case_id == CASES.c.id))
    .where(CASES.c.office_id == bindparam("office"), CASES.c.destroyed_on.is_(None))
    .order_by(CASES.c.id)
)


def office(connection: Connection, office_id: int, told: Told) -> None:
    """Damaged unless profile and officers in their tables are what the entries give."""
    row = connection.execute(_OFFICE, {"office": office_id}).one()
    kept = json.loads(row.profile)
    names = sorted(
        name for name in kept.keys() | told.profile.keys() if kept.get(name) != told.profile.get(name)
    )
    if not names and row.key != told.profile.get("key"):
        names = ["key"]
    if not names and row.name != told.profile.get("name"):
        names = ["name"]
    if names:
        raise Damaged(
            N_("The profile of the office '{office}' is not what its entries give: {name}."),
            office=row.key,
            name=names[0],
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )
    rows = connection.execute(_OFFICERS, {"office": office_id})
    found = {one.key: {name: getattr(one, name) for name in _OFFICER} for one in rows}
    for key in sorted(found.keys() | told.officers.keys()):
        if found.get(key) != told.officers.get(key):
            raise Damaged(
                N_("The officer '{officer}' of '{office}' is not as the entries say."),
                officer=key,
                office=row.key,
                way_on=N_("The ledger is the record. Compare the database with a backup."),
            )


def appointments(connection: Connection, office_id: int, told: Told) -> None:
    """Damaged unless deputies and logins that wait are what the entries give."""
    rows = connection.execute(_DEPUTIES, {"office": office_id})
    found = [
        {name: _plain(getattr(row, name)) for name in ("officer", "deputy", "reason", "appointed_by", *_DAYS)}
        for row in rows
    ]
    waiting = connection.execute(_PROPOSED, {"office": office_id})
    proposed = {row.officer: (row.login, row.proposed_by) for row in waiting}
    if found != told.deputies or proposed != told.proposed:
        raise Damaged(
            N_("Deputies and logins are not as the entries say."),
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def wordings(connection: Connection, office_id: int, told: Told) -> None:
    """Damaged unless the wordings kept are those, in that order, that the entries name, each what its digest
    says.
    """
    rows = connection.execute(_WORDINGS, {"office": office_id}).all()
    found = [(row.digest, row.accepted_by) for row in rows]
    try:
        sound = all(wording.of_text(row.content).digest == row.digest for row in rows)
    except (ValueError, KeyError, TypeError):
        sound = False
    if found != told.wordings or not sound:
        raise Damaged(
            N_("The office's own wording of letters is not what its entries say."),
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )


def notices(connection: Connection) -> None:
    """Damaged unless the imported notices are what the entries of all offices say: they share one
    calendar.
    """
    told = {}
    for actor, payload in connection.execute(_IMPORTED):
        # Asked before the chain is walked, for the walk needs the calendar: what is no entry tells of no
        # notice.
        with suppress(ValueError, KeyError, TypeError):
            plain = json.loads(payload)
            told[plain["id"]] = (plain["content"], plain["number"], actor)
    rows = {row.id: row for row in connection.execute(_NOTICES)}
    for name in sorted(rows.keys() | told.keys()):
        row = rows.get(name)
        kept = (row.content, row.number, row.imported_by) if row is not None else None
        if row is None or kept != told.get(name) or not _dated(row):
            raise Damaged(
                N_("The imported notice {id} is not what the entries say."),
                id=name,
                way_on=N_("The ledger is the record. Compare the database with a backup."),
            )


def _dated(row: Any) -> bool:
    """Whether the row bears the year and the day of the notice that it holds."""
    try:
        held = list(notice_tables.of_table(tables.parse(row.content, "notice")))
    except DisclosureError:
        return False
    return any((one.year, one.promulgated) == (row.year, row.promulgated) for one in held)


def keys(store: Store, office_id: int) -> int:
    """Unwrap the key of every case, where the key file is there; how many. Damaged at the first that does not
    open.

    A master key that the key file lacks is an Environment error: the data may be whole.
    """
    path = encryption.key_file(store.folder)
    if not path.exists():
        return 0
    ring = encryption.load(path)
    count = 0
    with store.reading() as connection:
        rows = connection.execute(_WRAPPED, {"office": office_id}, execution_options={"yield_per": 1000})
        for row in rows:
            try:
                encryption.unwrap(ring, row.id, row.wrapped)
            except (NotFound, Damaged) as fault:
                raise Damaged(
                    N_("The key of {number} does not open: its personal data cannot be read."),
                    number=row.number,
                    way_on=N_("Keep the database as it is and compare it with a backup."),
                ) from fault
            count += 1
    return count
