"""The organ's own time: for the reply, for asking a correction, and the targets that it sets itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow import clocks
from workflow.base.errors import OutOfLaw
from workflow.cases import letter_life
from workflow.cases.case import CaseFile
from workflow.cases.case_clock import CLOSED, CaseClock
from workflow.cases.context import Context
from workflow.cases.states import ClockState, Party, State
from workflow.cases.tracks import Consultation
from workflow.clocks import Deadline
from workflow.law.keys import Letter
from workflow.law.setting_keys import SettingKey


def law_day(case: CaseFile, context: Context) -> date:
    """The day whose law governs the application: that of its receipt, or the first of the Regulations that
    the office applies to what was open when they came into force."""
    assert case.received_on is not None
    return context.law.era(case.regulations).holds(case.received_on) if case.regulations else case.received_on


def reply_deadline(case: CaseFile, context: Context) -> Deadline:
    """The last day for the reply of the present round."""
    start = case.round_start if case.round > 1 else case.received_on
    assert start is not None
    facts = clocks.ReplyFacts(
        received=start,
        regulations=case.regulations,
        restarts=tuple(_corrections(case, context, start)),
        windows=tuple(_windows(case, start)),
        extension=_extension(case),
        delay_until=None,
        ordered_due=case.ordered_due,
    )

    due = context.periods.reply
    deadline = due(facts)
    if case.fee_paid is not None and case.fee_paid >= start and not _told_late_of_the_fee(case, deadline):
        facts = facts._replace(restarts=(*facts.restarts, clocks.Restart("payment", case.fee_paid)))
        deadline = due(facts)
    if case.mending is not None:
        # What the organ mends of its own accord has no time by law: the day is its own.
        return deadline._replace(article="house:own_mending")
    if case.delay_until is None:
        return deadline
    # A later day that the applicant was not told of in time is none.
    told = letter_life.told_on(case.lives, Letter.DELAY, start)
    if told is None or told > deadline.due:
        return deadline
    return due(facts._replace(delay_until=case.delay_until))


def _corrections(case: CaseFile, context: Context, start: date) -> Iterator[clocks.Restart]:
    """The days on which the time begins anew because the application was corrected."""
    if not (case.corrected or case.supplemented) or not _correction_restarts(case, context):
        return
    supplemented = case.supplemented if context.setting(SettingKey.SUPPLEMENT_RESTARTS) else []
    for day in (*case.corrected, *supplemented):
        if day >= start:
            yield clocks.Restart("correction", day)


def _windows(case: CaseFile, start: date) -> Iterator[clocks.Window]:
    """The consultations of this round, each of which takes its own time out."""
    for part in case.consultations:
        if part.sent >= start and not never_asked(case, part):
            yield clocks.Window(
                part.kind, _asked_on(case, part), part.delivered, part.answered, part.answer_by
            )


def _asking(case: CaseFile, part: Consultation) -> list[letter_life.Life]:
    """The letters of a consultation that have their effect once they are sent."""
    return [
        life
        for life in case.lives
        if life.no == part.no and life.from_sending and life.code != Letter.TIME_LEFT_OUT
    ]


def never_asked(case: CaseFile, part: Consultation) -> bool:
    """Whether the letter of a consultation is still here: nobody was asked, and no time is left out. That it
    arrived or was answered shows that it left; that it was recalled does not.
    """
    letters = _asking(case, part)
    known = part.delivered is not None or part.answer is not None
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


def organ_clocks(case: CaseFile, context: Context) -> list[CaseClock]:
    """The time for the reply, the days for asking a correction, and the office's own targets."""
    return [reply_clock(case, context), *_correction_notice(case, context), *_targets(case, context)]


def reply_clock(case: CaseFile, context: Context) -> CaseClock:
    """The clock of the reply of the present round."""
    reply = case.reply
    deadline = reply_deadline(case, context)
    replied = reply.replied_on if reply else None
    if replied is not None:
        state = ClockState.MET if replied <= deadline.due else ClockState.LATE
    elif case.state in CLOSED:
        state = ClockState.ENDED
    elif _waits_for_the_applicant(case, context, deadline):
        state = ClockState.STOPPED
    elif _waits_for_others(case, context):
        # The last day already includes all the time that may be left out: after it the reply is late.
        state = ClockState.STOPPED if "window_open" in deadline.notes else ClockState.PAUSED
    else:
        state = ClockState.RUNNING
    return CaseClock("reply.limit", Party.ORGAN, deadline, state, replied)


def _waits_for_the_applicant(case: CaseFile, context: Context, deadline: Deadline) -> bool:
    """Whether the applicant's answer will restart the reply limit, so that it does not run now."""
    match case.state:
        case State.CORRECTION_ASKED:
            return _asked_to_correct(case) is not None and _correction_restarts(case, context)
        case State.FEE_NOTIFIED:
            return told_of_the_fee(case) is not None and not _told_late_of_the_fee(case, deadline)
    return False


def _asked_to_correct(case: CaseFile) -> date | None:
    """The day on which the applicant was asked to correct; none as long as nothing was sent."""
    if case.correction_asked is None:
        return None
    return letter_life.told_on(case.lives, Letter.CORRECTION, case.correction_asked)


def told_of_the_fee(case: CaseFile) -> date | None:
    """The day on which the applicant was told of the fee; none as long as nothing was sent."""
    if case.fee_notified is None:
        return None
    return letter_life.told_on(case.lives, Letter.FEE, case.fee_notified)


def _told_late_of_the_fee(case: CaseFile, without: Deadline) -> bool:
    """Whether the notice of the fee left after the time for reply, as that is without a payment, as far as
    the entry lets that count."""
    life = letter_life.last(case.lives, Letter.FEE)
    told = told_of_the_fee(case)
    return life is not None and life.from_sending and told is not None and told > without.due


def _correction_restarts(case: CaseFile, context: Context) -> bool:
    """Whether a correction restarts the reply limit. The Regulations of 2008 are silent: an office setting
    decides, by default no.
    """
    if not context.law.knows("correction.restart", law_day(case, context)):
        return bool(context.setting(SettingKey.CORRECTION_RESTARTS_2008))
    return bool(context.setting(SettingKey.LATE_CORRECTION_RESTARTS)) or not _asked_late(case, context)


def _asked_late(case: CaseFile, context: Context) -> bool:
    """Whether the correction was asked for after its days, as far as the entry lets that count."""
    life = letter_life.last(case.lives, Letter.CORRECTION)
    asked = _asked_to_correct(case)
    if life is None or not life.from_sending or asked is None or case.received_on is None:
        return False
    if not context.law.knows("correction.notice", case.received_on):
        # The Regulations of that day set no such days, although those of today govern the case.
        return False
    return asked > context.periods.correction_notice(case.received_on).due


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
        deadline = context.periods.correction_notice(case.received_on or law_day(case, context))
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
        deadline = context.periods.internal(f"internal.{name}", start, days)
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
