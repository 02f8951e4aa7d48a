"""Single periods: from one event so many working days, days, months or years."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.calendar import Calendar
from workflow.clocks.deadline import WORKING_DAY, Deadline, fixed_notes, worse
from workflow.clocks.facts import CO_MAKER, THIRD_PARTY
from workflow.law import Value, Values
from workflow.law.setting_keys import SettingKey

if TYPE_CHECKING:
    from workflow.law import Law

Spans = tuple[tuple[date, date], ...]

OPINIONS = {THIRD_PARTY: "third_party.opinion", CO_MAKER: "co_maker.opinion"}


def correction_notice(received: date, L: Values, cal: Calendar) -> Deadline:
    """Until when the organ may ask for a correction: from receipt of the application (2019: Art. 30)."""
    return period("correction-notice", L.value("correction.notice", received), received, cal)


def consultation(
    kind: str,
    sent: date,
    L: Values,
    cal: Calendar,
    *,
    delivered: date | None = None,
    answer_by: date | None = None,
) -> Deadline:
    """Until when the consulted party may answer: from delivery, from sending where delivery is not known.

    For third_party and co_maker the law sets the period (2019: Arts. 32, 34); for others, and for third
    parties under the 2008 Regulations, the day that the office has set (`answer_by`). OutOfLaw where there is
    neither.
    """
    rule = f"{kind.replace('_', '-')}-opinion"
    start = delivered or sent
    if start < sent:
        message = N_("Delivered on {day}, before it was sent on {sent}.")
        raise Malformed(message, field="delivered", day=start.isoformat(), sent=sent.isoformat())
    limit = OPINIONS.get(kind)
    if limit is None or (answer_by is not None and not L.knows(limit, start)):
        if answer_by is None:
            answer_by = cal.add(sent, int(L.setting(SettingKey.OTHER_ORGAN_DAYS).default))
        return office_set(rule, sent, answer_by, "house:office_set", L, cal)
    notes = () if delivered else ("delivery_unknown",)
    return period(rule, L.value(limit, start), start, cal, notes)


def fee_payment(notified_on: date, L: Values, cal: Calendar) -> Deadline:
    """Until when the applicant may pay: from receipt of the fee notice (Measures 2020, Art. 6)."""
    return period("fee-payment", L.value("fee.payment", notified_on), notified_on, cal)


def reconsideration(served_on: date, L: Values, cal: Calendar, *, told: bool = True) -> Deadline:
    """Until when reconsideration may be asked for: from service of the decision.

    Not told of it: the longest time, from knowledge of the content. Ends on a working day.
    """
    limit = "reconsideration.limit" if told else "reconsideration.limit_untold"
    return period("reconsideration", L.value(limit, served_on), served_on, cal, () if told else ("untold",))


def litigation(served_on: date, L: Values, cal: Calendar, *, told: bool = True) -> Deadline:
    """Until when a direct suit may be brought: from service of the decision; not told: the longest time.

    Where the law gave a longer time before the one of the day of service was over, that longer one holds
    (法释〔2015〕9号 Art. 26(1)): from the same day.
    """
    value = L.value("litigation.limit" if told else "litigation.limit_untold", served_on)
    found = period("litigation", value, served_on, cal, () if told else ("untold",))
    (change,) = L.history("litigation.transition")
    if told and served_on < change.effective_from <= found.due:
        value = L.value("litigation.limit", change.effective_from)
        found = period("litigation", value, served_on, cal, ("litigation_transition",))
        return found._replace(status=worse(found.status, change.status))
    return found


def litigation_after_reconsideration(
    served_on: date, L: Values, cal: Calendar, *, told: bool = True
) -> Deadline:
    """Until when a suit may be brought after reconsideration: from service of that decision; not told of the
    time: the longest.
    """
    value = L.value("litigation.after_reconsideration" if told else "litigation.review_untold", served_on)
    notes = () if told else ("untold",)
    return period("litigation-after-reconsideration", value, served_on, cal, notes)


def litigation_inaction(reply_due: date, L: Values, cal: Calendar) -> Deadline:
    """Until when a suit may be brought because no reply came: from the end of the reply limit."""
    return period("litigation-inaction", L.value("litigation.inaction", reply_due), reply_due, cal)


def reconsideration_inaction(reply_due: date, L: Values, cal: Calendar) -> Deadline:
    """Until when reconsideration may be asked for because no reply came: from the end of the reply limit."""
    value = L.value("reconsideration.inaction", reply_due)
    return period("reconsideration-inaction", value, reply_due, cal)


def left_out(found: Deadline, spans: Spans, value: str, L: Values, cal: Calendar) -> Deadline:
    """A period of a remedy without the days on which the person was kept from it (both included).

    `value` names the rule that leaves them out, by the day on which the last of a span's days lies; OutOfLaw
    where there was none yet. Days before the period began or after its end change nothing.
    """
    rules = [L.value(value, last) for _, last in spans]
    kept = {first + timedelta(n) for first, last in spans for n in range((last - first).days + 1)}
    nominal = day = found.first_due
    lost = sum(found.start < one <= nominal for one in kept)
    while lost:
        day += timedelta(1)
        lost -= day not in kept
    due = cal.roll(day)
    if day == nominal:
        return found
    notes = tuple(note for note in found.notes if note not in ("rolled", "december_open"))
    return found._replace(
        due=due,
        first_due=day,
        excluded=tuple(sorted(spans)),
        status=worse(found.status, *(rule.status for rule in rules)),
        provisional=cal.provisional(due),
        notes=(*notes, "left_out", *(("rolled",) if due != day else ()), *fixed_notes(due, cal)),
    )


def absolute(remedy: str, made_on: date, L: Values, cal: Calendar) -> Deadline:
    """The longest time for a remedy ('reconsideration', 'litigation'), from the making of the decision."""
    value = L.value(f"{remedy}.limit_absolute", made_on)
    return period(f"{remedy}-absolute", value, made_on, cal)


def review_silent(ended_on: date, L: Values, cal: Calendar) -> Deadline:
    """Until when a suit may be brought because no decision on reconsideration came: from the end of its
    time.
    """
    return period("litigation-review-silent", L.value("litigation.review_silent", ended_on), ended_on, cal)


def told_otherwise(found: Deadline, told: Deadline, remedy: str, L: Law) -> Deadline:
    """A period of which the notice said another length than the law (法释〔2026〕3号 Art. 5(1)).

    For a suit the longer one that was told runs to its end, and of a shorter one the lawful time stays. For
    reconsideration no text says what follows: the lawful time stands, unsettled.
    """
    if told.due == found.due:
        return found
    note = "told_long" if told.due > found.due else "told_short"
    rule = L.faulty_notice(remedy, note, found.start)
    if remedy == "reconsideration":
        unsettled = rule.status if rule else "U"
        return found._replace(status=worse(found.status, unsettled), notes=(*found.notes, "told_wrong"))
    # The interpretation of 2026 says it; for earlier periods it is inferred.
    status = worse(found.status, rule.status if rule else "C")
    if note == "told_long":
        return told._replace(
            article=found.article, instrument=found.instrument, status=status, notes=(*told.notes, note)
        )
    return found._replace(status=status, notes=(*found.notes, note))


def told_other_organ(found: Deadline, remedy: str, L: Law) -> Deadline:
    """A period of which the notice named another organ than the one that decides; Malformed where the notice
    names none."""
    rule = L.faulty_notice(remedy, "organ_wrong", found.start)
    if remedy != "reconsideration":
        raise Malformed(
            N_("Which organ was named matters for reconsideration only."), field="told", name=remedy
        )
    status = worse(found.status, rule.status if rule else "U")
    return found._replace(status=status, notes=(*found.notes, "told_organ"))


def reconsideration_decision(
    accepted_on: date, L: Values, cal: Calendar, *, simple: bool = False
) -> Deadline:
    """Until when the reconsideration organ has to decide: from acceptance of the request."""
    limit = "reconsideration.decision_simple" if simple else "reconsideration.decision"
    return period("reconsideration-decision", L.value(limit, accepted_on), accepted_on, cal)


def defence(kind: str, received_on: date, L: Values, cal: Calendar, *, simple: bool = False) -> Deadline:
    """Until when the organ has to answer a reconsideration, or to hand in its defence in a suit: from receipt
    of the copy of the request or claim. `simple`: the simple procedure of reconsideration, which there is
    since
    2024."""
    if kind == "reconsideration":
        limit = "reconsideration.defence_simple" if simple else "reconsideration.defence"
    else:
        limit = "litigation.defence"
    return period("remedy-defence", L.value(limit, received_on), received_on, cal)


def appeal(served_on: date, L: Values, cal: Calendar, *, ruling: bool = False) -> Deadline:
    """Until when an appeal against the first court may be brought: from service of its judgment or ruling."""
    limit = "litigation.appeal_ruling" if ruling else "litigation.appeal_judgment"
    return period("remedy-appeal", L.value(limit, served_on), served_on, cal)


def office_set(
    rule: str, start: date, due: date, article: str, L: Values, cal: Calendar, *, note: str = "office_set"
) -> Deadline:
    """A day that was set where the law sets none: by the office, or by whom the note says; it stands as it
    is, a day off included.

    Malformed for a day before `start` or an article that does not exist.
    """
    if due < start:
        message = N_("The last day, {due}, lies before the day of the event, {start}.")
        raise Malformed(message, field="due", rule=article, due=due.isoformat(), start=start.isoformat())
    instrument = L.citation(article).instrument
    return Deadline(
        rule=rule,
        start=start,
        due=due,
        unit=WORKING_DAY,
        length=cal.count(start, due),
        instrument=instrument,
        article=article,
        status="C",
        provisional=cal.provisional(due),
        extended_by=0,
        first_due=due,
        excluded=(),
        calendar_version=cal.version,
        notes=(note, *fixed_notes(due, cal)),
    )


def internal(rule: str, start: date, days: int, L: Values, cal: Calendar) -> Deadline:
    """One of the office's own targets: so many working days after an event. Malformed for fewer than one."""
    if days < 1:
        raise Malformed(N_("A target needs at least one working day: {n}."), field=rule, n=days)
    return office_set(rule, start, cal.add(start, days), "house:internal_target", L, cal)


