"""The clocks of a case: which run, for whom, until when, and their state.

Pure: the same facts of a case always give the same clocks. Nothing depends on today; whether a running clock
is overdue is computed where it is displayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow import clocks
from workflow.base.completeness import require_known
from workflow.base.errors import OutOfLaw
from workflow.cases import letter_life, persons, row_register, row_report, rulings, states, ways
from workflow.cases.case import CaseFile, Consultation, Remedy
from workflow.cases.context import Context
from workflow.cases.states import ClockState, Party, State
from workflow.clocks import Deadline
from workflow.clocks.deadline import NOTES
from workflow.law.keys import Letter

# States in which the reply limit waits for the applicant.
WAITING = (State.CORRECTION_ASKED, State.FEE_NOTIFIED)
CLOSED = (State.WITHDRAWN, State.LAPSED, State.FILED, State.VOID)

# Clocks of things that the organ may do until a day, but need not: ask for a correction, appeal.
_MAY = ("correction.notice", "remedy.appeal")
# Notes of a deadline that depends on more than its start and length.
_MORE_TO_IT = {
    "delayed",
    "delay_idle",
    "ordered",
    "office_set",
    "window",
    "window_open",
    "window_idle",
    "extended",
    "extension_late",
    "extension_dropped",
    "extension_capped",
}


# Every clock that a case can have; names are in names.toml, alerts in thresholds.toml.
RULES = (
    "reply.limit",
    "correction.notice",
    "correction.answer",
    "reasons.answer",
    "fee.payment",
    "third_party.opinion",
    "co_maker.opinion",
    "other_organ.opinion",
    "referral.opinion",
    "reconsideration.limit",
    "litigation.limit",
    "litigation.after_reconsideration",
    "reconsideration.inaction",
    "litigation.inaction",
    "reconsideration.third_party",
    "litigation.third_party",
    "reconsideration.longest",
    "litigation.longest",
    "remedy.defence",
    "remedy.hearing",
    "remedy.appeal",
    "remedy.redecision",
    "internal.registration",
    "internal.drafting",
    "internal.review",
)

require_known("cases/clocks._MAY", _MAY, "clocks.RULES", RULES)
require_known("cases/clocks._MORE_TO_IT", _MORE_TO_IT, "clocks/deadline.NOTES", NOTES)
# The office's own targets; each is a clock.
TARGETS = tuple(rule.removeprefix("internal.") for rule in RULES if rule.startswith("internal."))


@dataclass(frozen=True)
class CaseClock:
    """One clock of a case; ref numbers the consultation or remedy it belongs to (0: the case itself)."""

    rule: str
    party: str
    deadline: Deadline
    state: str
    met_on: date | None = None
    ref: int = 0

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            require_known("cases/clocks.py", [self.rule], "clocks.RULES", RULES)

    @property
    def key(self) -> tuple[str, int]:
        """What identifies the clock within its case."""
        return self.rule, self.ref

    @property
    def plain(self) -> bool:
        """Whether start and length alone determine it, so that it can be recomputed from them."""
        deadline = self.deadline
        if deadline.extended_by or deadline.excluded:
            return False
        return self.rule.startswith("internal.") or not _MORE_TO_IT & set(deadline.notes)

    def seen_on(self, today: date) -> str:
        """The state as displayed on a day: a running clock past its last day is missed where the organ had a
        duty, and expired where somebody merely lost a right.
        """
        return seen_on(self.state, self.party, self.rule, self.deadline.due, today)


def seen_on(state: str, party: str, rule: str, due: date, today: date) -> str:
    """As CaseClock.seen_on, from the row of a clock."""
    if state not in states.GOING or due >= today:
        return state
    return ClockState.MISSED if party == Party.ORGAN and rule not in _MAY else ClockState.EXPIRED


def law_day(case: CaseFile, context: Context) -> date:
    """The day whose law governs the application: that of its receipt, or the first of the Regulations that
    the office applies to what was open when they came into force."""
    assert case.received_on is not None
    return context.law.era(case.regulations).holds(case.received_on) if case.regulations else case.received_on


def all_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """Every clock of the case in a fixed order; none while receipt still has to be confirmed by the
    applicant.
    """
    if case.unconfirmed:
        return _remedies(case, context)
    made = [
        *_organ(case, context),
        *_applicant(case, context),
        *_consulted(case, context),
        *_remedies(case, context),
    ]
    return [clock for clock in made if clock is not None]


# --- the organ's own time


def reply_deadline(case: CaseFile, context: Context) -> Deadline:
    """The last day for the reply of the present round."""
    start = case.round_start if case.round > 1 else case.received_on
    assert start is not None
    corrected = case.corrected if _correction_restarts(case, context) else []
    if context.setting("supplement_restarts") and _correction_restarts(case, context):
        corrected = [*corrected, *case.supplemented]
    restarts = [clocks.Restart("correction", day) for day in corrected if day >= start]
    if case.fee_paid is not None and case.fee_paid >= start:
        restarts.append(clocks.Restart("payment", case.fee_paid))
    windows = tuple(
        clocks.Window(part.kind, _asked_on(case, part), part.delivered, part.answered, part.answer_by)
        for part in case.consultations
        if part.sent >= start and not never_asked(case, part)
    )
    extension, delay = _extension(case), case.delay_until
    facts = clocks.ReplyFacts(
        received=start,
        regulations=case.regulations,
        restarts=tuple(restarts),
        windows=windows,
        extension=extension,
        delay_until=None,
        ordered_due=case.ordered_due,
    )
    deadline = clocks.reply(facts, context.law, context.calendar, context.settings)
    if case.mending is not None:
        # What the organ mends of its own accord has no time by law: the day is its own.
        return deadline._replace(article="house:own_mending")
    if delay is None:
        return deadline
    # A later day that the applicant was not told of in time is none.
    told = letter_life.told_on(case.lives, Letter.DELAY, start)
    if told is None or told > deadline.due:
        return deadline
    return clocks.reply(facts._replace(delay_until=delay), context.law, context.calendar, context.settings)


def _asking(case: CaseFile, part: Consultation) -> list[letter_life.Life]:
    """The letters of a consultation that have their effect once they are sent."""
    return [
        life
        for life in case.lives
        if life.no == part.no and life.from_sending and life.code != Letter.TIME_LEFT_OUT
    ]


def never_asked(case: CaseFile, part: Consultation) -> bool:
    """Whether the letter of a consultation is still here: nobody was asked, and no time is left out."""
    letters = _asking(case, part)
    known = part.delivered is not None or part.answered is not None
    return bool(letters) and not known and not any(life.first or life.left_on for life in letters)


def _asked_on(case: CaseFile, part: Consultation) -> date:
    """The day on which a consultation went out: of its act, or the later one on which its letter left."""
    left = [life.first for life in _asking(case, part) if life.first]
    posted = min(left, default=part.sent)
    known = [day for day in (part.delivered, part.answered) if day is not None]
    return posted if posted > part.sent and all(posted <= day for day in known) else part.sent


def _extension(case: CaseFile) -> clocks.Extension | None:
    """The extension, from the day on which the applicant was told of it; none as long as he was not."""
    if case.extension is None:
        return None
    announced, days = case.extension
    told = letter_life.told_on(case.lives, Letter.EXTENSION, announced)
    return clocks.Extension(told, days) if told is not None else None


def _organ(case: CaseFile, context: Context) -> list[CaseClock]:
    made = []
    reply = case.reply
    deadline = reply_deadline(case, context)
    replied = reply.replied_on if reply else None
    if replied is not None:
        state = ClockState.MET if replied <= deadline.due else ClockState.LATE
    elif case.state in CLOSED:
        state = ClockState.ENDED
    elif _waits_for_the_applicant(case, context):
        state = ClockState.STOPPED
    elif _waits_for_others(case, context):
        # The last day already includes all the time that may be left out: after it the reply is late.
        state = ClockState.STOPPED if "window_open" in deadline.notes else ClockState.PAUSED
    else:
        state = ClockState.RUNNING
    made.append(CaseClock("reply.limit", Party.ORGAN, deadline, state, replied))
    made += _correction_notice(case, context)
    made += _targets(case, context)
    return made


def _waits_for_the_applicant(case: CaseFile, context: Context) -> bool:
    """Whether the applicant's answer will restart the reply limit, so that it does not run now."""
    match case.state:
        case State.CORRECTION_ASKED:
            return _asked_to_correct(case) is not None and _correction_restarts(case, context)
        case State.FEE_NOTIFIED:
            return _told_of_the_fee(case) is not None
    return False


