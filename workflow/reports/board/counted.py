"""The rows of the organs whose cases lie in this database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from workflow.office.profile import Office
from workflow.office.seat import Seat
from workflow.reports.board import counting
from workflow.reports.board.row import Row
from workflow.reports.board.sources import Span

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def rows(connection: Connection, seat: Seat, offices: Iterable[Office], asked: Span) -> Iterator[Row]:
    """A row of each office, in their order."""
    listed = list(offices)
    ids = [one.id for one in listed]
    numbers = counting.count(connection, ids, asked)
    days = counting.days_of_replies(connection, ids, asked, seat.context.calendar)
    stars = counting.stars(connection, ids, asked)
    for one in listed:
        own = one.id == seat.office.id
        yield Row(one.key, one.name, numbers[one.id], days[one.id], stars[one.id], own=own)
