"""One line of an officer: an act, or several that follow one another, in one transaction on one case.

Each act is an entry of its own, allowed or refused for itself by the state machine, with the role that it
needs. If one of them is refused nothing of the line is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from workflow.base.errors import DisclosureError
from workflow.cases.context import Act
from workflow.casework import (
    additions,
    after,
    handing_in_anew,
    letter_notes,
    letters_of_act,
    letters_untrue,
    no_longer_approved,
    step_check,
)
from workflow.casework.additions import Addition
from workflow.casework.opened import Done
from workflow.casework.unit import Unit
from workflow.office import people
from workflow.office.seat import Seat
from workflow.procedure import act_facts, acts, days

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# The guard of acts that need the letter of the act before them.
LETTER_MADE = "letter_made"
# Makes the letters of an act inside the transaction, so that the next act of the line can send them.
Press = Callable[["Connection", Done], None]


class Step(NamedTuple):
    """An act of a line with what was typed for it."""

    event: str
    facts: dict[str, Any]


class Ready(NamedTuple):
    """A step whose facts were checked, with what was looked up for it before the lock."""

    event: str
    payload: dict[str, Any]
    addition: Addition
    follows: after.Hook | None
    found: Any


def ready(seat: Seat, ref: str, step: Step) -> Ready:
    """What can be done before the lock: the facts checked, slow things looked up."""
    payload = act_facts.facts(step.event, step.facts)
    addition, follows = additions.of(step.event), after.require(step.event)
    return Ready(step.event, payload, addition, follows, addition.outside(seat, ref, payload))


def all_ready(seat: Seat, ref: str, steps: list[Step], *, several: bool = False) -> list[Ready]:
    """The steps of a line, each ready; `several` where others stand before them on the line."""
    made = []
    for step in steps:
        with named(step.event, several or len(steps) > 1):
            made.append(ready(seat, ref, step))
    return made


def touches_no_other(step: Ready) -> bool:
    """Whether a step that issues no reply touches nothing but its own case."""
    return step.addition.own and step.follows is None


def will_be_together(seat: Seat, steps: list[Ready]) -> bool:
    """Whether all that these steps may come to touches nothing but their case, whatever stands in it. Not
    where passes may have to lapse first."""
    return (
        len(steps) == 1
        and touches_no_other(steps[0])
        and steps[0].event != handing_in_anew.SUBMIT
        and not any(map(letters_of_act.decides, seat.context.process.rows_of(steps[0].event)))
    )


def take(work: Unit, step: Ready, day: date, *, alone: bool = False) -> Done:
    """One act on the case as it stands in this transaction; `alone` where nothing else is done in it."""
    work = no_longer_approved.before_handed_in(work, step.event, day)
    seat, opened, event, addition = work.seat, work.opened, step.event, step.addition
    case, context = opened.case, seat.context
    payload = addition.chosen(work, step.payload)
    payload = people.require_named(work.connection, seat.office, payload)
    payload = addition.first(payload, step.found)
    track = context.process.track_of(event)
    no = int(payload.get("no", 0)) if track != "case" else 0
    payload = acts.prepare(event, payload, case, day, context)
    act = Act(event, day, payload, seat.officer.actor)
    row = work.step(act)
    days.check(case, day, seat.today(), event, row.moves, no, track)
    (told, bound), said = step_check.before(seat, work.connection, opened, act), None
    payload = {**payload, **bound}
    if alone and touches_no_other(step) and not letters_of_act.decides(row):
        work.together()
    else:
        work.lock()
    if letters_of_act.decides(row):
        decided, said, told = letters_of_act.decide(seat, work.connection, opened, act)
        payload = {**decided}
    done = work.record(act, row, addition.last(work, payload, step.found), said)
    done.notes += told + step_check.late_after(done)
    done.to_check = opened.after(done) if step_check.checks_afterwards(event) else None
    addition.after(work, done)
    letters_untrue.settle(work, done)
    no_longer_approved.settle(work, done)
    done.notes += letter_notes.of(done, context)
    if step.follows is not None:
        step.follows(seat, work.connection, done)
    return done


def take_all(
    work: Unit, steps: list[Ready], day: date, press: Press | None = None, *, several: bool = False
) -> list[Done]:
    """The acts of a line one after the other; between two the case is folded anew from its entries."""
    made: list[Done] = []
    for step in steps:
        with named(step.event, several or len(steps) > 1):
            if made:
                work = _after(work, made[-1], step, press)
            made.append(take(work, step, day, alone=len(steps) == 1))
    return made


def _after(work: Unit, done: Done, step: Ready, press: Press | None) -> Unit:
    if press is not None and needs_letter(work.seat, step.event):
        press(work.connection, done)
    return Unit.of_case(work.seat, work.connection, done.case_id)


def needs_letter(seat: Seat, event: str) -> bool:
    """Whether an act asks that the letter of the case is made."""
    return any(LETTER_MADE in row.guard for row in seat.context.process.rows_of(event))


@contextmanager
def named(event: str, several: bool) -> Iterator[None]:
    """A refusal inside names the act, where there are several on the line."""
    try:
        yield
    except DisclosureError as fault:
        if several and fault.of_line is None:
            fault.of_line = event
        raise
