"""Guards on the way to a decision: correction, reasons, fee, unit, extension, delay."""

from __future__ import annotations

from datetime import date

from workflow.base.errors import OutOfLaw, Refused
from workflow.base.messages import N_
from workflow.base.names import Named
from workflow.cases import clocks
from workflow.cases.case import CaseFile
from workflow.cases.context import Act, Context, guard


@guard
def _not_corrected_before(case: CaseFile, act: Act, _: Context) -> None:
    if case.correction_asked is not None:
        raise Refused(
            N_("A correction was already asked for on {day}; the law allows it once."),
            day=case.correction_asked,
            way_on=N_(
                "Decide on what there is; where it is still unclear, draft the outcome 'still_unclear'."
            ),
        )


# What a lapse follows: the letter, and the act that sent it.
_NOTICE_OF = {
    "lapse_correction": ("P3", "ask_correction"),
    "reasons_unanswered": ("P4", "ask_reasons"),
    "lapse_fee": ("P12", "notify_fee"),
}


@guard
def _notice_served(case: CaseFile, act: Act, _: Context) -> None:
    letter, asked = _NOTICE_OF[act.event]
    if not any(notice.letter == letter and notice.reached for notice in case.notices):
        raise Refused(
            N_(
                "It is not recorded that the notice {letter} ({event}) reached the applicant, so no period ran against him."
            ),
            letter=letter,
            event=Named("event", asked),
            way_on=N_("Record it first: disclosure notice-reached {number} --letter {letter} --on DATE"),
            number=case.number,
        )


def must_be_over(act: Act, last: date | None, way_on: str) -> None:
    """Refused while the last day has not passed, or none is known."""
    if last is None or act.on <= last:
        raise Refused(
            N_("The period runs until {last}; {on} is not after it."),
            field="on",
            last=last or "?",
            on=act.on,
            way_on=way_on,
        )


@guard
def _correction_overdue(case: CaseFile, act: Act, context: Context) -> None:
    must_be_over(
        act,
        clocks.last_day(case, context, "correction.answer"),
        N_("Wait until the day after, or record the correction if it came."),
    )


@guard
def _reasons_overdue(case: CaseFile, act: Act, context: Context) -> None:
    must_be_over(
        act,
        clocks.last_day(case, context, "reasons.answer"),
        N_("Wait until the day after, or record the reasons if they came."),
    )


@guard
def _fee_overdue(case: CaseFile, act: Act, context: Context) -> None:
    must_be_over(
        act,
        clocks.last_day(case, context, "fee.payment"),
        N_("Wait until the day after, or record the payment if it was made."),
    )


@guard
def _reasons_not_asked(case: CaseFile, act: Act, _: Context) -> None:
    if case.reasons_asked is not None:
        raise Refused(
            N_("Reasons were already asked for on {day}."),
            day=case.reasons_asked,
            way_on=N_("Decide on the reasons given, or on their absence."),
        )


@guard
def _of_the_unit(case: CaseFile, act: Act, _: Context) -> None:
    if act.actor.unit != case.unit or (case.handler is not None and case.handler != act.actor.key):
        raise Refused(
            N_(
                "{officer} does not belong to the unit to which the case is assigned ({unit}), or it was given to another."
            ),
            officer=act.actor.key,
            unit=case.unit,
            way_on=N_("Let an officer of that unit do it, or have the case reassigned."),
        )


@guard
def _is_the_handler(case: CaseFile, act: Act, _: Context) -> None:
    if case.handler is not None and case.handler != act.actor.key:
        raise Refused(
            N_("The case is handled by {handler}, not by {officer}."),
            handler=case.handler,
            officer=act.actor.key,
            way_on=N_(
                "Let the handler do it, or have the case reassigned: disclosure reassign {number} --unit UNIT"
            ),
            number=case.number,
        )


@guard
def _fee_in_force(case: CaseFile, act: Act, context: Context) -> None:
    try:
        context.law.value("fee.payment", on=act.on)
    except OutOfLaw as fault:
        raise Refused(
            N_("On {on} there was no processing fee that could be charged."),
            field="on",
            on=act.on,
            way_on=N_("Handle the application without a fee."),
        ) from fault


@guard
def _no_fee_before(case: CaseFile, act: Act, _: Context) -> None:
    if case.fee_notified is not None:
        raise Refused(
            N_("A fee was already notified on {day}."),
            day=case.fee_notified,
            way_on=N_("If the amount was wrong, correct it with 'disclosure amend'."),
        )


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
    """What would begin the time for reply anew, or move its end, cannot mend that it is over."""
    deadline = clocks.reply_deadline(case, context)
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
    first = clocks.reply_deadline(case, context)
    if act.on > first.due:
        raise Refused(
            N_("The time for reply ended on {due}; an extension has to be notified before it ends."),
            field="on",
            due=first.due,
            way_on=N_(
                "Reply without delay. If the notice left in time, give the day on which it left with --on."
            ),
        )
    most = context.law.value("reply.extension", on=clocks.law_day(case, context))
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
