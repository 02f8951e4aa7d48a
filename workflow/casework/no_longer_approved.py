"""A case whose letter is no longer the one that was passed goes back to the draft.

Where an act on the case changed the letter that is recorded with it, as an entry of its own. Where the office
itself or the law changed, nothing is recorded of the case: the issue is stopped, and the next step that is
shown is the return. Whether the letter is another needs it composed, so it is looked at only where something
was recorded after the last pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from letters.content import parts
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.context import Act
from workflow.cases.states import State
from workflow.casework import step_check
from workflow.casework.opened import Done, Opened
from workflow.casework.unit import Unit
from workflow.office.seat import SYSTEM, Seat
from workflow.procedure import act_tables
from workflow.procedure.fold import corrects
from workflow.procedure.next_steps import Option

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

RETURN, PASS, LAPSED = "return_draft", "pass_review", "pass_lapsed"
# What leads on with the letter as it was passed.
_ON = (PASS, "issue")
_UNDER_REVIEW = (State.SECTION_REVIEW, State.LEGAL_REVIEW, State.HEAD_REVIEW, State.APPROVED)
# After these the letter says what it said before.
_BESIDE = frozenset({PASS, LAPSED, "letter_made", "reveal", "note", "attach", "override_rule"})
# As an officer reads it in the record.
REASONS = "{event}后，文书与审核通过的不一致"


def settle(unit: Unit, done: Done) -> None:
    """Take a case whose letter an act made another one back to the draft, in the same commit."""
    case, event = done.case, done.entry.event
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


def _told(number: str, changed: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
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


def first_back(seat: Seat, connection: Connection, opened: Opened, options: list[Option]) -> list[Option]:
    """The options with the return of the draft as the usual one, and what stands in the way of the others."""
    if not _touched(opened) or step_check.changed(seat, connection, opened) is None:
        return options
    back = Refused(
        N_("The letter is no longer the one that was passed."),
        rule="house:review",
        way_on=N_("Return it, and it is passed as it is now: disclosure return-draft {number} --reasons ..."),
        number=opened.case.number,
    )
    return [
        replace(one, usual=True, aside=False)
        if one.event == RETURN
        else replace(one, usual=False, obstacle=one.obstacle or back)
        if one.event in _ON
        else one
        for one in options
    ]


def _touched(opened: Opened) -> bool:
    """Whether anything but passes and letters made stands behind the first pass of the present draft."""
    if not opened.case.passed:
        return False
    events = [entry.event for entry in opened.entries]
    begun = max((at for at, event in enumerate(events) if event == "submit"), default=0)
    return bool(set(events[begun + 1 :]) - _BESIDE)
