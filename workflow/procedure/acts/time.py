"""More time for the reply: extension and reasonable delay."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.cases import organ_clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life
from workflow.law.keys import Letter
from workflow.procedure.acts.common import day_of, from_sending, not_before, not_replied
from workflow.procedure.registry import guard, holds, prepares, reacts, tells

if TYPE_CHECKING:
    from workflow.procedure import payloads


@prepares("extend")
def _extend(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    most = context.law.value("reply.extension", on=organ_clocks.law_day(case, context)).value
    return {"days": most, **payload, **from_sending(context)}


@prepares("delay")
def _delay(payload: dict[str, Any], case: CaseFile, on: date, context: Context) -> dict[str, Any]:
    not_before(payload["until"], on, "until")
    return {**payload, **from_sending(context)}


@guard
def _not_extended(case: CaseFile, act: Act, context: Context) -> None:
    if case.extension is not None:
        raise Refused(
            N_("The time for reply was already extended on {day}; it can be extended once."),
            day=case.extension[0],
            way_on=N_("An extension made by mistake is undone with 'disclosure undo-extension'."),
        )


@guard
def _inside_limit(case: CaseFile, act: Act, context: Context) -> None:
    """Restarting or extending the limit cannot cure a limit that has already expired."""
    deadline = organ_clocks.reply_deadline(case, context)
    if act.on > deadline.due:
        raise Refused(
            N_("The time for reply ended on {due}; this step belongs inside it."),
            field="on",
            due=deadline.due,
            way_on=N_(
                "Reply without delay. If it was done in time, give the day on which it was done with --on."
            ),
        )


@guard
def _inside_first_period(case: CaseFile, act: Act, context: Context) -> None:
    first = organ_clocks.reply_deadline(case, context)
    if act.on > first.due:
        raise Refused(
            N_("The time for reply ended on {due}; an extension has to be notified before it ends."),
            field="on",
            due=first.due,
            way_on=N_(
                "Reply without delay. If the notice left in time, give the day on which it left with --on."
            ),
        )
    most = context.law.value("reply.extension", on=organ_clocks.law_day(case, context))
    days = act.payload.get("days")
    if days is not None and not 1 <= int(days) <= most.value:
        raise Refused(
            N_("An extension is between 1 and {most} working days, not {days}."),
            field="days",
            most=most.value,
            days=days,
            way_on=N_("Give --days within that limit, or leave it out for the whole."),
        )


@guard
def _is_extended(case: CaseFile, act: Act, _: Context) -> None:
    if case.extension is None:
        raise Refused(
            N_("There is no extension to undo."),
            way_on=N_("See the clocks with: disclosure clocks {number}"),
            number=case.number,
        )


@guard
def _reasons_given(case: CaseFile, act: Act, _: Context) -> None:
    if case.reasons_given is None:
        raise Refused(
            N_("Only where the applicant has given reasons, and they are sound, may a later date be set."),
            way_on=N_("Ask for reasons first: disclosure ask-reasons {number}"),
            number=case.number,
        )


@guard
def _no_delay(case: CaseFile, act: Act, _: Context) -> None:
    if case.delay_until is not None or case.ordered_due is not None:
        raise Refused(
            N_("The day for the reply was set otherwise ({day}); an extension would not move it."),
            day=case.ordered_due or case.delay_until,
            way_on=N_("Reply by that day."),
        )


@holds("extend")
def _still_extended(case: CaseFile, life: Life) -> bool:
    """Of several only the last, and only until the reply has gone out."""
    return case.extension is not None and life.taken_back is None and not_replied(case)


@holds("delay")
def _still_delayed(case: CaseFile, life: Life) -> bool:
    return case.delay_until is not None and not_replied(case)


@reacts("extend")
def _extended(case: CaseFile, entry: Entry[payloads.Extend]) -> None:
    case.extension = (entry.on, entry.payload["days"])
    case.extension_reason = entry.payload["reasons"]


@reacts("undo_extension")
def _extension_undone(case: CaseFile, entry: Entry[payloads.UndoExtension]) -> None:
    case.extension = None
    case.extension_reason = None
    for life in case.lives:
        if life.code == Letter.EXTENSION and life.taken_back is None:
            life.taken_back = entry.n


@tells("delay")
def _later_day(case: CaseFile, entry: Entry[payloads.Delay]) -> dict[str, Any]:
    return {"delay_until": entry.payload["until"], "reasons": entry.payload["reasons"]}


@reacts("delay")
def _delayed(case: CaseFile, entry: Entry[payloads.Delay]) -> None:
    case.delay_until = day_of(entry.payload["until"])
