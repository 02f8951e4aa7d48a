"""The guards named in the process table: each looks at the facts and refuses with the rule that says so.

Selectors choose between rows of the same event; conditions say whether a step of review is taken; guards ask
for what the law wants before an act. All are pure: facts in, silence or Refused out. The provision behind a
guard stands in the process table ([guard]); the machine adds it to the refusal.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workflow.casefile import CaseFile, Consultation
from workflow.errors import OutOfLaw, Refused
from workflow.i18n import N_
from workflow.named import Named

if TYPE_CHECKING:
    from workflow.calendar import Calendar
    from workflow.law import Law
    from workflow.process import Process

# Entries of an office's settings on which no clock depends.
NO_CLOCK = ("payment", "number_with_di")


@dataclass(frozen=True)
class Actor:
    """The officer who acts."""

    key: str
    roles: frozenset[str]
    unit: str | None = None


@dataclass(frozen=True)
class Act:
    """What an officer wants to do: the event, its legal day and its facts."""

    event: str
    on: date
    payload: dict[str, Any]
    actor: Actor


@dataclass(frozen=True)
class Context:
    """What guards and clocks look things up in."""

    law: Law
    calendar: Calendar
    process: Process
    settings: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def basis(self) -> str:
        """By what clocks are computed, for their rows: the calendar, '/', and the law with the office's settings."""
        chosen = sorted((name, value) for name, value in self.settings.items() if name not in NO_CLOCK)
        return f"{self.calendar.version}/{zlib.crc32(repr((self.law.version, chosen)).encode()):08x}"


Guard = Callable[[CaseFile, Act, Context], None]
Selector = Callable[[CaseFile, str, Context], bool]
Condition = Callable[[CaseFile, Context], bool]
GUARDS: dict[str, Guard] = {}
SELECTORS: dict[str, Selector] = {}
CONDITIONS: dict[str, Condition] = {}


def _guard(function: Guard) -> Guard:
    GUARDS[function.__name__.lstrip("_")] = function
    return function


def _selector(function: Selector) -> Selector:
    SELECTORS[function.__name__.lstrip("_")] = function
    return function


def _condition(function: Condition) -> Condition:
    CONDITIONS[function.__name__.lstrip("_")] = function
    return function


# --- selectors and conditions


def _left_waiting(case: CaseFile) -> bool:
    """Withdrawn while the organ waited for the applicant: taken up again, it waits for him again."""
    return case.state == "withdrawn" and case.withdrawn_from in (
        "correction_asked",
        "reasons_asked",
        "fee_notified",
    )


@_selector
def _withdrawn_from(case: CaseFile, state: str, _: Context) -> bool:
    return case.withdrawn_from == state


