"""Guards on what comes after the decision: filing, keeping, remedies, a new decision."""

from __future__ import annotations

from workflow.base.errors import Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import clocks
from workflow.cases.case import CaseFile, Remedy
from workflow.cases.context import Act, Context, guard


@guard
def _no_delay(case: CaseFile, act: Act, _: Context) -> None:
    if case.delay_until is not None or case.ordered_due is not None:
        raise Refused(
            N_("The day for the reply was set otherwise ({day}); an extension would not move it."),
            day=case.ordered_due or case.delay_until,
            way_on=N_("Reply by that day."),
        )


@guard
def _no_open_remedy(case: CaseFile, act: Act, _: Context) -> None:
    # Filed with a reason although something is missing: that it goes on is named in the entry.
    if act.payload.get("despite"):
        return
    going_on = [part for part in case.remedies if not part.over]
    ordering = [part for part in case.remedies if part.orders_redecision and part.against_round == case.round]
    if ordering and not going_on:
        raise Refused(
            N_("The {kind} no. {no} orders a new decision, which was not begun."),
            kind=Named("remedy", ordering[0].kind),
            no=ordering[0].no,
            way_on=N_("Begin it: disclosure redecide {number} --no {no}"),
            number=case.number,
        )
    if going_on:
        raise Refused(
            N_("The {kind} no. {no} is not decided yet."),
            kind=Named("remedy", going_on[0].kind),
            no=going_on[0].no,
            way_on=N_("File the case when it is over."),
        )


@guard
def _only_longer(case: CaseFile, act: Act, _: Context) -> None:
    until = act.payload.get("until", "")
    if case.keep_until is None or (until and until <= case.keep_until.isoformat()):
        raise Refused(
            N_("It is kept until {until}; that cannot be shortened."),
            field="until",
            until=case.keep_until or "∞",
            way_on=N_("Give a later day."),
        )


@guard
def _time_is_over(case: CaseFile, act: Act, _: Context) -> None:
    if case.keep_until is None or act.on <= case.keep_until:
        raise Refused(
            N_("It has to be kept until {until}."),
            field="on",
            until=case.keep_until or "∞",
            way_on=N_("See what may be decided on: disclosure retention review"),
        )


@guard
def _destruction_proposed(case: CaseFile, act: Act, _: Context) -> None:
    if case.destruction is None or case.destroyed is not None:
        raise Refused(
            N_("Nobody proposed that {number} be destroyed, or it was destroyed already."),
            number=case.number,
            way_on=N_(
                "The archivist proposes it first: disclosure retention decide {number} --destroy --reason ..."
            ),
        )


@guard
def _second_person(case: CaseFile, act: Act, _: Context) -> None:
    if case.destruction is not None and case.destruction[1] == act.actor.key:
        raise Refused(
            N_("{officer} proposed the destruction and cannot also approve it."),
            officer=act.actor.key,
            way_on=N_("Let another officer with this role do it."),
        )


@guard
def _can_be_appealed(case: CaseFile, act: Act, context: Context) -> None:
    """A court's decision, once; the organ's own appeal inside the time for it."""
    part = case.part("remedy", int(act.payload["no"]))
    assert isinstance(part, Remedy)
    if part.kind == "reconsideration" or part.first is not None:
        raise Refused(
            N_("Only what the first court decided can be appealed."),
            field="no",
            way_on=N_(
                "A suit after reconsideration is a remedy of its own: disclosure suit {number} --kind after-reconsideration"
            ),
            number=case.number,
        )
    if any(
        other.orders_redecision and other.no == part.no and case.round > part.against_round
        for other in case.remedies
    ):
        raise Refused(
            N_("The new decision that was ordered has been begun; nothing is left to appeal against."),
            field="no",
            way_on=N_("See what may be done with: disclosure next {number}"),
            number=case.number,
        )
    deadline = clocks.appeal_deadline(part, context)
    # What reaches us late may have been sent in time: whether it was is for the court to say.
    if act.payload.get("by", "organ") == "organ" and deadline is not None and act.on > deadline.due:
        raise Refused(
            N_("The time to appeal ended on {due}."),
            field="on",
            due=deadline.due,
            way_on=N_("The judgment is final. Do what it orders."),
        )


@guard
def _decision_set_aside(case: CaseFile, act: Act, _: Context) -> None:
    no = act.payload.get("no")
    ordering = [
        part.no for part in case.remedies if part.orders_redecision and part.against_round == case.round
    ]
    if not ordering or (no is not None and no not in ordering):
        raise Refused(
            N_("No reconsideration or judgment orders a new decision on this case."),
            way_on=N_(
                "Record the outcome first: disclosure remedy-decided {number} --no NUMBER --outcome corrected --redecide yes"
            ),
            number=case.number,
        )
