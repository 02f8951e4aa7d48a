"""Days that became working days or days off since a case was last written: the reasons of moved deadlines."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import select

from workflow import calendar
from workflow.base import dates
from workflow.calendar import Calendar
from workflow.office.seat import Seat
from workflow.storage.tables import TABLES

# So many of the newest notices of the project may have come with a newer program.
RECENT = 3


Differences = tuple[tuple[date, str, str], ...]


class Reasons:
    """Which days are working days now and were not, or the reverse, when a case was last written."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        with seat.store.reading() as connection:
            table = TABLES["notice"]
            rows = connection.execute(select(table.c.id, table.c.imported_at))
            self.imported = {row.id: row.imported_at for row in rows}
        self.moments = sorted(self.imported.values())
        # Whatever was written within the same hour with the same notices had the same calendar.
        self.known: dict[tuple[str, int], Differences] = {}
        self.told: dict[tuple[str, int, date, date], tuple[tuple[str, str, str], ...]] = {}

    def between(self, recorded_at: str, first: date, last: date) -> tuple[tuple[str, str, str], ...]:
        """(day, 'working' or 'off', notice or festival) of the days that changed between two days."""
        key = recorded_at[:13], bisect_right(self.moments, recorded_at)
        found = self.told.get((*key, first, last))
        if found is None:
            if key not in self.known:
                self.known[key] = self._all(recorded_at)
            among = ((day, kind, why) for day, kind, why in self.known[key] if first <= day <= last)
            found = tuple((day.isoformat(), kind, why) for day, kind, why in among)
            self.told[*key, first, last] = found
        return found

    def _all(self, recorded_at: str) -> Differences:
        then = dates.china_day(datetime.fromisoformat(recorded_at))
        extra = tuple(
            notice for notice in self.seat.notices if self.imported.get(notice.id, "") <= recorded_at
        )
        old = calendar.known(then, local=self.seat.office.local_days, extra=extra)
        return _differences(old, self.seat.context.calendar)


@lru_cache(maxsize=64)
def _differences(old: Calendar, new: Calendar) -> Differences:
    """All days from the old calendar's last announced year on that the two see differently."""
    found = []
    day, end = date(old.announced_until.year, 1, 1), new.announced_until + timedelta(days=366)
    while day <= end:
        before, after = old.day(day), new.day(day)
        if before.working != after.working:
            why = after.notice or after.festival or before.festival
            found.append((day, "working" if after.working else "off", why))
        day += timedelta(days=1)
    return tuple(found)