def _asked_to_correct(case: CaseFile) -> date | None:
    """The day on which the applicant was asked to correct; none as long as nothing was sent."""
    if case.correction_asked is None:
        return None
    return letter_life.told_on(case.lives, Letter.CORRECTION, case.correction_asked)


def _told_of_the_fee(case: CaseFile) -> date | None:
    """The day on which the applicant was told of the fee; none as long as nothing was sent."""
    if case.fee_notified is None:
        return None
    return letter_life.told_on(case.lives, Letter.FEE, case.fee_notified)


def _correction_restarts(case: CaseFile, context: Context) -> bool:
    """Whether a correction restarts the reply limit. The Regulations of 2008 are silent: an office setting
    decides, by default no.
    """
    if not context.law.knows("correction.restart", law_day(case, context)):
        return bool(context.setting("correction_restarts_2008"))
    return bool(context.setting("late_correction_restarts")) or not _asked_late(case, context)


def _asked_late(case: CaseFile, context: Context) -> bool:
    """Whether the correction was asked for after its days, as far as the entry lets that count."""
    life = letter_life.last(case.lives, Letter.CORRECTION)
    asked = _asked_to_correct(case)
    if life is None or not life.from_sending or asked is None or case.received_on is None:
        return False
    return asked > clocks.correction_notice(case.received_on, context.law, context.calendar).due


