"""Urging: the office above asks an organ of the same database how an application stands; the organ answers.

What is asked and answered stands in the chain of both: with the organ in the case, with the office above as
entries of the office itself, from which its list is read. Of the two chains the superior's is locked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.base import typed_text
from workflow.base.errors import Malformed, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases.case import CaseFile
from workflow.casework import lookup, routing
from workflow.casework.opened import Done
from workflow.casework.unit import Unit
from workflow.law.setting_keys import SettingKey
from workflow.office import founding, own_entries
from workflow.office.seat import SYSTEM, Seat
from workflow.storage import ledger

# The act on the organ's case; the entries of the office that asks.
URGED = "urged"
ASKED, ANSWERED = "urging_asked", "urging_answered"
ROLES = ("registrar", "approver")
RULE = "house:urging"


@dataclass
class Asked:
    """One asking as the office above sees it."""

    organ: str
    case: str
    no: int
    on: str
    question: str
    answer_by: str
    answered: str | None = None
    answer: str | None = None

    def overdue(self, today: date) -> bool:
        """Whether the answer is late."""
        return self.answered is None and self.answer_by < today.isoformat()


def ask(
    seat: Seat, organ: str, number: str, question: str, on: date | None = None, answer_by: date | None = None
) -> tuple[Done, Asked]:
    """Ask an organ below about its application; one commit in both records."""
    if not seat.officer.actor.roles & set(ROLES):
        raise Refused(
            N_("{officer} may not urge; it is for: {roles}."),
            rule=RULE,
            officer=seat.officer.name,
            roles=Named("role", *ROLES),
            way_on=N_("Let an officer with that role do it."),
        )
    day = on or seat.today()
    text = typed_text.required_text(question, "question")
    until = answer_by or seat.context.calendar.add(day, int(seat.office.settings[SettingKey.URGING_DAYS]))
    if until < day or day > seat.today():
        raise Malformed(
            N_("The answer is asked for by {until}, which is before {day}, or {day} is still to come."),
            field="answer_by",
            until=until,
            day=day,
            way_on=N_("Leave --answer-by out for the office's usual days."),
        )
    theirs = routing.organ(seat, number, {"organ": organ})
    with seat.store.writing() as connection:
        ledger.head(connection, seat.office.id, lock=True)
        row = lookup.one(connection, theirs, number)
        work = Unit.of_case(theirs, connection, row.id)
        _still_theirs(work.opened.case, theirs)
        no = len(work.opened.case.urgings) + 1
        told = {"no": no, "question": text, "answer_by": until.isoformat()}
        done = work.act(URGED, {**told, "office": seat.office.key, "by": seat.officer.name}, on=day)
        said = {**told, "organ": theirs.office.key, "case": row.number, "on": day.isoformat()}
        founding.entry(connection, seat.office.id, ASKED, seat.officer.actor, said, now=seat.now)
    return done, Asked(**said)


def _still_theirs(case: CaseFile, theirs: Seat) -> None:
    """Only who has an application can say how it stands."""
    now = case.passed_to
    if now is not None:
        raise Refused(
            N_("{office} no longer has {number}: since {day} it is with {organ} as {theirs}."),
            rule=RULE,
            office=theirs.office.name,
            number=case.number,
            day=now.on,
            organ=now.organ,
            theirs=now.number,
            way_on=N_(
                "Ask who has it now: disclosure urge {organ} {theirs}; what came back to this office is its own to pass on or answer."
            ),
        )


def superior_first(unit: Unit, payload: dict[str, Any]) -> dict[str, Any]:
    """Lock the chain of the office that asked before one's own."""
    if unit.head is None and unit.opened.case.urgings:
        for office in {one.office for one in unit.opened.case.urgings}:
            ledger.head(unit.connection, routing.office_id(unit.connection, office), lock=True)
    return payload


def answered(unit: Unit, done: Done) -> None:
    """The answer reaches the office that asked."""
    p = done.entry.payload
    one = next(one for one in done.case.urgings if one.no == p["which"])
    said = {
        "organ": unit.seat.office.key,
        "case": done.case.number,
        "no": one.no,
        "on": done.entry.on.isoformat(),
        "answer": p["answer"],
    }
    office = routing.office_id(unit.connection, one.office)
    founding.entry(unit.connection, office, ANSWERED, SYSTEM, said, now=unit.seat.now)


def asked(seat: Seat) -> list[Asked]:
    """What this office asked, oldest first, with the answers."""
    found: dict[tuple[str, str, int], Asked] = {}
    with seat.store.reading() as connection:
        for told in own_entries.told(connection, seat.office.id, (ASKED, ANSWERED)):
            p = told.payload
            key = (p["organ"], p["case"], p["no"])
            if told.event == ASKED:
                found[key] = Asked(**p)
            elif key in found:
                found[key].answered, found[key].answer = p["on"], p["answer"]
    return list(found.values())
