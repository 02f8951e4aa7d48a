"""The entries of a case gone through once more, as its officers did: which of them no guard would let
through.

A history that somebody rewrote and chained again is whole by its hashes. What the acts may follow on one
another, who may do them, and what the guards want of the facts, it has to hold all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from workflow.base import dates
from workflow.base.errors import DisclosureError
from workflow.base.messages import N_, translate
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Transition
from workflow.cases.entry import Entry
from workflow.cases.states import State
from workflow.casework import letter_data, letters_of_act, taking_over
from workflow.office import identity, mail_message, smtp
from workflow.procedure import days, machine
from workflow.procedure.fold import apply, corrects, fold
from workflow.upkeep.verify_told import Then

NOT_THERE = {
    "unknown": N_("there was no officer '{officer}' then"),
    "stopped": N_("'{officer}', or for whom he acted, had been stopped"),
    "no_deputy": N_("'{officer}' had not been appointed for whom he acted"),
}
# What the program records of itself, in any order of days.
_ANY_DAY = ("amend", "letter_made", "reveal", "mailed", "undo", "recompute")


@dataclass(frozen=True)
class Refusal:
    """An entry that would not be let through: its case and number, its event, and why."""

    case: str
    n: int
    event: str
    why: str
    # The entry says how its officer was known, as those of this version all do.
    said: bool


@dataclass
class Replayed:
    """A case after all of its entries, and what was seen on the way."""

    case: CaseFile
    refused: list[Refusal] = field(default_factory=list)
    # Of each entry the round after it.
    rounds: dict[int, int] = field(default_factory=dict)
    # Letters that each entry called for: its number and the code.
    called: list[tuple[int, str]] = field(default_factory=list)
    # For each dispatch by the office's own mail the letter that it sent, and the name of the message.
    mailed: list[tuple[int | None, str]] = field(default_factory=list)


def replay(number: str, entries: list[Entry], thens: list[Then], *, readable: bool) -> Replayed:
    """Go through a case. Without its texts (`readable`) only what needs none is asked. Damaged where the
    entries do not follow on one another."""
    found = Replayed(CaseFile(number=number))
    for place, (entry, then) in enumerate(zip(entries, thens, strict=True)):
        case = found.case
        asked = case if place else CaseFile(number=number, unconfirmed=entry.dest == State.UNCONFIRMED)
        if entry.event == taking_over.EVENT:
            # Where it stood is what its officer read in the old register.
            asked.taken_over = taking_over.told(entry.payload, entry.dest)
        why, row = _refused(asked, entry, then, readable)
        if why:
            found.refused.append(Refusal(number, entry.n, entry.event, why, entry.known is not None))
        if corrects(entry):
            found.case = case = fold(entries[: place + 1], number=number)
        else:
            apply(case, entry)
        found.rounds[entry.n] = case.round
        for code in row.letters if row is not None else ():
            if code == letters_of_act.DECISION and case.reply is not None:
                found.called.append((entry.n, case.reply.code))
            elif letter_data.wanted(code, case, entry, then.context):
                found.called.append((entry.n, code))
        if entry.event == "dispatch" and entry.payload.get("mail") and case.reply is not None:
            found.mailed.append((case.letter_of(case.reply.number), _message(then, case, entry)))
    return found


def _refused(case: CaseFile, entry: Entry, then: Then, readable: bool) -> tuple[str, Transition | None]:
    """Why an entry would not be let through ('' where it would), and the row of the process that it takes."""
    process = then.context.process
    rows = [
        row
        for row in process.of(entry.track, entry.event, entry.source)
        if row.dest == entry.dest and machine.chosen(row, case, then.context)
    ]
    if not rows:
        return translate(N_("the case was not in a state for it")), None
    row = rows[0]
    if case.destroyed is not None:
        return translate(N_("the case had been destroyed")), row
    if then.actor is None:
        return translate(NOT_THERE[then.why], officer=entry.actor), row
    act = Act(entry.event, entry.on, entry.payload, then.actor)
    if not then.actor.roles & set(row.roles):
        return translate(N_("'{officer}' did not have the role for it"), officer=entry.actor), row
    try:
        identity.require_known(then.office.settings, entry.known)
        if entry.event not in _ANY_DAY:
            no = int(entry.payload.get("no", 0)) if entry.track != "case" else 0
            recorded = _day(entry.recorded_at)
            days.check(case, entry.on, recorded, entry.event, row.moves, no, entry.track)
        fault: DisclosureError | None = machine.refusal(row, case, act, then.context) if readable else None
    except DisclosureError as caught:
        fault = caught
    return (fault.text if fault is not None else ""), row


def _message(then: Then, case: CaseFile, entry: Entry) -> str:
    """The name of the message of a dispatch, as it was made then."""
    settings = smtp.settings(then.office)
    assert case.reply is not None
    parts = then.office.key, case.number, case.reply.number, entry.n
    return mail_message.message_id(settings.sender, *parts) if settings is not None else ""


def _day(recorded_at: str) -> date:
    """The day in China on which an entry was recorded."""
    return datetime.fromisoformat(recorded_at).astimezone(dates.CHINA).date()


def as_json(refusal: Refusal) -> dict[str, Any]:
    """As plain data."""
    return {"case": refusal.case, "entry": refusal.n, "event": refusal.event, "why": refusal.why}
