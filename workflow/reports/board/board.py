"""The board: the figures of each organ side by side, counted here or reported by it; and their lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.office.profile import Office
from workflow.office.seat import Seat
from workflow.reports.board import counted, counting, figures, organs, reported
from workflow.reports.board.figures import Figure
from workflow.reports.board.row import Board, month_of
from workflow.reports.board.sources import Span
from workflow.reports.performance.measure import period
from workflow.reports.register.cells import NATURAL, masked


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


def make(seat: Seat, asked: Span) -> Board:
    """The board of a period: one's own organ, those below it, and those that report themselves."""
    with seat.store.reading() as connection:
        here = list(counted.rows(connection, seat, organs.seen(connection, seat), asked))
        told, missing = reported.rows(connection, seat.office.id, asked)
    return Board(asked, [*here, *told], missing)


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
        found = counting.listed(connection, office.id, meant, asked, own=own, after=after, limit=limit)
        rows = [_masked(row) for row in found]
        number = len(rows)
        if after or limit is not None:
            number = counting.count(connection, [office.id], asked)[office.id][meant.of or meant.id]
        return Listed(office, meant, counting.columns(meant, own=own), rows, own, number)


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """A row as registers show it: names of natural persons masked."""
    if row.get("applicant_kind") == NATURAL:
        return {**row, "applicant_name": masked(row["applicant_name"])}
    return row
