"""A case whose letter is no longer the one that was passed goes back to the draft.

Where an act on the case changed the letter that is recorded with it, as an entry of its own. What changes
every letter at once (the office's profile and wording, the law of the day) writes nothing into the cases: the
next pass and the issue are stopped, and whoever has the case hands it in as it is now, which records that the
passes lapsed and goes on from the draft. Until then what was changed may be put back.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from letters.content import parts
from workflow.base.errors import Refused
from workflow.base.messages import N_, Remark
from workflow.cases.context import Act
from workflow.cases.states import State
from workflow.casework import step_check
from workflow.casework.opened import Done, Opened
from workflow.casework.unit import Unit
from workflow.office.seat import SYSTEM, Seat
from workflow.procedure import act_tables
from workflow.procedure.fold import UNDO, corrects
from workflow.procedure.next_steps import Option
from workflow.procedure.next_steps import options as possible_acts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SUBMIT, PASS, LAPSED = "submit", "pass_review", "pass_lapsed"
# What leads on with the letter as it was passed.
_ON = (PASS, "issue")
_UNDER_REVIEW = (State.SECTION_REVIEW, State.LEGAL_REVIEW, State.HEAD_REVIEW, State.APPROVED)
# After these the letter says what it said before.
_BESIDE = frozenset({PASS, LAPSED, "letter_made", "reveal", "note", "attach", "override_rule"})
# As an officer reads it in the record.
REASONS = "{event}后，文书与审核通过的不一致"
OF_OFFICE = "机关设置、用语或者当日适用的法律变动后，文书与审核通过的不一致"


def settle(unit: Unit, done: Done) -> None:
    """Take a case whose letter an act made another one back to the draft, in the same commit."""
    case, event = done.case, done.entry.event
    if event == UNDO and done.entry.payload["event"] in (SUBMIT, PASS):
        return  # The letter says what it said before: the passes stand as they did.
    # Under review with no draft any more: its items were taken out.
    emptied = not case.draft and case.state in _UNDER_REVIEW
    if event in _BESIDE or not (case.passed or emptied):
        return
    opened = unit.opened if unit.opened.version == done.version else unit.opened.after(done)
    changed = () if emptied else step_check.changed(unit.seat, unit.connection, opened)
    if changed is None:
        return
    unit.opened = opened
    payload = {
        "reasons": REASONS.format(event=act_tables.acts()[event]["name"]["zh"]),
        "parts": list(changed),
        "because": done.entry.n,
    }
    # A correction counts from the beginning, whatever the day on which it is entered.
    day = case.last_on if corrects(done.entry) else None
    act = Act(LAPSED, day or done.entry.on, payload, SYSTEM)
    after = unit.record(act, unit.step(act), payload)
    done.version, done.case, done.clocks = after.version, after.case, after.clocks
    done.notes.append(_told(case.number, changed))


def _told(number: str, changed: tuple[str, ...]) -> Remark:
    if not changed:
        return (
            N_(
                "The letter that was passed cannot be made any more: {number} is back with the draft. See what it lacks: disclosure letter check {number}"
            ),
            {"number": number},
        )
    return (
        N_(
            "The letter is no longer the one that was passed ({parts}): {number} is back with the draft, and is passed anew as it is now. Hand it in: disclosure submit {number}"
        ),
        {"number": number, "parts": parts.Named(changed)},
    )


def before_handed_in(work: Unit, event: str, day: date) -> Unit:
    """Where a draft under review is handed in anew because the office or the law made its letter another one:
    the passes lapse first, by an entry that goes with the hand-in if that is taken back.
    """
    case = work.opened.case
    if event != SUBMIT or case.state not in _UNDER_REVIEW:
        return work
    parts_changed = step_check.changed(work.seat, work.connection, work.opened, day)
    if parts_changed is None:
        return work
    payload = {"reasons": OF_OFFICE, "parts": list(parts_changed), "because": case.entries + 2}
    act = Act(LAPSED, day, payload, SYSTEM)
    lapsed = work.record(act, work.step(act), payload)
    return Unit.of_case(work.seat, work.connection, lapsed.case_id)


def first_back(
    seat: Seat, connection: Connection, opened: Opened, options: list[Option], *, always: bool = False
) -> list[Option]:
    """The options with the hand-in as the usual one where the letter is no longer the one that was passed,
    and what stands in the way of the others. Looked at only where the record of the case says that it may be,
    or `always`: composing the letter of every case of a list takes too long.
    """
    if not opened.case.passed or not (always or _touched(opened)):
        return options
    parts_changed = step_check.changed(seat, connection, opened, seat.today())
    if parts_changed is None:
        return options
    back = Refused(
        N_("The letter is no longer the one that was passed ({parts})."),
        rule="house:review",
        way_on=N_("Whoever has the case hands it in as it is now: disclosure submit {number}"),
        number=opened.case.number,
        parts=parts.Named(parts_changed),
    )
    trial = copy.copy(opened.case)
    trial.state, trial.passed, trial.approved, trial.sent_back = State.DRAFTING, [], None, False
    handing_in = [
        one
        for one in possible_acts(trial, seat.officer.actor, seat.context, seat.today(), only_usual=True)
        if one.event == SUBMIT
    ]
    others = [
        replace(one, usual=False, obstacle=one.obstacle or back) if one.event in _ON else one
        for one in options
    ]
    return [*handing_in, *others]


def _touched(opened: Opened) -> bool:
    """Whether anything but passes and letters made stands behind the first pass of the present draft."""
    if not opened.case.passed:
        return False
    events = [entry.event for entry in opened.entries]
    begun = max((at for at, event in enumerate(events) if event == "submit"), default=0)
    return bool(set(events[begun + 1 :]) - _BESIDE)
