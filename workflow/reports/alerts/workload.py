"""What the picture of the coming weeks shows: for each day the last days that fall on it, in rows by whose
they are.

Rows of the database are taken in one by one; of a full day only as many are kept as can be drawn, the others
counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from workflow.cases import states
from workflow.cases.states import ClockState
from workflow.office import alert_settings
from workflow.reports.alerts.search import CLOCKS, Search

# The number of marks that fit in a day of one row.
MOST = 20
OPEN = states.OPEN


class Dot(NamedTuple):
    """One last day of one case, as it is drawn."""

    mark: str
    case: str
    clock: str
    ref: int
    due: date
    provisional: bool
    handler: str | None


@dataclass
class Cell:
    """A day in one row: all are counted, the first are kept."""

    count: int = 0
    dots: list[Dot] = field(default_factory=list)

    def add(self, dot: Dot) -> None:
        """One more."""
        self.count += 1
        if len(self.dots) < MOST:
            self.dots.append(dot)


class Column(NamedTuple):
    """A day of the picture."""

    day: date
    working: bool
    name: str
    provisional: bool


@dataclass
class Load:
    """The picture's content: its days, and by row and day what falls on it; `before` holds what was due
    earlier.
    """

    today: date
    days: list[Column]
    lanes: dict[str, dict[date, Cell]]
    before: dict[str, Cell]

    @property
    def busiest(self) -> tuple[date, int] | None:
        """The day from today on with the most replies due, and how many."""
        found = {day: cell.count for day, cell in self.lanes["reply"].items() if day >= self.today}
        return max(found.items(), key=lambda item: (item[1], -item[0].toordinal()), default=None)


def read(search: Search, weeks: int) -> Load:
    """The load of the coming weeks, this one included."""
    today, limits = search.today, search.limits
    first = today - timedelta(days=today.weekday())
    last = min(first + timedelta(days=7 * weeks - 1), limits.calendar.last)
    made = Load(today, list(_days(search, first, last)), {}, {})
    for lane in alert_settings.table()["lane"]:
        made.lanes[lane], made.before[lane] = {}, Cell()
    query = search.over_clocks(list(limits.clocks), OPEN).where(CLOCKS.c.due <= last)
    for row in search.rows(query.add_columns(CLOCKS.c.state.label("clock_state"))):
        mark = _mark(row, search)
        if mark is None:
            continue
        lane = limits.clocks[row.rule].lane
        cell = made.before[lane] if row.due < first else made.lanes[lane].setdefault(row.due, Cell())
        cell.add(Dot(mark, row.number, row.rule, row.ref, row.due, bool(row.provisional), row.handler))
    return made


def _days(search: Search, first: date, last: date) -> Iterator[Column]:
    calendar = search.limits.calendar
    for n in range((last - first).days + 1):
        day = calendar.day(first + timedelta(days=n))
        yield Column(day.date, day.working, day.festival, calendar.provisional(day.date))


def _mark(row: Any, search: Search) -> str | None:
    """How a last day is drawn; None where it is over and nothing follows from it."""
    clock, limits, today = search.limits.clocks[row.rule], search.limits, search.today
    standing = row.clock_state == ClockState.STOPPED or clock.lane == "others"
    if row.due < today:
        if clock.kind is None or (clock.kind == "target" and standing):
            return None
        return "waiting" if standing else "target" if clock.kind == "target" else "overdue"
    if standing or row.clock_state == ClockState.PAUSED:
        return "waiting"
    if row.due == today:
        return clock.day
    return "soon" if row.due <= limits.near[row.rule] else "later"
