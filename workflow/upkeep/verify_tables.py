"""What the check of the record compares besides the cases: the office, its officers, notices, letters, case
keys.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from letters.own_wording import wording
from workflow.base import tables
from workflow.base.errors import Damaged, DisclosureError, NotFound
from workflow.base.messages import N_
from workflow.calendar import notice_tables
from workflow.cases.case import CaseFile, Entry
from workflow.casework import letter_status
from workflow.office import founding
from workflow.storage import encryption
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, KEYS, LEDGER, LETTERS = TABLES["case_file"], TABLES["case_key"], TABLES["ledger"], TABLES["letter"]
WORDINGS, SIGNATURES = TABLES["override"], TABLES["signature"]
OFFICES, OFFICERS, NOTICES = TABLES["office"], TABLES["officer"], TABLES["notice"]
DEPUTIES, PROPOSED = TABLES["deputy"], TABLES["login_proposal"]
_DAYS = ("from_day", "until_day", "ended_on")
_OFFICER = ("key", "name", "roles", "unit", "login", "email", "active")


@dataclass
class Told:
    """The office as its entries tell it, taken in one after the other."""

    profile: dict[str, Any] = field(default_factory=dict)
    officers: dict[str, dict[str, Any]] = field(default_factory=dict)
    wordings: list[str] = field(default_factory=list)
    deputies: list[dict[str, Any]] = field(default_factory=list)
    # Logins that wait for a second person, by officer.
    proposed: dict[str, str] = field(default_factory=dict)

    def take(self, event: str, payload: dict[str, Any]) -> None:
        """Take in an entry of the office itself; one that changes neither profile nor officers is passed
        over.
        """
        match event:
            case "office_opened":
                self.profile = payload["profile"]
                self.officers = {one["key"]: one for one in payload["officers"]}
            case "wording_accepted":
                self.wordings.append(payload["digest"])
            case "office_set":
                self.profile = founding.changed(self.profile, payload["name"], payload["new"])
            case "officer_set":
                self.officers[payload["key"]] = payload
            case "login_proposed":
                self.proposed[payload["officer"]] = payload["login"]
            case "login_bound":
                self.proposed.pop(payload["officer"], None)
                one = self.officers.get(payload["officer"], {})
                self.officers[payload["officer"]] = {**one, "login": payload["login"]}
            case "deputy_appointed":
                self.deputies.append({**payload, "ended_on": None})
            case "deputy_ended":
                for made in self.deputies:
                    if made["officer"] == payload["officer"] and made["until_day"] >= payload["ended_on"]:
                        made["ended_on"] = made["ended_on"] or payload["ended_on"]
            case "officer_stopped":
                self.officers[payload["key"]] = {**self.officers.get(payload["key"], {}), "active": False}


def office(connection: Connection, office_id: int, told: Told) -> None:
    """Damaged unless profile and officers in their tables are what the entries give."""
    row = connection.execute(select(OFFICES).where(OFFICES.c.id == office_id)).one()
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
    rows = connection.execute(select(OFFICERS).where(OFFICERS.c.office_id == office_id))
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
    rows = connection.execute(
        select(DEPUTIES).where(DEPUTIES.c.office_id == office_id).order_by(DEPUTIES.c.id)
    )
    found = [
        {name: _plain(getattr(row, name)) for name in ("officer", "deputy", "reason", *_DAYS)} for row in rows
    ]
    waiting = connection.execute(select(PROPOSED).where(PROPOSED.c.office_id == office_id))
    if found != told.deputies or {row.officer: row.login for row in waiting} != told.proposed:
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
    rows = connection.execute(
        select(WORDINGS).where(WORDINGS.c.office_id == office_id).order_by(WORDINGS.c.id)
    ).all()
    found = [row.digest for row in rows]
    sound = all(wording.of_text(row.content).digest == row.digest for row in rows)
    if found != told.wordings or not sound:
        raise Damaged(
            N_("The office's own wording of letters is not what its entries say."),
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )


def notices(connection: Connection) -> None:
    """Damaged unless the imported notices are what the entries of all offices say: they share one
    calendar.
    """
    query = select(LEDGER.c.actor, LEDGER.c.payload).where(
        LEDGER.c.case_id.is_(None), LEDGER.c.event == "calendar_imported"
    )
    told = {}
    for actor, payload in connection.execute(query.order_by(LEDGER.c.id)):
        # Asked before the chain is walked, for the walk needs the calendar: what is no entry tells of no
        # notice.
        with suppress(ValueError, KeyError, TypeError):
            plain = json.loads(payload)
            told[plain["id"]] = (plain["content"], plain["number"], actor)
    rows = {row.id: row for row in connection.execute(select(NOTICES))}
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


def letters(
    connection: Connection, office_id: int, case_id: int, case: CaseFile, entries: list[Entry]
) -> None:
    """Damaged unless the letters of a case that bear a hash are those, and such, that its entries record."""
    number = case.number
    told = {
        entry.payload["letter"]: (entry.payload["sha256"], entry.payload["code"], entry.payload["number"])
        for entry in entries
        if entry.event == "letter_made"
    }
    rows = connection.execute(
        select(
            LETTERS.c.id,
            LETTERS.c.office_id,
            LETTERS.c.sha256,
            LETTERS.c.code,
            LETTERS.c.number,
            LETTERS.c.entry_n,
            LETTERS.c.sent_on,
            LETTERS.c.voided_on,
            LETTERS.c.stage,
        ).where(LETTERS.c.case_id == case_id)
    )
    kept = {row.id: row for row in rows}
    _went_out(kept, case)
    made = {key for key, row in kept.items() if row.sha256 is not None}
    for key in sorted(told.keys() | made):
        row = kept.get(key)
        values = (
            (row.sha256, row.code, row.number) if row is not None and row.office_id == office_id else None
        )
        if values != told.get(key):
            raise Damaged(
                N_("The letter no. {id} of {number} is not as the entries say."),
                id=key,
                number=number,
                way_on=N_("The ledger is the record. Compare the database with a backup."),
            )
    signed = sorted(
        (entry.payload["letter"], entry.payload["sha256"])
        for entry in entries
        if entry.event == "letter_signed"
    )
    copies = connection.execute(
        select(SIGNATURES.c.letter_id, SIGNATURES.c.sha256).where(SIGNATURES.c.case_id == case_id)
    )
    if sorted((row.letter_id, row.sha256) for row in copies) != signed:
        raise Damaged(
            N_("The signed letters of {number} are not as the entries say."),
            number=number,
            way_on=N_("The ledger is the record. Compare the database with a backup."),
        )


def _went_out(kept: dict[int, Any], case: CaseFile) -> None:
    """Damaged unless the letters were sent and made void on the days that the entries say, and are where they
    say. Of one that was last written before it was kept where it is, the days alone are compared."""
    for key, row in kept.items():
        life = letter_status.of_row(case, row)
        told = (
            letter_status.columns(life) if life else {"sent_on": None, "voided_on": None, "stage": row.stage}
        )
        found = {name: getattr(row, name) for name in told}
        if row.stage is None:
            told["stage"] = None
        if found != told:
            raise Damaged(
                N_("The letter no. {id} of {number} is not as the entries say."),
                id=key,
                number=case.number,
                way_on=N_("The ledger is the record. Compare the database with a backup."),
            )


def keys(store: Store, office_id: int) -> int:
    """Unwrap the key of every case, where the key file is there; how many. Damaged at the first that does not
    open.

    A master key that the key file lacks is an Environment error: the data may be whole.
    """
    path = encryption.key_file(store.folder)
    if not path.exists():
        return 0
    ring = encryption.load(path)
    query = select(CASES.c.id, CASES.c.number, KEYS.c.wrapped).select_from(
        CASES.outerjoin(KEYS, KEYS.c.case_id == CASES.c.id)
    )
    count = 0
    with store.reading() as connection:
        rows = connection.execute(
            query.where(CASES.c.office_id == office_id, CASES.c.destroyed_on.is_(None)).order_by(CASES.c.id),
            execution_options={"yield_per": 1000},
        )
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
