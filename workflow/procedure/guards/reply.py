"""Guards on the draft, the review and the issue."""

from __future__ import annotations

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import clocks, draft
from workflow.cases.case import CaseFile, Consultation
from workflow.cases.context import Act, Context, guard
from workflow.procedure.guards.handling import must_be_over


@guard
def _draft_complete(case: CaseFile, act: Act, context: Context) -> None:
    draft.require_complete(case, context)


@guard
def _no_open_consultation(case: CaseFile, act: Act, _: Context) -> None:
    waiting = [part for part in case.consultations if part.state == "sent"]
    if waiting:
        raise Refused(
            N_("The consultation of {name} (no. {no}) is still open."),
            name=waiting[0].name,
            no=waiting[0].no,
            way_on=N_("Record the answer (opinion-given), its absence (opinion-lapsed), or recall it."),
        )


@guard
def _not_the_drafter(case: CaseFile, act: Act, _: Context) -> None:
    if act.actor.key in case.drafters:
        raise Refused(
            N_("{officer} wrote this draft, or part of it, and cannot also pass or return it."),
            officer=act.actor.key,
            way_on=N_("Let another officer with this role do it."),
        )


@guard
def _letter_made(case: CaseFile, act: Act, _: Context) -> None:
    reply = case.reply
    if reply is None or not any(made["number"] == reply.number for made in case.letters):
        raise Refused(N_("The letter has not been made yet."), way_on=N_("Make it now: disclosure work"))


@guard
def _opinion_overdue(case: CaseFile, act: Act, context: Context) -> None:
    part = case.part("consultation", int(act.payload["no"]))
    assert isinstance(part, Consultation)
    deadline = clocks.consultation_deadline(case, part, context)
    must_be_over(
        act,
        deadline.due if deadline else None,
        N_("Wait until the day after, or record the answer if it came."),
    )


@guard
def _objected(case: CaseFile, act: Act, _: Context) -> None:
    part = case.part("consultation", int(act.payload["no"]))
    assert isinstance(part, Consultation)
    if case.state not in ("in_hand", "drafting"):
        raise Refused(
            N_("An objection is overruled before the draft is handed in, not while the case is: {state}."),
            state=Named("state", case.state),
            way_on=N_("Have the draft returned first: disclosure return-draft {number}"),
            number=case.number,
        )
    if part.kind != "third_party" or part.answer not in ("object", "partly") or part.public_interest:
        raise Refused(
            N_("Only the objection of a third party can be overruled, and once."),
            way_on=N_("See the consultations with: disclosure show {number}"),
            number=case.number,
        )
