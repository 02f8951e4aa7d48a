"""A case of a former year, taken over from an old register: its receipt, what the register says of it, and
what was brought against the organ, in one commit and with the days of then.

No letter is made, no number of a reply is taken, and no step is recorded that the register does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

from workflow.base.errors import DisclosureError
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Transition
from workflow.cases.entry import Entry
from workflow.cases.relations import TakenOver
from workflow.casework import application as applications
from workflow.casework import day_of_receipt, new_case
from workflow.casework.application import Application
from workflow.casework.opened import Done
from workflow.law.counting import counts_as
from workflow.office.seat import Seat
from workflow.procedure import acts, days, machine
from workflow.procedure.fold import apply

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

EVENT = "take_over"


@dataclass
class Past:
    """What an old register says of an application besides its receipt: the facts of the entry, the day on
    which it stood so, in which state, and the remedies as acts on their days."""

    facts: dict[str, Any]
    on: date
    stood_at: str
    remedies: list[tuple[str, date, dict[str, Any]]] = field(default_factory=list)


def received(application: Application) -> date:
    """The day of receipt as the old register has it: it is not computed again."""
    return next(application.days[name] for name in applications.ARRIVED if name in application.days)


def decided(items: list[dict[str, Any]], on: date, ended: date, seat: Seat) -> dict[str, str]:
    """Outcome and code of the letter of a reply with these answers; OutOfLaw where neither the law of the day
    of receipt nor that of the reply knew one of them."""
    law = seat.context.law
    for item in items:
        try:
            law.outcome(item["outcome"], on)
        except DisclosureError:
            law.outcome(item["outcome"], ended)
        if item.get("ground"):
            law.ground(item["ground"], on)
    outcome, ground = counts_as([(item["outcome"], item.get("ground")) for item in items], law)
    code = law.ground(ground).letter if ground else law.outcome(outcome).letter
    return {"outcome": outcome, "code": code}


def arrival(application: Application, seat: Seat) -> day_of_receipt.Arrival:
    """The receipt on the day that the register names, with the rule of the channel; OutOfLaw before there
    was any."""
    on = received(application)
    rule = seat.context.law.channel(application.channel, on)
    return day_of_receipt.Arrival(on, {"article": rule.article, "status": rule.status}, [])


def rehearse(application: Application, past: Past, seat: Seat) -> None:
    """Ask all that the entries would be refused for, without a database."""
    found, case = arrival(application, seat), CaseFile()
    payload = applications.payload(application, seat.context.regulations(found.day), [], found.rule)
    first = Act(new_case.EVENT, found.day, payload, seat.officer.actor)
    n = 0
    for act in chain([first], _acts(past, case, seat)):
        row, n = machine.take(case, act, seat.context), n + 1
        _in_order(case, act, row, seat)
        apply(
            case,
            Entry(n, act.event, row.track, act.on, "", act.actor.key, row.source, row.dest, "", act.payload),
        )


def enter(
    seat: Seat,
    connection: Connection,
    application: Application,
    found: day_of_receipt.Arrival,
    past: Past,
    files: list[dict[str, Any]],
) -> Done:
    """Enter the case, received as the register has it, with all that is known of it."""
    unit, done = new_case.begin(seat, connection, application, found, files)
    for act in _acts(past, unit.opened.case, seat):
        row = unit.step(act)
        _in_order(unit.opened.case, act, row, seat)
        done = unit.record(act, row, act.payload)
        unit.opened = unit.opened.after(done)
    return done


def _in_order(case: CaseFile, act: Act, row: Transition, seat: Seat) -> None:
    no = int(act.payload.get("no", 0)) if row.track != "case" else 0
    days.check(case, act.on, seat.today(), act.event, row.moves, no, row.track)


def told(facts: dict[str, Any], stood_at: str) -> TakenOver:
    """Where the case comes from, of the facts of its entry."""
    return TakenOver(facts["list"], facts["row"], facts.get("reference"), stood_at)


def _acts(past: Past, case: CaseFile, seat: Seat) -> Iterator[Act]:
    """The acts one after the other, each made of the case as the one before has left it."""
    facts = past.facts
    # By this the machine chooses where the case stands from now on; the entry says the same.
    case.taken_over = told(facts, past.stood_at)
    for event, on, given in [(EVENT, past.on, facts), *past.remedies]:
        payload = acts.prepare(event, given, case, on, seat.context)
        yield Act(event, on, payload, seat.officer.actor)
