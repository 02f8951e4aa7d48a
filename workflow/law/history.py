"""Rows by date: of several rows of one name, the one in force on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from workflow.base.errors import OutOfLaw
from workflow.base.messages import N_, pick, translate

if TYPE_CHECKING:

    class Dated(Protocol):
        """A row with its first and last day."""

        @property
        def effective_from(self) -> date: ...

        @property
        def effective_until(self) -> date | None: ...


Row = TypeVar("Row", bound="Dated")


class Series(Generic[Row]):
    """The rows of one name in order of their dates, without gap or overlap."""

    __slots__ = ("_starts", "head", "name", "rows")

    def __init__(self, name: str, head: dict[str, Any], rows: list[Row]) -> None:
        self.name = name
        self.head = head
        self.rows = rows
        self._starts = [row.effective_from for row in rows]

    def on(self, day: date) -> Row:
        """The row in force on a day; OutOfLaw, with the reason that the tables give, where there is none."""
        position = bisect_right(self._starts, day) - 1
        if position < 0:
            raise self.before(day)
        row = self.rows[position]
        if row.effective_until is not None and day > row.effective_until:
            raise self._after(day, row.effective_until)
        return row

    def has(self, day: date) -> bool:
        """Whether a row is in force on a day."""
        position = bisect_right(self._starts, day) - 1
        if position < 0:
            return False
        until = self.rows[position].effective_until
        return until is None or day <= until

    @property
    def turns(self) -> set[date]:
        """The days on which a row begins, or holds no longer."""
        ends = (row.effective_until for row in self.rows)
        return {*self._starts, *(day + timedelta(1) for day in ends if day is not None and day < date.max)}

    @property
    def title(self) -> str:
        """The name of the parameter in the language in force."""
        return pick(self.head.get("zh", self.name), self.head.get("en", self.name))

    def before(self, day: date) -> OutOfLaw:
        """The error for a day before the first row."""
        return OutOfLaw(
            N_("{parameter} ({title}) has no value on {date}; the first known date is {first}. {reason}"),
            rule=getattr(self.rows[0], "article", None),
            field=self.name,
            parameter=self.name,
            title=self.title,
            date=day.isoformat(),
            first=self._starts[0].isoformat(),
            reason=translate(self.head.get("before", "")),
        )

    def _after(self, day: date, last: date) -> OutOfLaw:
        return OutOfLaw(
            N_("{parameter} ({title}) has no value on {date}; the last known date is {last}. {reason}"),
            rule=getattr(self.rows[-1], "article", None),
            field=self.name,
            parameter=self.name,
            title=self.title,
            date=day.isoformat(),
            last=last.isoformat(),
            reason=translate(self.head.get("after", "")),
        )


class Together(Generic[Row]):
    """All series of one table: which of their rows are in force on a day.

    From one day on which a row begins or has ended to the next the same rows hold: they are looked up once.
    """

    __slots__ = ("_known", "_series", "_turns")

    def __init__(self, series: Iterable[Series[Row]]) -> None:
        self._series = list(series)
        self._turns = sorted({day for one in self._series for day in one.turns})
        self._known: dict[int, tuple[Row, ...]] = {}

    def span(self, day: date) -> int:
        """Which of the spans between those days a day lies in, counted from 0."""
        return bisect_right(self._turns, day)

    def on(self, day: date) -> tuple[Row, ...]:
        """The rows in force on a day, in the order of the table."""
        span = self.span(day)
        found = self._known.get(span)
        if found is None:
            found = self._known[span] = tuple(one.on(day) for one in self._series if one.has(day))
        return found