def _waits_for_others(case: CaseFile, context: Context) -> bool:
    """Whether a consultation is open whose time is left out."""
    return any(
        part.state == State.SENT
        and not never_asked(case, part)
        and clocks.leaves_out(part.kind, law_day(case, context), context.law, context.settings)
        for part in case.consultations
    )


def _correction_notice(case: CaseFile, context: Context) -> list[CaseClock]:
    try:
        deadline = clocks.correction_notice(
            case.received_on or law_day(case, context), context.law, context.calendar
        )
    except OutOfLaw:
        return []
    asked = _asked_to_correct(case)
    if asked is not None:
        state = ClockState.MET if asked <= deadline.due else ClockState.LATE
    elif case.state in (*CLOSED, State.JOINED) or case.reply is not None or case.round > 1:
        state = ClockState.ENDED
    else:
        # That the unit took it in hand does not end it: it is the unit that finds the content unclear.
        state = ClockState.RUNNING
    return [CaseClock("correction.notice", Party.ORGAN, deadline, state, asked)]


def _targets(case: CaseFile, context: Context) -> list[CaseClock]:
    spans = {
        "registration": (case.received_on, case.registered),
        "drafting": (case.accepted, case.submitted),
        "review": (case.submitted, case.approved),
    }
    made = []
    for name, days in context.targets.items():
        start, done = spans[name]
        if start is None or (done is None and case.taken_over is not None and case.reply is not None):
            # What an old register does not tell was no target that is missed now.
            continue
        deadline = clocks.internal(f"internal.{name}", start, days, context.law, context.calendar)
        state = (
            ClockState.RUNNING
            if done is None
            else ClockState.MET
            if done <= deadline.due
            else ClockState.LATE
        )
        if done is None and case.state in CLOSED:
            state = ClockState.ENDED
        made.append(CaseClock(f"internal.{name}", Party.ORGAN, deadline, state, done))
    return made


