"""The board: the figures of each organ side by side, with those of all together.

What organs with databases of their own have reported (workflow/reports/board/reported.py) stands beside
what is counted here, and is marked. Numbers add; median, 90 % and mean are computed from the counts of days
and of ratings, so that they are those of all together and no mean of means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from workflow.base.errors import Malformed, NotFound
from workflow.base.messages import N_
from workflow.base.messages import listed as joined
from workflow.office.profile import Office
from workflow.office.seat import Seat
from workflow.reports.board import figures, organs
from workflow.reports.board.figures import Figure, Span
from workflow.reports.performance.measure import Period, period, rank, share
from workflow.reports.register.cells import NATURAL, masked

Number = int | float
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass
class Row:
    """One organ: its counts, and how often each number of days and of stars occurs. `months` are those that
    it reported itself; none where its cases lie here.
    """

    key: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    stars: Counter[int] = field(default_factory=Counter)
    months: tuple[str, ...] = ()
    own: bool = False

    def value(self, figure: Figure) -> Number | None:
        """A figure of this row; None where it is a share or a rank of nothing."""
        match figure.id:
            case "share_in_time":
                return share(self.counts["in_time"], self.counts["replied"])
            case "median":
                return rank(self.days, 50)
            case "p90":
                return rank(self.days, 90)
            case "satisfaction":
                rated = sum(self.stars.values())
                return round(sum(n * times for n, times in self.stars.items()) / rated, 2) if rated else None
        return self.counts[figure.id]

    def add(self, other: Row) -> None:
        """Add another row's numbers to these."""
        self.counts.update(other.counts)
        self.days.update(other.days)
        self.stars.update(other.stars)

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        values = {id: self.value(one) for id, one in figures.all_figures().items()}
        return {"organ": self.key, "name": self.name, "reported": list(self.months), "figures": values}


@dataclass
class Board:
    """The rows of the organs, and the one of all together."""

    span: Span
    rows: list[Row]

    @property
    def total(self) -> Row:
        """All organs together."""
        made = Row("", "")
        for row in self.rows:
            made.add(row)
        return made

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "from": self.span.first.isoformat(),
            "to": self.span.last.isoformat(),
            "today": self.span.today.isoformat(),
            "due_until": self.span.until.isoformat(),
            "organs": [row.plain() for row in self.rows],
            "total": self.total.plain()["figures"],
            "defined": {
                one.id: {"name": one.name, "when": one.when, "counts": one.says, "basis": one.basis}
                for one in figures.all_figures().values()
            },
        }


def month_of(typed: str) -> Period:
    """A month as typed (2026-10); Malformed where it is none."""
    found = _MONTH.fullmatch(typed.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not date.min.year < int(found[1]) < date.max.year:
        raise Malformed(
            N_("'{month}' is no month."),
            field="month",
            month=typed[:20],
            way_on=N_("Write it as YEAR-MONTH: 2026-10"),
        )
    first = date(int(found[1]), int(found[2]), 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return Period(first, next_month - timedelta(days=1))


def span(
    seat: Seat,
    *,
    month: str | None = None,
    year: int | None = None,
    first: str | None = None,
    last: str | None = None,
    days: int | None = None,
) -> Span:
    """The days as asked for: a month, a year, from a day to a day; else this month."""
    today = seat.today()
    if month is None and year is None and not first and not last:
        month = f"{today:%Y-%m}"
    if month is not None and (year is not None or first or last):
        raise Malformed(
            N_("A period is a month, a year, or two days."), field="month", way_on=N_("Leave the others out.")
        )
    asked = month_of(month) if month is not None else period(year, first, last, today)
    ahead = days if days is not None else figures.due_days()
    return Span(asked.first, asked.last, today, seat.context.calendar.add(today, ahead))


def rows(seat: Seat, asked: Span) -> Iterator[Row]:
    """The rows of the organs whose cases lie here: one's own first."""
    with seat.store.reading() as connection:
        offices = organs.seen(connection, seat)
        ids = [one.id for one in offices]
        counted = figures.count(connection, ids, asked)
        days = figures.days_of_replies(connection, ids, asked, seat.context.calendar)
        stars = figures.stars(connection, ids, asked)
    for one in offices:
        own = one.id == seat.office.id
        yield Row(one.key, one.name, counted[one.id], days[one.id], stars[one.id], own=own)


def make(seat: Seat, asked: Span, further: Iterable[Row] = ()) -> Board:
    """The board of a period; `further` are rows that organs reported."""
    return Board(asked, [*rows(seat, asked), *further])


def find(board: Board, typed: str) -> Row:
    """The row of an organ, by its key or its name; NotFound tells which there are."""
    wanted = typed.strip()
    for row in board.rows:
        if wanted in (row.key, row.name):
            return row
    raise NotFound(
        N_("'{organ}' is no organ of the board."),
        field="organ",
        organ=wanted[:60],
        way_on=N_("Organs are: {names}"),
        names=joined(f"{row.name}（{row.key}）" for row in board.rows[:20]),
    )


@dataclass
class Listed:
    """The cases that a figure of an organ counts."""

    organ: Office
    figure: Figure
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    own: bool
    # What the figure says, also where a page of the list is looked at.
    number: int

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "organ": self.organ.key,
            "figure": self.figure.id,
            "says": self.figure.says,
            "basis": self.figure.basis,
            "count": self.number,
            "cases": [
                {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
                for row in self.rows
            ],
        }


def listed(
    seat: Seat, asked: Span, organ: str, figure: str, *, after: int = 0, limit: int | None = None
) -> Listed:
    """The cases behind a figure: of one's own organ with unit, handler and applicant, of another's with
    numbers and days alone.
    """
    meant = figures.find(figure)
    with seat.store.reading() as connection:
        office = organs.find(organs.seen(connection, seat), organ)
        own = office.id == seat.office.id
        found = figures.listed(connection, office.id, meant, asked, own=own, after=after, limit=limit)
        rows = [_masked(row) for row in found]
        counted = figures.count(connection, [office.id], asked)[office.id]
        return Listed(
            office, meant, figures.columns(meant, own=own), rows, own, counted[meant.of or meant.id]
        )


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """A row as registers show it: names of natural persons masked."""
    if row.get("applicant_kind") == NATURAL:
        return {**row, "applicant_name": masked(row["applicant_name"])}
    return row
