"""The applicant's time: to correct, to give reasons, to pay, and to contest the reply."""

from __future__ import annotations

from datetime import date

from workflow import clocks
from workflow.cases import letter_life, rulings, ways
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CLOSED, CaseClock, used
from workflow.cases.context import Context
from workflow.cases.organ_clocks import told_of_the_fee
from workflow.cases.states import ClockState, Party
from workflow.cases.tracks import Remedy
from workflow.law.keys import Letter


def _reached(case: CaseFile, letter: str) -> date | None:
    life = letter_life.last(case.lives, letter)
    return life.arrived if life else None


def applicant_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """The time to correct, to give reasons, to pay, and to contest the replies."""
    made, start = [], None
    if case.correction_asked and case.correction_by:
        done = case.corrected[-1] if case.corrected else None
        made.append(
            _office_set(
                "correction.answer",
                case.correction_asked,
                case.correction_by,
                done,
                case.correction_lapsed,
                case,
                context,
            )
        )
    if case.reasons_asked and case.reasons_by:
        lapsed = case.reasons_by if case.reasons_silent else None
        made.append(
            _office_set(
                "reasons.answer",
                case.reasons_asked,
                case.reasons_by,
                case.reasons_given,
                lapsed,
                case,
                context,
            )
        )
    if case.fee_notified:
        start = _reached(case, Letter.FEE) or told_of_the_fee(case)
    if case.fee_notified and start is not None:
        deadline = clocks.fee_payment(start, context.law, context.calendar)
        made.append(
            CaseClock(
                "fee.payment",
                Party.APPLICANT,
                deadline,
                _applicant_state(case, deadline.due, case.fee_paid, case.fee_lapsed),
                case.fee_paid,
            )
        )
    return made + _remedy_periods(case, context)


def _office_set(
    rule: str,
    start: date,
    due: date,
    done: date | None,
    lapsed: date | None,
    case: CaseFile,
    context: Context,
) -> CaseClock:
    article = context.process.guard_rule(f"{rule.partition('.')[0]}_overdue", case.regulations, start)
    deadline = clocks.office_set(rule, start, due, article, context.law, context.calendar)
    return CaseClock(rule, Party.APPLICANT, deadline, _applicant_state(case, due, done, lapsed), done)


def _applicant_state(case: CaseFile, due: date, done: date | None, lapsed: date | None) -> str:
    if done is not None:
        return ClockState.MET if done <= due else ClockState.LATE
    return ClockState.ENDED if lapsed is not None or case.state in CLOSED else ClockState.RUNNING


def _remedy_periods(case: CaseFile, context: Context) -> list[CaseClock]:
    """The periods in which the applicant may contest the reply, from the day on which it reached him; and
    those of replies that it only adds to (their number is that of their round)."""
    ending = ways.ending(case)
    made = _periods(case, context, ending, case.contested_round, 0) if ending is not None else []
    for reply in ways.supplemented(case, case.contested_round):
        made += _periods(case, context, ways.of_reply(reply), reply.round, reply.round)
    return made


def _periods(case: CaseFile, context: Context, ending: ways.Ending, round_: int, ref: int) -> list[CaseClock]:
    if ending.reached is None:
        return []
    reached = ending.reached
    law, calendar = context.law, context.calendar
    routes = {route.kind for route in ways.routes(ending.items, ending.decided, context)}
    # A third party contests the reply in its own right, within its own time limit.
    contested = [part for part in case.remedies if part.against_round == round_ and part.by == "applicant"]
    review, suit = brought(contested)
    first, second = notified(review), notified(suit)
    deadline = clocks.reconsideration(reached, law, calendar)
    state = used(deadline, first, second)
    made = [CaseClock("reconsideration.limit", Party.APPLICANT, deadline, state, first, ref)]
    if ways.FREE in routes:
        deadline = clocks.litigation(reached, law, calendar)
        state = used(deadline, second, first)
        made.append(CaseClock("litigation.limit", Party.APPLICANT, deadline, state, second, ref))
    if review is not None and review.decided is not None:
        deadline = clocks.litigation_after_reconsideration(review.decided, law, calendar)
        state = used(deadline, second, None)
        made.append(
            CaseClock("litigation.after_reconsideration", Party.APPLICANT, deadline, state, second, review.no)
        )
    return made


def brought(remedies: list[Remedy]) -> tuple[Remedy | None, Remedy | None]:
    """The first reconsideration and the first suit among them."""
    review = next((part for part in remedies if part.kind == rulings.RECONSIDERATION), None)
    return review, next((part for part in remedies if part.kind != rulings.RECONSIDERATION), None)


def notified(remedy: Remedy | None) -> date | None:
    """The day on which a remedy was notified to the organ."""
    return remedy.received if remedy else None
