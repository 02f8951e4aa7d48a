"""The days of an iCalendar feed: each event off or work by its title, or by the sign of its maker."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from workflow.base.dates import CHINA
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.base.patterns import later
from workflow.calendar import fixed_holidays
from workflow.calendar.notice_days import Entry, Sheet

# A feed of holidays has some dozens of events; a larger one is not a single notice.
MOST_EVENTS, MOST_DAYS = 400, 40
_WORK = later(r"补班|上班|调休上班|工作日|[(（\[【]?班[)）\]】]?\s*$|work", re.IGNORECASE)
_OFF = later(r"假期|放假|休假|[(（\[【]?休[)）\]】]?\s*$|holiday|day off", re.IGNORECASE)


def of_feed(text: str) -> Sheet:
    """The days of an iCalendar feed: each event off or work by its title, its end the day after its last."""
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as fault:
        raise Malformed(
            N_("The file is not valid iCalendar: {detail}"), field="file", detail=str(fault)[:100]
        ) from None
    if len(events) > MOST_EVENTS:
        raise Malformed(N_("The file has more than {most} events."), field="file", most=MOST_EVENTS)
    entries: list[Entry] = []
    for event in events:
        title = str(event.get("SUMMARY", ""))
        kind = _MARKED.get(str(event.get("X-APPLE-SPECIAL-DAY", "")).strip().upper()) or (
            "work" if _WORK.search(title) else "off" if _OFF.search(title) else title[:40]
        )
        name = re.sub(r"[\s()（）\[\]【】]+", "", _OFF.sub("", _WORK.sub("", title))).removeprefix("补")
        days = _days_of(event, title)
        if _is_festival(title.strip(), days):
            kind = "off"
        entries += [Entry(day, kind, name) for day in days]
    return Sheet({}, entries)


def _is_festival(title: str, days: list[str]) -> bool:
    """Whether an event of several days bears the name of a festival alone and holds all the days that the law
    fixes for it. (One of a single day may only tell when the festival is.)
    """
    if len(days) < 2 or not days[0][:4].isdecimal():
        return False
    years = {int(day[:4]) for day in days} & {*fixed_holidays.years()}
    fixed = [
        {day.isoformat() for day, name, _ in fixed_holidays.holidays(year) if name == title} for year in years
    ]
    return any(one and one <= {*days} for one in fixed)


def _days_of(event: Any, title: str) -> list[str]:
    begun, ended, lasts = (_moment(event.get(name)) for name in ("DTSTART", "DTEND", "DURATION"))
    if not isinstance(begun, date) or "RRULE" in event:
        # Repeating events, and events without a first day, set no days of one notice.
        return [title[:40]]
    if isinstance(lasts, timedelta):
        ended = begun + lasts
    first, last = _day(begun), _day(begun)
    if isinstance(ended, date) and _day(ended) > first:
        # An end at midnight, or a day without a time, is the day after the last.
        within = isinstance(ended, datetime) and ended.time() > time(0)
        last = _day(ended) - timedelta(days=0 if within else 1)
    if (last - first).days > MOST_DAYS:
        return [f"{first} - {last}"]
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def _moment(given: Any) -> Any:
    """A day, a moment in the time of China, or a length of time; None for anything else."""
    try:
        found = getattr(given, "dt", None)
    except ValueError:
        return None  # a day that the library could not read
    if isinstance(found, datetime) and found.tzinfo is not None:
        return found.astimezone(CHINA)
    return found


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


# How the calendars of one maker mark a day, whatever the title.
_MARKED = {"WORK-HOLIDAY": "off", "ALTERNATE-WORKDAY": "work"}
