"""What is offered of a case whose letter is no longer the one that was passed: to hand it in anew."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from letters.content import parts
from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.states import State
from workflow.casework import step_check
from workflow.casework.opened import Opened
from workflow.office.seat import Seat
from workflow.procedure.next_steps import Option
from workflow.procedure.next_steps import options as possible_acts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SUBMIT, PASS, LAPSED = "submit", "pass_review", "pass_lapsed"
# What leads on with the letter as it was passed.
_ON = (PASS, "issue")
# After these the letter says what it said before.
BESIDE = frozenset({PASS, LAPSED, "letter_made", "reveal", "note", "attach", "override_rule"})


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
    return bool(set(events[begun + 1 :]) - BESIDE)