def reply_clock(case: CaseFile, context: Context) -> CaseClock:
    """The clock of the reply of the present round."""
    return next(clock for clock in _organ(case, context) if clock.rule == "reply.limit")


# --- the applicant's time


def _reached(case: CaseFile, letter: str) -> date | None:
    life = letter_life.last(case.lives, letter)
    return life.arrived if life else None


def _applicant(case: CaseFile, context: Context) -> list[CaseClock]:
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
        start = _reached(case, Letter.FEE) or _told_of_the_fee(case)
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
    if case.contested_round == case.round:
        for reply in ways.supplemented(case):
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
    review = next((part for part in contested if part.kind == "reconsideration"), None)
    suit = next((part for part in contested if part.kind != "reconsideration"), None)
    first, second = review.received if review else None, suit.received if suit else None
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


def used(deadline: Deadline, this: date | None, other: date | None) -> str:
    """The state of a remedy period: used, superseded by the other remedy, or still running."""
    if this is not None:
        return ClockState.MET if this <= deadline.due else ClockState.LATE
    return ClockState.RUNNING if other is None else ClockState.ENDED


# --- those consulted


def consultation_deadline(case: CaseFile, part: Consultation, context: Context) -> Deadline | None:
    """The last day for the answer; None where neither the law nor the organ's letter sets one."""
    try:
        return clocks.consultation(
            part.kind,
            part.sent,
            context.law,
            context.calendar,
            delivered=part.delivered,
            answer_by=part.answer_by,
        )
    except OutOfLaw:
        return None


def _consulted(case: CaseFile, context: Context) -> list[CaseClock]:
    made = []
    for part in case.consultations:
        deadline = consultation_deadline(case, part, context)
        if deadline is None:
            continue
        if part.state == State.ANSWERED and part.answered is not None:
            state = ClockState.MET if part.answered <= deadline.due else ClockState.LATE
        else:
            state = (
                ClockState.RUNNING
                if part.state == State.SENT and case.state not in CLOSED
                else ClockState.ENDED
            )
        made.append(
            CaseClock(f"{part.kind}.opinion", Party.CONSULTED, deadline, state, part.answered, part.no)
        )
    return made


# --- what is brought against the organ


def _remedies(case: CaseFile, context: Context) -> list[CaseClock]:
    made = []
    for part in case.remedies:
        deadline = defence_deadline(case, part, context)
        done = part.defended
        state = (
            ClockState.RUNNING
            if done is None
            else ClockState.MET
            if done <= deadline.due
            else ClockState.LATE
        )
        if done is None and part.state in (State.DECIDED, State.APPEALED):
            state = ClockState.ENDED
        made.append(CaseClock("remedy.defence", Party.ORGAN, deadline, state, done, part.no))
        if part.hearing is not None:
            start = part.appealed or part.received
            deadline = _set(case, "remedy.hearing", start, part.hearing, context)
            state = ClockState.RUNNING if part.decided is None else ClockState.ENDED
            made.append(CaseClock("remedy.hearing", Party.ORGAN, deadline, state, None, part.no))
        made += _after_judgment(case, part, context)
    return made


def _set(case: CaseFile, rule: str, start: date, due: date, context: Context) -> Deadline:
    """A day set by the authority or court that decides the remedy."""
    basis = context.process.guard_rule("no_open_remedy", case.regulations, start)
    return clocks.office_set(rule, min(start, due), due, basis, context.law, context.calendar)


def defence_deadline(case: CaseFile, part: Remedy, context: Context) -> Deadline:
    """Until when the organ answers: as the notice says, else the statutory time from the day of receipt."""
    if part.defence_due is not None:
        return _set(case, "remedy.defence", part.received, part.defence_due, context)
    return clocks.defence(part.kind, part.received, context.law, context.calendar, simple=part.simple)


def appeal_deadline(part: Remedy, context: Context) -> Deadline | None:
    """Until when the first court's decision can be appealed; None in reconsideration, and before there is
    one.
    """
    if part.kind == "reconsideration" or part.served is None or (part.first and part.appealed is None):
        return None
    received, _, result = part.first or (part.served, "", part.result)
    ruling = result is not None and rulings.one(result).ruling
    return clocks.appeal(received, context.law, context.calendar, ruling=ruling)


