"""The last act taken back: what can be, and by whom. What it comes to, the fold says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow.base.errors import Refused
from workflow.base.messages import N_, pick
from workflow.base.names import Named
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context
from workflow.cases.entry import Entry
from workflow.cases.letter_life import Life, Voided
from workflow.law.keys import Service
from workflow.procedure import act_tables
from workflow.procedure.registry import guard, reacts

if TYPE_CHECKING:
    from workflow.procedure import payloads

# Who passes what a unit drafted heads it; who approves heads them all.
HEAD_OF_UNIT, HEAD = "reviewer", "approver"


def waits_to_be_mailed(case: CaseFile) -> bool:
    """Whether the last act put the reply into the office's own outbox."""
    reply = case.reply
    if case.latest is None or case.latest.event != "dispatch" or reply is None:
        return False
    return case.latest.mails and reply.served_by == Service.EMAIL


def posted_on_paper(case: CaseFile) -> bool:
    """Whether the last act recorded that the reply went by post. It is here still while the post has not
    taken the batch in which it lies."""
    reply = case.reply
    if case.latest is None or case.latest.event != "dispatch" or reply is None:
        return False
    return reply.served_by == Service.POST


@guard
def _can_be_undone(case: CaseFile, act: Act, _: Context) -> None:
    if case.latest is None:
        raise Refused(N_("There is no act that could be taken back."))
    table = act_tables.acts()[case.latest.event]
    here = waits_to_be_mailed(case) or (posted_on_paper(case) and act.payload.get("batch"))
    if table.get("undo") == "no" and not here:
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
    himself = actor.stands_for(latest.by) and actor.roles & context.process.roles_of(latest.event)
    heads = HEAD_OF_UNIT in actor.roles and actor.unit is not None and actor.unit == case.unit
    if not (himself or heads or HEAD in actor.roles):
        raise Refused(
            N_("{event} was done by {by}: {officer} cannot take it back."),
            event=Named("event", latest.event),
            by=context.officer_called(latest.by),
            officer=context.officer_called(actor.key),
            way_on=N_("Let {by} do it, the head of the unit that has the case, or an approver."),
        )


@reacts("undo")
def _letters_void(case: CaseFile, entry: Entry[payloads.Undo]) -> None:
    """Letters that the act called for are void with it."""
    for one in entry.payload.get("letters", ()):
        void = Voided(one["letter"], one["code"], one["number"], entry.on, "")
        life = Life(one["code"], 0, "", entry.on, 0, letter=one["letter"], number=one["number"], void=void)
        life.void_n = life.taken_back = entry.n
        case.lives.append(life)