def period(rule: str, value: Value, start: date, cal: Calendar, notes: tuple[str, ...] = ()) -> Deadline:
    """The period of a legal value from an event. Periods in days, months or years end on a working day."""
    if value.unit == WORKING_DAY:
        nominal = due = cal.add(start, value.value)
    else:
        cal.is_working(start)  # raises OutOfLaw before date arithmetic could overflow
        nominal = natural_end(start, value.value, value.unit)
        due = cal.roll(nominal)
        if due != nominal:
            notes = (*notes, "rolled")
    return Deadline(
        rule=rule,
        start=start,
        due=due,
        unit=value.unit,
        length=value.value,
        instrument=value.instrument,
        article=value.article,
        status=value.status,
        provisional=cal.provisional(due),
        extended_by=0,
        first_due=nominal,
        excluded=(),
        calendar_version=cal.version,
        notes=(*notes, *fixed_notes(due, cal)),
    )


def due_again(start: date, length: int, unit: str, cal: Calendar) -> date:
    """The last day of a period from its start and length alone, under another calendar than before."""
    if unit == WORKING_DAY:
        return cal.add(start, length)
    return cal.roll(natural_end(start, length, unit))


def told_period(found: Deadline, length: int, unit: str, cal: Calendar) -> Deadline:
    """The period as the notice named it, from the same day."""
    nominal = natural_end(found.start, length, unit)
    due = cal.roll(nominal)
    notes = (("rolled",) if due != nominal else ()) + fixed_notes(due, cal)
    return found._replace(
        due=due, first_due=nominal, length=length, unit=unit, notes=notes, provisional=cal.provisional(due)
    )


def natural_end(start: date, length: int, unit: str) -> date:
    """The last day of a period in days, months or years before it is moved off a day off.

    Months end on the day of the same number, or where there is none on the month's last day (Civil Code, Art.
    202).
    """
    if unit == "day":
        return start + timedelta(days=length)
    months = start.month - 1 + length * (12 if unit == "year" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(start.day, last))
