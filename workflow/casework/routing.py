"""An application that is passed on between organs of one database, in one commit: the organ's entry is made
as the program's own, the other office's is closed, and the applicant's code follows.

Who passes on and who may get it is the superior's relation in the office files. Of two offices the superior's
chain is locked first, so that passing on and handing back never wait for each other.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import select, update

from workflow.base.errors import NotFound
from workflow.base.messages import N_, listed
from workflow.cases.case import CaseFile
from workflow.casework import case_codes, day_of_receipt, given_persons, new_case
from workflow.casework.application import ARRIVED, Application
from workflow.casework.day_of_receipt import Arrival
from workflow.casework.opened import Done
from workflow.casework.unit import Payload, Unit
from workflow.law.setting_keys import SettingKey
from workflow.office import offices
from workflow.office.profile import Office
from workflow.office.seat import Seat
from workflow.procedure.fold import effective
from workflow.storage import encryption, ledger
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

AnySeat = TypeVar("AnySeat", bound=Seat)
CASES, CODES, ITEMS = TABLES["case_file"], TABLES["web_code"], TABLES["web_item"]
SETTING, OF_PLATFORM = SettingKey.ROUTED_RECEIPT, "platform"


def organs_below(seat: Seat) -> list[Office]:
    """The organs to which this office may pass something on."""
    with seat.store.reading() as connection:
        return offices.below(offices.listed(connection), seat.office.key)


def seat_of(seat: AnySeat, office_id: int) -> AnySeat:
    """The seat itself for a case of its own office; for another one's that of the program there."""
    if office_id == seat.office.id:
        return seat
    return type(seat)(seat.store, now=seat.now, today=seat.today, system_of=office_id, for_another=True)


# --- passing on


def organ(seat: Seat, ref: str, payload: Payload) -> Seat:
    """The organ that is meant, by its key or name; before the lock."""
    known = organs_below(seat)
    typed = str(payload["organ"]).strip()
    found = [one for one in known if typed in (one.key, one.name, one.entry("short"))]
    if len(found) != 1:
        raise NotFound(
            N_("'{organ}' is no organ below {office}."),
            field="organ",
            rule="house:routing",
            organ=typed[:40],
            office=seat.office.name,
            way_on=N_("Organs are: {organs}. An office file names its superior: superior = {key}")
            if known
            else N_("None is: the office file of an organ names its superior: superior = {key}"),
            organs=listed(f"{one.key} {one.name}" for one in known),
            key=seat.office.key,
        )
    return seat_of(seat, found[0].id)


def by_key(payload: Payload, theirs: Seat) -> Payload:
    """The organ by its key, whatever was typed."""
    return {**payload, "organ": theirs.office.key}


def passed_on(unit: Unit, payload: Payload, theirs: Seat) -> Payload:
    """Enter it with the organ; the facts with its number there."""
    seat, case, connection = unit.seat, unit.opened.case, unit.connection
    key = unit.opened.key or seat.case_key(connection, unit.opened.id)
    day = date.fromisoformat(payload["passed_on"])
    application = _application(seat, case, key, day, str(payload["reasons"]))
    arrival = _arrival(unit, application, theirs, day)
    files = [dict(one) for one in case.attachments]
    done = new_case.enter(theirs, connection, application, arrival, files)
    _code_follows(seat, connection, unit.opened.id, key, done.case_id)
    return {**payload, "number": done.case.number}


def told(unit: Unit, done: Done) -> None:
    """What the officer should know of it."""
    p = done.entry.payload
    called = next(one.name for one in offices.listed(unit.connection) if one.key == p["organ"])
    done.notes.append((N_("{office} has it as {theirs}."), {"office": called, "theirs": p["number"]}))


def _application(seat: Seat, case: CaseFile, key: bytes, day: date, reasons: str) -> Application:
    plain = given_persons.revealed(case, key)
    others, agent = plain.pop("applicants", []), plain.pop("agent", None)
    assert case.received_on is not None
    return Application(
        channel=case.channel,
        name=plain.pop("name"),
        kind=plain.pop("kind"),
        request=case.request,
        items=list(case.items),
        personal=plain,
        form=case.form,
        others=others,
        agent=agent,
        contact=case.contact,
        origin={
            "routed_from": seat.office.key,
            "routed_number": case.number,
            "routed_on": day.isoformat(),
            "routed_office": seat.office.name,
            "routed_reasons": reasons,
            "first_received_on": case.received_on.isoformat(),
        },
    )


def _arrival(unit: Unit, application: Application, theirs: Seat, day: date) -> Arrival:
    """The day of receipt by the organ's choice: the platform's, or that on which the organ got it. Neither is
    settled, and so it says."""
    case, first = unit.opened.case, effective(unit.opened.entries)[0].payload
    given = {name: date.fromisoformat(text) for name, text in first.get("days", {}).items()}
    assert case.received_on is not None
    if theirs.office.settings[SETTING] == OF_PLATFORM:
        application.days = given
        row = theirs.context.law.channel(case.channel, case.received_on)
        return Arrival(case.received_on, {"article": row.article, "status": "U"}, [], case.unconfirmed)
    application.days = {name: day for name in given if name in ARRIVED} or {"on": day}
    made = day_of_receipt.receipt_day(application, theirs.office, theirs.context, theirs.today())
    return made._replace(rule={**made.rule, "status": "U"}, notes=[])


# --- handing back


def superior_first(unit: Unit, payload: Payload) -> Payload:
    """Lock the chain of the office that had passed it on before one's own."""
    case = unit.opened.case
    if unit.head is None and case.came_from is not None:
        ledger.head(unit.connection, office_id(unit.connection, case.came_from.organ), lock=True)
    return payload


def handed_back(unit: Unit, done: Done) -> None:
    """Open it again where it came from."""
    connection, seat, came_from = unit.connection, unit.seat, unit.opened.case.came_from
    assert came_from is not None
    theirs = seat_of(seat, office_id(connection, came_from.organ))
    query = select(CASES.c.id).where(
        CASES.c.office_id == theirs.office.id, CASES.c.number == came_from.number
    )
    case_id = connection.execute(query).scalar_one()
    facts = {"organ": seat.office.key, "reasons": done.entry.payload["reasons"]}
    Unit.of_case(theirs, connection, case_id).act("handed_back", facts, on=done.entry.on)
    key = unit.opened.key or seat.case_key(connection, unit.opened.id)
    _code_follows(theirs, connection, unit.opened.id, key, case_id)
    done.notes.append(
        (N_("{office} has it again as {theirs}."), {"office": theirs.office.name, "theirs": came_from.number})
    )


def office_id(connection: Connection, key: str) -> int:
    """The office of this key."""
    return next(one.id for one in offices.listed(connection) if one.key == key)


def _code_follows(seat: Seat, connection: Connection, of: int, key: bytes, to: int) -> None:
    """What the applicant holds leads to the organ that has it now; what waits for an officer waits there."""
    row = connection.execute(select(CODES).where(CODES.c.case_id == of, CODES.c.no == 0)).first()
    if row is not None:
        secret = encryption.open_(key, case_codes.FIELD, row.secret)
        sealed = encryption.seal(seat.case_key(connection, to), case_codes.FIELD, secret)
        connection.execute(update(CODES).where(CODES.c.id == row.id).values(case_id=to, secret=sealed))
    office = connection.execute(select(CASES.c.office_id).where(CASES.c.id == to)).scalar_one()
    connection.execute(update(ITEMS).where(ITEMS.c.case_id == of).values(case_id=to, office_id=office))
