"""Working days: the State Council's notices year by year, an office's own days, and what was known when."""

from __future__ import annotations

import os
from bisect import bisect_right
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from workflow.base import tables
from workflow.base.errors import OutOfLaw
from workflow.base.messages import N_
from workflow.calendar import fixed_holidays
from workflow.calendar.working_days import Calendar

if TYPE_CHECKING:
    from workflow.calendar.days import Day, Festival, LocalDay, Missing, Notice

__all__ = ["Calendar", "Day", "Festival", "LocalDay", "Missing", "Notice", "known", "missing", "notices"]

FOLDER = os.path.dirname(__file__)


def __getattr__(name: str) -> Any:
    """What makes a calendar is imported on first use: most commands take the one that is kept."""
    if name not in __all__:
        raise AttributeError(name)
    from workflow.calendar import days

    return getattr(days, name)


def notices(extra: tuple[Notice, ...] = ()) -> tuple[Notice, ...]:
    """All notices in order of promulgation: the project's, and those that an office imported.

    An imported notice is dropped once the project itself has the notice of that year or number.
    """
    from workflow.calendar import notice_tables

    own = notice_tables.bundled()
    if not extra:
        return own
    years, numbers = {notice.year for notice in own}, {notice.number for notice in own if notice.number}
    added = [
        notice
        for notice in extra
        if notice.number not in numbers and (notice.amends or notice.year not in years)
    ]
    return notice_tables.in_order((*own, *added))


def known(
    as_known_on: date | None = None, local: tuple[LocalDay, ...] = (), extra: tuple[Notice, ...] = ()
) -> Calendar:
    """The calendar as it was known on a day (None: by all notices there are).

    `local` are days of the office's own place, `extra` notices that it has imported. OutOfLaw for a day
    before the first notice. The result is remembered: the same knowledge gives the same object.
    """
    if as_known_on is None and not local and not extra:
        return _bundled()
    found = notices(extra)
    if as_known_on is None:
        return _build(len(found), None, local, extra)
    if as_known_on < found[0].promulgated:
        raise OutOfLaw(
            N_("No notice on days off is known before {first}; asked for what was known on {date}."),
            field="as_known_on",
            date=as_known_on.isoformat(),
            first=found[0].promulgated.isoformat(),
        )
    count = bisect_right(found, as_known_on, key=lambda notice: notice.promulgated)
    return _build(count, fixed_holidays.known_on(as_known_on), local, extra)


@lru_cache(maxsize=32)
def _build(
    count: int, rule_day: date | None, local: tuple[LocalDay, ...], extra: tuple[Notice, ...]
) -> Calendar:
    """The calendar of the first so many notices: they stand in order of promulgation."""
    return Calendar(lambda: notices(extra)[:count], local, rule_day)


@cache
def _bundled() -> Calendar:
    """The calendar by all notices of the project, which most commands need: remembered until a table
    changes.
    """
    # The key also covers the code that builds the calendar.
    names = [name for name in sorted(os.listdir(FOLDER)) if name.endswith(".toml")]
    paths = [os.path.join(FOLDER, name) for name in (*names, "working_days.py")]
    kept = tables.remembered(paths, lambda _: {"made": Calendar(notices).plain})
    return Calendar(notices, made=kept["made"])


def missing(today: date, calendar: Calendar | None = None) -> Missing | None:
    """The notice that should have been imported by `today`, or None.

    Next year's is missed from 1 November (warn) and needed from 1 December (fail); a year that has begun
    without one is always a failure. One that ends mid-year counts as missing. The days are rows of
    statutory.toml.
    """
    from workflow.calendar.days import Missing

    until = (calendar or known()).announced_until
    last = until.year if (until.month, until.day) == (12, 31) else until.year - 1
    if last < today.year:
        return Missing(last + 1, "fail")
    warn_from, fail_from = fixed_holidays.alarm_days(today.year)
    if last > today.year or today < warn_from:
        return None
    return Missing(last + 1, "fail" if today >= fail_from else "warn")
