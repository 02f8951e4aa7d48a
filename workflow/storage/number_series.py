"""Numbers in a series of an office and year: gapless, never twice, taken in the transaction that uses
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, update

from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

SERIES = TABLES["series"]
# Made once: making them anew takes longer than the database needs for them.
_WHERE = (
    (SERIES.c.office_id == bindparam("office"))
    & (SERIES.c.name == bindparam("series"))
    & (SERIES.c.year == bindparam("of_year"))
)
_NEXT = update(SERIES).where(_WHERE).values(last=SERIES.c.last + 1).returning(SERIES.c.last)


def take(connection: Connection, office_id: int, name: str, year: int) -> int:
    """The next number. The caller holds the office's lock, so that two cannot take the same; a rollback gives
    it back.
    """
    which = {"office": office_id, "series": name, "of_year": year}
    taken = connection.execute(_NEXT, which).scalar()
    if taken is None:
        connection.execute(insert(SERIES), {"office_id": office_id, "name": name, "year": year, "last": 1})
        return 1
    return int(taken)
