"""The time to a reply in working days: gross, and net of what the law leaves out.

Counted like the limit itself: the day of the event from which the time runs (receipt, or the correction or
payment that begins it anew) is not counted, the day of the reply is. Net are the days on which the organ
could work on it: those taken out for consultations (Art. 33 in the law tables) are not counted, as they are
not in the limit.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from workflow.calendar import Calendar


class Spent(NamedTuple):
    """Working days from the start of the time for reply to the reply."""

    net: int
    gross: int


def spent(calendar: Calendar, start: date, replied: date, left_out: str | None) -> Spent:
    """`left_out` as the row of the case has it: first/last, joined by commas."""
    gross = max(0, calendar.count(start, replied))
    if not left_out:
        return Spent(gross, gross)
    return Spent(gross - sum(_days(calendar, part, start, replied) for part in left_out.split(",")), gross)


def _days(calendar: Calendar, part: str, start: date, replied: date) -> int:
    first, last = (date.fromisoformat(day) for day in part.split("/"))
    # As the clock: strictly after the day before the first, up to and including the last.
    before = max(date.fromordinal(first.toordinal() - 1), start)
    return max(0, calendar.count(before, min(last, replied)))
