"""The days behind the deadline calculator: what each day is, and the last day for the reply from each.

All of it is worked out here, by the clock that the office uses; the page's script only looks it up.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from workflow import clocks
from workflow.base import names
from workflow.base.errors import OutOfLaw
from workflow.calendar import Calendar
from workflow.clocks import explanation
from workflow.web.site.guide import lang
from workflow.web.site.pages import word

RULE = "reply"
# One letter a day, small for a day off: what made it that.
_LETTERS = {"weekday": "w", "weekend": "e", "holiday": "h", "make_up": "m", "local": "l", "statutory": "s"}
_SAID = ("due", "beyond", "day", "number", "why", "off")
# In place of a last day that is not certain yet.
_OPEN = "-"
# The example goes over the longest days off of the year.
_EXAMPLE = (9, 24)


def page(calendar: Calendar, today: date) -> dict[str, Any]:
    """The values of the page: of days of receipt from last year on whose last day is certain."""
    first = date(today.year - 1, 1, 1)
    due: list[str] = []
    longest: list[str] = []
    until = day = first
    while found := _certain(day, False, calendar):
        late = _certain(day, True, calendar)
        due.append(str((found - day).days))
        longest.append(str((late - day).days) if late else _OPEN)
        until = max(until, found, late or found)
        day += timedelta(days=1)
    example = clocks.calculate(RULE, date(today.year, *_EXAMPLE), cal=calendar)
    kinds = "".join(_letter(calendar, first + timedelta(days=n)) for n in range((until - first).days + 1))
    return {
        "article": names.article(example.article),
        "first": first.isoformat(),
        "last": (day - timedelta(days=1)).isoformat(),
        "starts": len(due),
        "days": kinds if due else "",
        "due": " ".join(due),
        "longest": " ".join(longest),
        "spoken": json.dumps(_spoken(), ensure_ascii=False, sort_keys=True),
        "example_from": example.start.isoformat(),
        "example_due": example.due.isoformat(),
        "example": explanation.step_rows(example, calendar),
    }


def _certain(day: date, extended: bool, calendar: Calendar) -> date | None:
    """The last day for the reply; None where the days off on the way to it may still change."""
    try:
        found = clocks.calculate(RULE, day, extended, cal=calendar)
    except OutOfLaw:
        return None
    return None if found.provisional or "december_open" in found.notes else found.due


def _letter(calendar: Calendar, day: date) -> str:
    found = calendar.day(day)
    letter = _LETTERS[found.kind]
    return letter.upper() if found.working else letter


def _spoken() -> dict[str, str]:
    """What the script says: its words, and of each letter what such a day is."""
    said = {key: word(f"deadline.{key}", lang()) for key in _SAID}
    said["colon"] = word("site.colon", lang())
    for kind, letter in _LETTERS.items():
        said[letter] = said[letter.upper()] = word(f"deadline.{kind}", lang())
    return said
