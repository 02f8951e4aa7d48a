"""Working days: which days are worked, and arithmetic by working days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, compress
from typing import TYPE_CHECKING

from workflow.base.errors import Malformed, OutOfLaw
from workflow.base.messages import N_
from workflow.calendar import fixed_holidays

if TYPE_CHECKING:
    from workflow.calendar.days import Day, LocalDay, Notice

# Kinds of days.
WEEKDAY = "weekday"
WEEKEND = "weekend"
HOLIDAY = "holiday"
MAKE_UP = "make_up"
LOCAL = "local"
STATUTORY = "statutory"

_WEEK = bytes((1, 1, 1, 1, 1, 0, 0))
_NO_WORK, _WORK = 0, 1
# The way most often gone of all that clocks compute.
_from_ordinal = date.fromordinal

Mark = tuple[str, str, str]
# First and last day, last day announced, first day of the open December, a byte a day, and the marks, by
# ordinals; how many days are worked up to each, and the ordinals of those worked, four bytes a number; the
# version.
Made = tuple[int, int, int, int, bytes, dict[int, Mark], bytes, bytes, str]


class Calendar:
    """Working days under the notices known on a day, with an office's own days over them.

    Every day of the years for which lunar days are known has an answer; days after `announced_until` have one
    by the fixed statutory holidays only and are provisional. Days outside raise OutOfLaw.
    """

    def __init__(
        self,
        notices: Callable[[], tuple[Notice, ...]],
        local: tuple[LocalDay, ...] = (),
        rules_known_on: date | None = None,
        made: Made | None = None,
    ) -> None:
        """`made` is the result of `plain` for the same notices, so that they are not read again.

        Days before `open_from` are final; later days may still be changed by the next notice.
        """
        self._notices = notices
        self.local = local
        self.rules_known_on = rules_known_on
        self._marks: dict[int, Mark] | None = None
        if made is not None:
            base, last, announced, december, work, self._marks, rank, ordinals, self.version = made
        else:
            base, last, announced, december, work = self._make()
            rank, ordinals = _packed(accumulate(work)), _packed(compress(range(base, last + 1), work))
            self.version = f"{date.fromordinal(announced).year}.{_checksum(work)}"
        self._base = base
        self.first, self.last = date.fromordinal(base), date.fromordinal(last)
        self.announced_until, self.open_from = date.fromordinal(announced), date.fromordinal(december)
        self._work = work
        self._rank, self._ordinals = memoryview(rank).cast("I"), memoryview(ordinals).cast("I")

    def _make(self) -> tuple[int, int, int, int, bytes]:
        """First and last day, last day announced, first day of the open December, and a byte a day: is it
        worked?
        """
        first, last = (
            min((*self.notices[0].off, *self.notices[0].work)),
            date(fixed_holidays.years()[-1], 12, 31),
        )
        announced = self._announced()
        self._base = base = first.toordinal()
        self.first, self.last = first, last
        length, start = last.toordinal() - base + 1, first.weekday()
        work = bytearray((_WEEK * (length // 7 + 2))[start : start + length])
        for ordinal, (kind, _, _) in self._set_days():
            # The law fixes holidays of years before the first notice too.
            if ordinal >= base:
                work[ordinal - base] = _WORK if kind in _WORKED else _NO_WORK
        december = fixed_holidays.december_from(announced.year)
        return base, last.toordinal(), announced.toordinal(), december.toordinal(), bytes(work)

    def _announced(self) -> date:
        """The last day announced: the end of the last year in an unbroken series of announced years.

        If that year's notices omit a statutory holiday (an incomplete file), it is the last day that they set
        before the holiday.
        """
        year = _last_year(self.notices)
        own = [notice for notice in self.notices if notice.year == year]
        off = {day for notice in own for day in notice.off}
        fixed = fixed_holidays.holidays(year, self.rules_known_on) if year in fixed_holidays.years() else ()
        open_ = next((day for day, _, _ in fixed if day not in off), None)
        if open_ is None:
            return date(year, 12, 31)
        settled = (day for notice in own for day in (*notice.off, *notice.work) if day < open_)
        return max(settled, default=date(year - 1, 12, 31))

    @property
    def plain(self) -> Made:
        """The calendar as plain data, for the cache."""
        ends = (day.toordinal() for day in (self.first, self.last, self.announced_until, self.open_from))
        packed = self._rank.tobytes(), self._ordinals.tobytes()
        return (*ends, self._work, self.marks, *packed, self.version)  # type: ignore[return-value]

    @cached_property
    def notices(self) -> tuple[Notice, ...]:
        """The notices that it was made from, in order."""
        return self._notices()

    def _set_days(self) -> Iterator[tuple[int, Mark]]:
        """Days set by a rule, in rising precedence: the law, the notices in order, the office's own days."""
        for year in fixed_holidays.years():
            for day, festival, source in fixed_holidays.holidays(year, self.rules_known_on):
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
        """By ordinal, the days that differ from the plain week: (kind, festival, notice)."""
        if self._marks is None:
            # A notice may leave a statutory holiday a working day; the notice prevails.
            same: dict[Mark, Mark] = {}
            self._marks = {day: same.setdefault(mark, mark) for day, mark in self._set_days()}
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
            return _from_ordinal(self._ordinals[self._rank[position] + n - 1])
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
        """Whether a day lies past the last that the State Council has announced."""
        return day > self.announced_until

    def december_open(self, day: date) -> bool:
        """Whether a day is one of the last of the last announced year, which the next notice may still
        change.
        """
        return self.open_from <= day <= self.announced_until

    def day(self, day: date) -> Day:
        """A day with what made it a working day or a day off."""
        from workflow.calendar.days import Day

        working = self.is_working(day)
        mark = self.marks.get(day.toordinal())
        if mark is None:
            return Day(day, working, WEEKDAY if working else WEEKEND, "", "")
        kind, festival, notice = mark
        return Day(day, working, LOCAL if kind == _LOCAL_WORK else kind, festival, notice)

    def same_until(self, other: Calendar) -> date:
        """The first day that differs: worked in one calendar only, or announced in one only."""
        announced = min(self.announced_until, other.announced_until) + timedelta(days=1)
        if (self._base, self._work) == (other._base, other._work):
            return self.last if self.announced_until == other.announced_until else announced
        days = range(max(self._base, other._base), min(self.last, other.last).toordinal() + 1)
        another = (day for day in days if self._work[day - self._base] != other._work[day - other._base])
        return min(date.fromordinal(next(another, announced.toordinal())), announced)

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


def _packed(numbers: Iterable[int]) -> bytes:
    from array import array

    return array("I", numbers).tobytes()


def _checksum(work: bytes) -> str:
    import zlib

    return f"{zlib.crc32(work):08x}"


_LOCAL_WORK = "local_work"
_WORKED = (MAKE_UP, _LOCAL_WORK)


def _last_year(notices: tuple[Notice, ...]) -> int:
    """The last year in an unbroken series of announced years."""
    announced = {notice.year for notice in notices}
    year = min(announced)
    while year + 1 in announced:
        year += 1
    return year