@_selector
def _unregistered(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is None


@_selector
def _no_unit(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is not None and case.unit is None


@_selector
def _unit_waits(case: CaseFile, _: str, __: Context) -> bool:
    """Assigned to a unit that has not taken it in hand."""
    return (
        not _left_waiting(case)
        and case.registered is not None
        and case.unit is not None
        and case.accepted is None
    )


@_selector
def _in_work(case: CaseFile, _: str, __: Context) -> bool:
    return not _left_waiting(case) and case.registered is not None and case.accepted is not None


@_selector
def _not_in_work(case: CaseFile, _: str, __: Context) -> bool:
    return case.accepted is None


@_selector
def _correction_lapsed(case: CaseFile, _: str, __: Context) -> bool:
    return case.correction_lapsed is not None


@_selector
def _fee_lapsed(case: CaseFile, _: str, __: Context) -> bool:
    return case.fee_lapsed is not None


@_selector
def _next_step(case: CaseFile, place: str, context: Context) -> bool:
    """Whether `place` is where the draft goes next: the first step whose condition holds, else the approval."""
    steps = context.process.steps
    here = [step.state for step in steps].index(case.state) + 1 if case.state != "drafting" else 0
    ahead = [step.state for step in steps[here:] if CONDITIONS[step.condition](case, context)]
    return place == (ahead[0] if ahead else "approved")


@_condition
def _always(_: CaseFile, __: Context) -> bool:
    return True


@_condition
def _refuses(case: CaseFile, context: Context) -> bool:
    """A draft that does not give everything that was asked for."""
    return any(item.outcome not in ("granted", "already_public") for item in case.draft.values())


# --- guards


@_guard
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
    "lapse_correction": ("P3", "ask_correction"), "reasons_unanswered": ("P4", "ask_reasons"),
    "lapse_fee": ("P12", "notify_fee"),
}  # fmt: skip


@_guard
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


def _must_be_over(act: Act, last: date | None, way_on: str) -> None:
    if last is None or act.on <= last:
        raise Refused(
            N_("The period runs until {last}; {on} is not after it."),
            field="on", last=last or "?", on=act.on, way_on=way_on,
        )  # fmt: skip


@_guard
def _correction_overdue(case: CaseFile, act: Act, context: Context) -> None:
    from workflow import docket

    _must_be_over(
        act, docket.last_day(case, context, "correction.answer"),
        N_("Wait until the day after, or record the correction if it came."),
    )  # fmt: skip


@_guard
def _reasons_overdue(case: CaseFile, act: Act, context: Context) -> None:
    from workflow import docket

    _must_be_over(
        act, docket.last_day(case, context, "reasons.answer"),
        N_("Wait until the day after, or record the reasons if they came."),
    )  # fmt: skip


@_guard
def _fee_overdue(case: CaseFile, act: Act, context: Context) -> None:
    from workflow import docket

    _must_be_over(
        act, docket.last_day(case, context, "fee.payment"),
        N_("Wait until the day after, or record the payment if it was made."),
    )  # fmt: skip


@_guard
def _reasons_not_asked(case: CaseFile, act: Act, _: Context) -> None:
    if case.reasons_asked is not None:
        raise Refused(
            N_("Reasons were already asked for on {day}."), day=case.reasons_asked,
            way_on=N_("Decide on the reasons given, or on their absence."),
        )  # fmt: skip


@_guard
def _of_the_unit(case: CaseFile, act: Act, _: Context) -> None:
    if act.actor.unit != case.unit or (case.handler is not None and case.handler != act.actor.key):
        raise Refused(
            N_("{officer} does not belong to the unit to which the case is assigned ({unit}), or it was given to another."),
            officer=act.actor.key, unit=case.unit,
            way_on=N_("Let an officer of that unit do it, or have the case reassigned."),
        )  # fmt: skip


@_guard
def _is_the_handler(case: CaseFile, act: Act, _: Context) -> None:
    if case.handler is not None and case.handler != act.actor.key:
        raise Refused(
            N_("The case is handled by {handler}, not by {officer}."),
            handler=case.handler, officer=act.actor.key,
            way_on=N_("Let the handler do it, or have the case reassigned: disclosure reassign {number} --unit UNIT"),
            number=case.number,
        )  # fmt: skip


@_guard
def _fee_in_force(case: CaseFile, act: Act, context: Context) -> None:
    try:
        context.law.value("fee.payment", on=act.on)
    except OutOfLaw as fault:
        raise Refused(
            N_("On {on} there was no processing fee that could be charged."),
            field="on", on=act.on, way_on=N_("Handle the application without a fee."),
        ) from fault  # fmt: skip


@_guard
def _no_fee_before(case: CaseFile, act: Act, _: Context) -> None:
    if case.fee_notified is not None:
        raise Refused(
            N_("A fee was already notified on {day}."), day=case.fee_notified,
            way_on=N_("If the amount was wrong, correct it with 'disclosure amend'."),
        )  # fmt: skip


@_guard
def _not_extended(case: CaseFile, act: Act, context: Context) -> None:
    if case.extension is not None:
        raise Refused(
            N_("The time for reply was already extended on {day}; it can be extended once."),
            day=case.extension[0],
            way_on=N_("An extension made by mistake is undone with 'disclosure undo-extension'."),
        )  # fmt: skip


@_guard
def _inside_limit(case: CaseFile, act: Act, context: Context) -> None:
    """What would begin the time for reply anew, or move its end, cannot mend that it is over."""
    from workflow import docket

    deadline = docket.reply_deadline(case, context)
    if act.on > deadline.due:
        raise Refused(
            N_("The time for reply ended on {due}; this step belongs inside it."), field="on", due=deadline.due,
            way_on=N_("Reply without delay. If it was done in time, give the day on which it was done with --on."),
        )  # fmt: skip


@_guard
def _inside_first_period(case: CaseFile, act: Act, context: Context) -> None:
    from workflow import docket

    first = docket.reply_deadline(case, context)
    if act.on > first.due:
        raise Refused(
            N_("The time for reply ended on {due}; an extension has to be notified before it ends."),
            field="on", due=first.due,
            way_on=N_("Reply without delay. If the notice left in time, give the day on which it left with --on."),
        )  # fmt: skip
    most = context.law.value("reply.extension", on=docket.law_day(case, context))
    days = act.payload.get("days")
    if days is not None and not 1 <= int(days) <= most.value:
        raise Refused(
            N_("An extension is between 1 and {most} working days, not {days}."),
            field="days", most=most.value, days=days,
            way_on=N_("Give --days within that limit, or leave it out for the whole."),
        )  # fmt: skip


@_guard
def _is_extended(case: CaseFile, act: Act, _: Context) -> None:
    if case.extension is None:
        raise Refused(
            N_("There is no extension to undo."), way_on=N_("See the clocks with: disclosure clocks {number}"), number=case.number,
        )  # fmt: skip


@_guard
def _reasons_given(case: CaseFile, act: Act, _: Context) -> None:
    if case.reasons_given is None:
        raise Refused(
            N_("Only where the applicant has given reasons, and they are sound, may a later date be set."),
            way_on=N_("Ask for reasons first: disclosure ask-reasons {number}"), number=case.number,
        )  # fmt: skip


@_guard
def _draft_complete(case: CaseFile, act: Act, context: Context) -> None:
    from workflow import decision

    decision.require_complete(case, context)


@_guard
def _no_open_consultation(case: CaseFile, act: Act, _: Context) -> None:
    waiting = [part for part in case.consultations if part.state == "sent"]
    if waiting:
        raise Refused(
            N_("The consultation of {name} (no. {no}) is still open."), name=waiting[0].name, no=waiting[0].no,
            way_on=N_("Record the answer (opinion-given), its absence (opinion-lapsed), or recall it."),
        )  # fmt: skip


@_guard
def _not_the_drafter(case: CaseFile, act: Act, _: Context) -> None:
    if act.actor.key in case.drafters:
        raise Refused(
            N_("{officer} wrote this draft, or part of it, and cannot also pass or return it."),
            officer=act.actor.key,
            way_on=N_("Let another officer with this role do it."),
        )  # fmt: skip


@_guard
def _letter_made(case: CaseFile, act: Act, _: Context) -> None:
    reply = case.reply
    if reply is None or not any(made["number"] == reply.number for made in case.letters):
        raise Refused(
            N_("The letter has not been made yet."),
            way_on=N_("Make it now: disclosure work"),
        )


@_guard
def _served_as_written(case: CaseFile, act: Act, context: Context) -> None:
    """A letter written to go out on paper lacks what one that goes out electronically has to say."""
    reply, electronic = case.reply, context.process.electronic
    if reply is None or act.payload.get("served_by") not in electronic["ways"]:
        return
    governing = context.law.value("reconsideration.limit", on=reply.issued).instrument
    if governing == electronic["article"].partition(":")[0] and reply.written_for not in electronic["ways"]:
        raise Refused(
            N_("The letter was written to go out on paper; served electronically it would have to name an online way of asking for reconsideration."),
            field="served_by",
            way_on=N_("Serve it by post or by hand. Another time say how it will be served: disclosure issue --served-by email"),
        )  # fmt: skip


@_guard
def _no_delay(case: CaseFile, act: Act, _: Context) -> None:
    if case.delay_until is not None or case.ordered_due is not None:
        raise Refused(
            N_("The day for the reply was set otherwise ({day}); an extension would not move it."),
            day=case.ordered_due or case.delay_until, way_on=N_("Reply by that day."),
        )  # fmt: skip


@_guard
def _no_open_remedy(case: CaseFile, act: Act, _: Context) -> None:
    going_on = [part for part in case.remedies if part.state != "decided"]
    if going_on:
        raise Refused(
            N_("The {kind} no. {no} is not decided yet."), kind=Named("remedy", going_on[0].kind), no=going_on[0].no,
            way_on=N_("File the case when it is over."),
        )  # fmt: skip


@_guard
def _decision_set_aside(case: CaseFile, act: Act, _: Context) -> None:
    no = act.payload.get("no")
    ordering = [
        part.no for part in case.remedies if part.orders_redecision and part.against_round == case.round
    ]
    if not ordering or (no is not None and no not in ordering):
        raise Refused(
            N_("No reconsideration or judgment orders a new decision on this case."),
            way_on=N_("Record the outcome first: disclosure remedy-decided {number} --no NUMBER --outcome corrected --redecide yes"),
            number=case.number,
        )  # fmt: skip


@_guard
def _notice_known(case: CaseFile, act: Act, _: Context) -> None:
    notice = case.on_its_way(act.payload["letter"])
    if notice is None:
        raise Refused(
            N_("No notice {letter} is on its way."), field="letter", letter=act.payload["letter"],
            way_on=N_("See what was sent with: disclosure show {number}"), number=case.number,
        )  # fmt: skip
    if act.on < notice.sent:
        raise Refused(
            N_("{on} lies before {follows}, the day on which the notice {letter} was sent."), field="on", on=act.on,
            follows=notice.sent, letter=act.payload["letter"],
            way_on=N_("Give the right day with --on."),
        )  # fmt: skip


@_guard
def _opinion_overdue(case: CaseFile, act: Act, context: Context) -> None:
    from workflow import docket

    part = case.part("consultation", int(act.payload["no"]))
    assert isinstance(part, Consultation)
    deadline = docket.consultation_deadline(case, part, context)
    _must_be_over(
        act, deadline.due if deadline else None, N_("Wait until the day after, or record the answer if it came."),
    )  # fmt: skip


@_guard
def _objected(case: CaseFile, act: Act, _: Context) -> None:
    part = case.part("consultation", int(act.payload["no"]))
    assert isinstance(part, Consultation)
    if case.state not in ("in_hand", "drafting"):
        raise Refused(
            N_("An objection is overruled before the draft is handed in, not while the case is: {state}."),
            state=Named("state", case.state), way_on=N_("Have the draft returned first: disclosure return-draft {number}"),
            number=case.number,
        )  # fmt: skip
    if part.kind != "third_party" or part.answer not in ("object", "partly") or part.public_interest:
        raise Refused(
            N_("Only the objection of a third party can be overruled, and once."), way_on=N_("See the consultations with: disclosure show {number}"), number=case.number,
        )  # fmt: skip
