"""When an application that was taken in by another may be answered: the reply to that one answers it too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases.case import CaseFile
from workflow.cases.states import State
from workflow.casework.opened import open_case
from workflow.office.seat import Seat
from workflow.procedure.acts.service_ways import SIGNED_CHANNELS
from workflow.procedure.next_steps import Option

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

RULE = "house:scope"
# The act by which the reply to the other application answers this one.
ANSWERED = "answer_jointly"


def held(seat: Seat, connection: Connection, case: CaseFile, found: list[Option]) -> list[Option]:
    """What may be done on an application that was taken in: its answer waits for the reply to the other
    one."""
    if case.state != State.JOINED or not any(one.event == ANSWERED for one in found):
        return found
    unsent = not_sent(open_case(seat, connection, str(case.joined_to)).case)
    if unsent is None:
        return found
    return [replace(one, obstacle=unsent) if one.event == ANSWERED else one for one in found]


def not_sent(host: CaseFile) -> Refused | None:
    """The refusal of the answer as long as the reply that gives it was not sent."""
    reply = host.reply
    sent = reply is not None and reply.dispatched is not None
    if reply is not None and sent and (reply.replied_on is not None or reply.served_by in SIGNED_CHANNELS):
        return None
    return Refused(
        N_("The reply to {number}, which answers it too, was not sent yet."),
        rule=RULE,
        number=host.number,
        way_on=N_("Send that one: disclosure dispatch {number}; or take this out: disclosure separate"),
    )
