"""The last act taken back: what can be, and by whom. What it comes to, the fold says."""

from __future__ import annotations

from typing import Any

from workflow.base.errors import Refused
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.cases import letter_life
from workflow.cases.case import CaseFile, Entry
from workflow.cases.context import Act, Context
from workflow.law.keys import Service
from workflow.procedure import act_tables
from workflow.procedure.registry import guard, reacts

# Who passes what a unit drafted heads it; who approves heads them all.
HEAD_OF_UNIT, HEAD = "reviewer", "approver"


def waits_to_be_mailed(case: CaseFile) -> bool:
    """Whether the last act put the reply into the office's own outbox."""
    reply = case.reply
    if case.latest is None or case.latest.event != "dispatch" or reply is None:
        return False
    return case.latest.mails and reply.served_by == Service.EMAIL


@guard
def _can_be_undone(case: CaseFile, act: Act, _: Context) -> None:
    if case.latest is None:
        raise Refused(N_("There is no act that could be taken back."))
    table = act_tables.acts()[case.latest.event]
    if table.get("undo") == "no" and not waits_to_be_mailed(case):
        why = table["undo_why"]
        raise Refused(
            N_("{event} of {day} cannot be taken back: {why}."),
            event=Named("event", case.latest.event),
            day=case.latest.on,
            why=pick(why["zh"], why["en"]),
            way_on=N_("See what was recorded with: disclosure history {number}"),
            number=case.number,
        )


@guard
def _undone_by_himself_or_head(case: CaseFile, act: Act, context: Context) -> None:
    latest, actor = case.latest, act.actor
    if latest is None:
        return
    may = {role for row in context.process.rows if row.event == latest.event for role in row.roles}
    himself = actor.stands_for(latest.by) and actor.roles & may
    heads = HEAD_OF_UNIT in actor.roles and actor.unit is not None and actor.unit == case.unit
    if not (himself or heads or HEAD in actor.roles):
        raise Refused(
            N_("{event} was done by {by}: {officer} cannot take it back."),
            event=Named("event", latest.event),
            by=latest.by,
            officer=actor.key,
            way_on=N_("Let {by} do it, the head of the unit that has the case, or an approver."),
        )


@reacts("undo", "amend")
def _letters_void(case: CaseFile, entry: Entry[Any]) -> None:
    """Letters that were made of what is no longer so are void with it."""
    for one in entry.payload.get("letters", ()):
        letter_life.lapse(case.lives, one, entry.on, entry.n)
