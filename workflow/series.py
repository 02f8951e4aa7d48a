"""Numbers in a series of an office and year: gapless, never twice, taken in the transaction that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from workflow.schema import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SERIES = TABLES["series"]


def take(connection: Connection, office_id: int, name: str, year: int) -> int:
    """The next number. The caller holds the office's lock, so that two cannot take the same; a rollback gives it back."""
    where = (SERIES.c.office_id == office_id) & (SERIES.c.name == name) & (SERIES.c.year == year)
    last = connection.execute(select(SERIES.c.last).where(where)).scalar()
    if last is None:
        connection.execute(insert(SERIES), {"office_id": office_id, "name": name, "year": year, "last": 1})
        return 1
    connection.execute(update(SERIES).where(where), {"last": last + 1})
    return int(last) + 1
