"""How a deadline was reached: each day counted or left out, and why."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from workflow.base.messages import N_, translate
from workflow.calendar import Calendar
from workflow.calendar.working_days import LOCAL, MAKE_UP, WEEKDAY, WEEKEND
from workflow.clocks.deadline import WORKING_DAY, Deadline

START = "start"
WINDOW = "window"
KEPT = "kept"
DAY = "day"
ARRIVAL = "arrival"
ROLL = "roll"
SET = "set"

REASONS = {
    START: N_("day of the event, not counted"),
    WEEKDAY: N_("working day"),
    MAKE_UP: N_("make-up working day"),
    WEEKEND: N_("weekend"),
    "holiday": N_("holiday"),
    "statutory": N_("holiday by law, the year is not announced"),
    LOCAL: N_("the office's own day"),
    WINDOW: N_("consultation, left out"),
    KEPT: N_("left out"),
    DAY: N_("day"),
    ARRIVAL: N_("last day of the period"),
    ROLL: N_("first working day after it"),
    SET: N_("day set by the office"),
}


class Step(NamedTuple):
    """One day: counted as the `number`-th or not, why, and the festival and notice behind it."""

    date: date
    counted: bool
    number: int
    reason: str
    festival: str
    notice: str

    def as_json(self) -> dict[str, Any]:
        """For machines; `number` is the count reached, None for a day left out."""
        return {
            "date": self.date.isoformat(),
            "counted": self.counted,
            "number": self.number if self.counted else None,
            "reason": self.reason,
            "festival": self.festival or None,
            "notice": self.notice or None,
        }

    @property
    def text(self) -> str:
        """The reason in words, in the language in force."""
        named = " ".join(part for part in (self.festival, self.notice) if part)
        reason = translate(REASONS[self.reason])
        return f"{reason} ({named})" if named else reason


def steps(deadline: Deadline, calendar: Calendar) -> list[Step]:
    """Every day from the event to the deadline."""
    first = [Step(deadline.start, False, 0, START, "", "")]
    if deadline.unit == WORKING_DAY:
        return first + _working(deadline, calendar)
    return first + _natural(deadline, calendar)


def as_json(deadline: Deadline, calendar: Calendar) -> dict[str, Any]:
    """A deadline for machines, with the list of its days."""
    return deadline.as_json() | {"derivation": [step.as_json() for step in steps(deadline, calendar)]}


def _working(deadline: Deadline, calendar: Calendar) -> list[Step]:
    found: list[Step] = []
    number, marks, to_date = 0, calendar.marks, date.fromordinal
    windows = [(first.toordinal(), last.toordinal()) for first, last in deadline.excluded]
    for ordinal in range(deadline.start.toordinal() + 1, deadline.due.toordinal() + 1):
        mark = marks.get(ordinal)
        if mark is None:
            working = (ordinal + 6) % 7 < 5
            reason, festival, notice = WEEKDAY if working else WEEKEND, "", ""
        else:
            reason, festival, notice = mark
            working = reason in _WORKED
            reason = _WORKED.get(reason, reason)
        if not working:
            found.append(_step(Step, (to_date(ordinal), False, number, reason, festival, notice)))
        elif windows and any(low <= ordinal <= high for low, high in windows):
            found.append(_step(Step, (to_date(ordinal), False, number, WINDOW, "", "")))
        else:
            number += 1
            found.append(_step(Step, (to_date(ordinal), True, number, reason, festival, notice)))
    return found


# Step(...) without its Python-level constructor: a long period has a hundred of them.
_step = tuple.__new__
_WORKED = {MAKE_UP: MAKE_UP, "local_work": LOCAL}


def _natural(deadline: Deadline, calendar: Calendar) -> list[Step]:
    found: list[Step] = []
    nominal = deadline.first_due
    if deadline.excluded or deadline.extended_by:
        # A remedy of which days are left out, or the reply, should its limit ever be in days or months: what
        # is left out, and the last day.
        why = KEPT if "left_out" in deadline.notes else WINDOW
        for first, last in deadline.excluded:
            days = (first + timedelta(n) for n in range((last - first).days + 1))
            found += [Step(day, False, 0, why, "", "") for day in days if deadline.start < day < deadline.due]
        found.append(Step(deadline.due, True, deadline.length, ARRIVAL, "", ""))
        return found
    if deadline.unit == "day":
        begin = deadline.start.toordinal()
        for number in range(1, deadline.length + 1):
            found.append(Step(date.fromordinal(begin + number), True, number, DAY, "", ""))
    else:
        found.append(Step(nominal, True, deadline.length, ARRIVAL, "", ""))
    for ordinal in range(nominal.toordinal(), deadline.due.toordinal()):
        day = calendar.day(date.fromordinal(ordinal))
        found.append(Step(day.date, False, deadline.length, day.kind, day.festival, day.notice))
    if deadline.due != nominal:
        found.append(Step(deadline.due, False, deadline.length, ROLL, "", ""))
    return found
