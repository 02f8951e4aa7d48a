"""The organ mends its own reply: a supplement, or the reply made anew; the round that this begins."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.reply import Mending
from workflow.procedure.acts.common import begin_round, day_of, not_before
from workflow.procedure.registry import guard, prepares, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("supplement_reply", "redo_reply")
def _until(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    """No law sets a time: as given, else as many working days as there are for a reply."""
    if payload.get("due"):
        not_before(payload["due"], on, "due")
        return payload
    days = context.law.value("reply.limit", on=organ_clocks.law_day(case, context)).value
    return {**payload, "due": context.calendar.add(on, days).isoformat()}


@guard
def _a_reply_left(case: CaseFile, act: Act, _: Context) -> None:
    if case.reply is None or case.reply.dispatched is None:
        raise Refused(
            N_("{number} has no reply of this round that has gone out: there is nothing to mend."),
            number=case.number,
            way_on=N_("See what may be done with: disclosure next {number}"),
        )


@reacts("supplement_reply", "redo_reply")
def _begun(case: CaseFile, entry: Entry[payloads.SupplementReply | payloads.RedoReply]) -> None:
    assert case.reply is not None
    mending = Mending(
        case.round + 1, entry.event, case.round, case.reply.number, entry.on, entry.payload["reasons"]
    )
    begin_round(case, entry, entry.on, day_of(entry.payload["due"]))
    case.mendings.append(mending)
