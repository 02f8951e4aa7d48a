"""The calendar proper: which days are worked, and the working day that is so many working days away."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import date
from itertools import accumulate, compress

from workflow.calendar import statutory
from workflow.calendar.days import HOLIDAY, LOCAL, MAKE_UP, STATUTORY, WEEKDAY, WEEKEND, Day, LocalDay, Notice
from workflow.errors import Malformed, OutOfLaw
from workflow.i18n import N_

_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))
_NO_WORK, _WORK = 0, 1

Mark = tuple[str, str, str]


class Calendar:
    """Working days under the notices known on a day, with an office's own days over them.

    Every day of the years for which lunar days are known has an answer; days after `announced_until` have one
    by the fixed statutory holidays only and are provisional. Days outside raise OutOfLaw.
    """

    def __init__(
        self, notices: tuple[Notice, ...], local: tuple[LocalDay, ...], rules_known_on: date | None = None
    ) -> None:
        self.notices = notices
        self.local = local
        self.rules_known_on = rules_known_on
        self.announced_until = date(_last_year(notices), 12, 31)
        self._december_from = statutory.december_from(self.announced_until.year)
        self.last = date(statutory.years()[-1], 12, 31)
        self._marks: dict[int, Mark] | None = None
        self.first = min((*notices[0].off, *notices[0].work))
        self._base = base = self.first.toordinal()
        length = self.last.toordinal() - base + 1
        start = self.first.weekday()
        work = bytearray((_WEEK * (length // 7 + 2))[start : start + length])
        for ordinal, (kind, _, _) in self._set_days():
            work[ordinal - base] = _WORK if kind in _WORKED else _NO_WORK
        self._work = work
        self._rank = list(accumulate(work))
        self._ordinals = list(compress(range(base, base + length), work))
        self.version = f"{self.announced_until.year}.{zlib.crc32(work):08x}"

    def _set_days(self) -> Iterator[tuple[int, Mark]]:
        """Days that something sets, weakest first: the law, the notices in order, the office's own."""
        for year in statutory.years():
            for day, festival, source in statutory.holidays(year, self.rules_known_on):
                yield day.toordinal(), (STATUTORY, festival, source)
        for notice in self.notices:
            name = notice.name
            for item in notice.festivals:
                for day in item.off:
                    yield day.toordinal(), (HOLIDAY, item.name, name)
                for day in item.work:
                    yield day.toordinal(), (MAKE_UP, item.name, name)
        for own in self.local:
            ordinal = own.date.toordinal()
            if not self._base <= ordinal <= self.last.toordinal():
                raise self._outside(own.date)
            yield ordinal, (_LOCAL_WORK if own.working else LOCAL, own.name, own.source)

    @property
    def marks(self) -> dict[int, Mark]:
        """By ordinal, the days that are not what the plain week makes of them: (kind, festival, notice)."""
        if self._marks is None:
            # A holiday fixed by law that a notice left a working day does not occur; the last word is the notice's.
            self._marks = dict(self._set_days())
        return self._marks

    def is_working(self, day: date) -> bool:
        """Whether a day is a working day."""
        return self._work[self._position(day)] == _WORK

    def add(self, start: date, n: int) -> date:
        """The n-th working day strictly after `start`; for n = 0 the first working day on or after it."""
        position = start.toordinal() - self._base
        if n <= 0 or position < 0:
            return self._add_rarely(start, n)
        try:
            return date.fromordinal(self._ordinals[self._rank[position] + n - 1])
        except IndexError:
            reached = min(start.toordinal() + n, date.max.toordinal())
            raise self._outside(date.fromordinal(reached)) from None

    def _add_rarely(self, start: date, n: int) -> date:
        if n < 0:
            raise Malformed(N_("A number of working days cannot be negative: {n}."), field="days", n=n)
        self._position(start)
        return self.roll(start)

    def roll(self, day: date) -> date:
        """The first working day on or after `day`."""
        position = self._position(day)
        try:
            return date.fromordinal(self._ordinals[self._rank[position] - self._work[position]])
        except IndexError:
            raise self._outside(day) from None

    def count(self, after: date, until: date) -> int:
        """Working days after `after` up to and including `until`; negative where `until` comes first."""
        return self._rank[self._position(until)] - self._rank[self._position(after)]

    def provisional(self, day: date) -> bool:
        """Whether a day lies past the last year that the State Council has announced."""
        return day > self.announced_until

    def december_open(self, day: date) -> bool:
        """Whether a day is one of the last of the last announced year, which the next notice may still change."""
        return self._december_from <= day <= self.announced_until

    def day(self, day: date) -> Day:
        """A day with what made it a working day or a day off."""
        working = self.is_working(day)
        mark = self.marks.get(day.toordinal())
        if mark is None:
            return Day(day, working, WEEKDAY if working else WEEKEND, "", "")
        kind, festival, notice = mark
        return Day(day, working, LOCAL if kind == _LOCAL_WORK else kind, festival, notice)

    def year(self, year: int) -> tuple[Day, ...]:
        """The days of a year that a notice, the law or the office sets, in order."""
        self._position(date(year, 1, 1)), self._position(date(year, 12, 31))
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        return tuple(self.day(date.fromordinal(o)) for o in sorted(self.marks) if first <= o <= last)

    def _position(self, day: date) -> int:
        position = day.toordinal() - self._base
        if not 0 <= position < len(self._work):
            raise self._outside(day)
        return position

    def _outside(self, day: date) -> OutOfLaw:
        return OutOfLaw(
            N_("The calendar of working days does not reach {date}: it runs from {first} to {last}."),
            field="date",
            date=day.isoformat(),
            first=self.first.isoformat(),
            last=self.last.isoformat(),
        )


_LOCAL_WORK = "local_work"
_WORKED = (MAKE_UP, _LOCAL_WORK)


def _last_year(notices: tuple[Notice, ...]) -> int:
    """The last year in an unbroken series of announced years."""
    announced = {notice.year for notice in notices}
    year = min(announced)
    while year + 1 in announced:
        year += 1
    return year
