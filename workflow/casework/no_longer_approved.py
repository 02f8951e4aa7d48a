"""The next steps of a case whose letter is no longer the one that was passed: the way back to the draft.

Whether it is another needs the letter composed, so it is looked at only where something was recorded after
the last pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.casework import step_check
from workflow.casework.opened import Opened
from workflow.office.seat import Seat
from workflow.procedure.next_steps import Option

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

RETURN, PASS = "return_draft", "pass_review"
# What leads on with the letter as it was passed.
_ON = (PASS, "issue")


def first_back(seat: Seat, connection: Connection, opened: Opened, options: list[Option]) -> list[Option]:
    """The options with the return of the draft as the usual one, and what stands in the way of the others."""
    if not _touched(opened) or not step_check.changed(seat, connection, opened):
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
    return bool(set(events[begun + 1 :]) - {PASS, "letter_made", "reveal", "note", "attach"})
