"""A new case: its number, its row, its key, and its first entry."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert

from workflow.cases.case import CaseFile
from workflow.cases.context import Act
from workflow.cases.states import State
from workflow.casework import application as applications
from workflow.casework import day_of_receipt, duplicates, month_count
from workflow.casework.application import Application
from workflow.casework.opened import Done, Opened
from workflow.casework.unit import Unit
from workflow.office.seat import Seat
from workflow.storage import encryption, ledger, number_series
from workflow.storage.database import insert_one
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

CASES, KEYS = TABLES["case_file"], TABLES["case_key"]
EVENT, SERIES = "receive", "case"
_NEW, _KEY = insert(CASES), insert(KEYS)


def enter(
    seat: Seat,
    connection: Connection,
    application: Application,
    arrival: day_of_receipt.Arrival,
    files: list[dict[str, Any]],
) -> Done:
    """Enter an application received on a day by a rule (article and status), or that waits for confirmation,
    with the files that were taken in.
    """
    notes = duplicates.likely_duplicates(connection, seat.office.id, application, seat.ring(connection))
    unit, done = begin(seat, connection, application, arrival, files)
    done.notes += notes
    if not arrival.unconfirmed:
        opened = unit.opened
        count = month_count.of_case(connection, seat.office.id, opened.id, opened.case, by_name=False)
        done.notes += month_count.remarks(count, seat)
    return done


def begin(
    seat: Seat,
    connection: Connection,
    application: Application,
    arrival: day_of_receipt.Arrival,
    files: list[dict[str, Any]],
) -> tuple[Unit, Done]:
    """The new case with its first entry, open for more in the same commit; nothing is looked for that an
    officer should know of it."""
    on = arrival.day
    head = ledger.head(connection, seat.office.id, lock=True)
    number = f"{on.year}-{number_series.take(connection, seat.office.id, SERIES, on.year):04d}"
    mark = applications.marks(application, seat.ring(connection))[0].mark
    payload = applications.payload(application, seat.context.regulations(on), files, arrival.rule)
    unit = Unit(
        seat, connection, head, Opened(0, 0, [], CaseFile(number=number, unconfirmed=arrival.unconfirmed), [])
    )
    act = Act(EVENT, on, payload, seat.officer.actor)
    row = unit.step(act)
    unit.opened.id = _row(seat, connection, number, mark, on)
    unit.opened.key, wrapped = encryption.new_case_key(seat.ring(connection), unit.opened.id)
    connection.execute(_KEY, {"case_id": unit.opened.id, "wrapped": wrapped})
    payload = applications.sealed(payload, unit.opened.key)
    done = unit.record(act, row, payload)
    unit.opened = unit.opened.after(done)
    return unit, done


def _row(seat: Seat, connection: Connection, number: str, mark: str, on: date) -> int:
    """The row is inserted first, as its id is bound into the sealed values; the projections complete it in
    the same commit.
    """
    values = {
        "office_id": seat.office.id,
        "number": number,
        "version": 1,
        "state": State.NEW,
        "regulations": "",
        "received_on": on,
        "channel": "",
        "applicant_name": "",
        "applicant_kind": "",
        "applicant_mark": mark,
        "request": "",
        "last_on": on,
        "entries": 0,
        "recorded_at": seat.moment(),
    }
    return insert_one(connection, _NEW, values)