def _after_judgment(case: CaseFile, part: Remedy, context: Context) -> list[CaseClock]:
    """The organ's own time to appeal, and the time in which it has to begin what was ordered."""
    made = []
    deadline = appeal_deadline(part, context)
    if deadline is not None:
        state, on = ClockState.RUNNING, None
        if part.appealed is not None:
            on = part.appealed if part.appealed_by == "organ" else None
            state = ClockState.MET if on is not None else ClockState.ENDED
        elif case.round > part.against_round:
            state = ClockState.ENDED
        made.append(CaseClock("remedy.appeal", Party.ORGAN, deadline, state, on, part.no))
    if part.orders_redecision and part.decided is not None:
        binds = part.runs_from or part.decided
        if part.ordered_due is not None:
            deadline = clocks.office_set(
                "remedy.redecision",
                min(binds, part.ordered_due),
                part.ordered_due,
                part.limit or "house:order",
                context.law,
                context.calendar,
            )
        else:
            facts = clocks.ReplyFacts(binds, regulations=case.regulations)
            deadline = clocks.reply(facts, context.law, context.calendar, context.settings)
        # Once it is begun, the reply limit takes over.
        state = ClockState.ENDED if case.round > part.against_round else ClockState.RUNNING
        made.append(CaseClock("remedy.redecision", Party.ORGAN, deadline, state, None, part.no))
    return made


def last_day(case: CaseFile, context: Context, rule: str) -> date | None:
    """The last day of a clock of the case by its rule; None if there is no such clock."""
    return next((clock.deadline.due for clock in _applicant(case, context) if clock.rule == rule), None)


def _finish(case: CaseFile) -> tuple[date | None, str | None]:
    """When the present round was finished, and with which outcome; an entry that is void never was one."""
    if case.state == State.VOID:
        return None, None
    latest = case.replies[-1] if case.replies else None
    outcome = None
    if latest and latest.round == case.round:
        outcome = latest.outcome
        # A reply that could not be served and was filed without service ends with the filing.
        finished = latest.replied_on or case.filed
        if finished is not None:
            return finished, outcome
    for day, ending in (
        (case.withdrawn, "withdrawn"),
        (case.correction_lapsed, "lapsed_correction"),
        (case.fee_lapsed, "lapsed_fee"),
    ):
        if day:
            return day, ending
    return None, outcome


def project(case: CaseFile, made: list[CaseClock]) -> dict[str, Any]:
    """The columns of the case's row, from the fold and its clocks."""
    # None while receipt still has to be confirmed: no time runs.
    reply_clock = next((clock for clock in made if clock.rule == "reply.limit"), None)
    latest = case.replies[-1] if case.replies else None
    finished, outcome = _finish(case)
    return {
        "state": case.state,
        "open": case.open,
        "round": case.round,
        "regulations": case.regulations,
        "received_on": case.received_on,
        "channel": case.channel,
        "applicant_name": persons.name_of(case),
        "applicant_kind": case.applicant["kind"],
        "request": case.request,
        "unit": case.unit,
        "handler": case.handler,
        "reply_due": reply_clock.deadline.due if reply_clock else None,
        "reply_provisional": bool(reply_clock and reply_clock.deadline.provisional),
        "reply_clock": reply_clock.state if reply_clock else None,
        "replied_on": latest.replied_on if latest else None,
        "served_on": latest.served if latest else None,
        "finished_on": finished,
        "filed_on": case.filed,
        "outcome": outcome,
        "decision_code": latest.code if latest else None,
        "decision_number": latest.number if latest else None,
        "last_on": case.last_on,
        "entries": case.entries,
        "retention": case.retention,
        "keep_until": case.keep_until,
        "destroyed_on": case.destroyed,
        **row_report.columns(case),
        **row_register.columns(case, reply_clock.deadline if reply_clock else None),
    }
