"""Numbers in a series of an office and year: gapless, never twice, taken in the transaction that uses
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text, update

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
_NEXT = update(SERIES).where(_WHERE).values(last=SERIES.c.last + bindparam("more")).returning(SERIES.c.last)


# Of two who take the first of a year at once, the second waits for the other and has the next.
_FIRST = text(
    "INSERT INTO series (office_id, name, year, last) VALUES (:office, :series, :of_year, :more)"
    " ON CONFLICT (office_id, name, year) DO UPDATE SET last = series.last + :more RETURNING last"
)


def take(connection: Connection, office_id: int, name: str, year: int) -> int:
    """The next number. Whoever else takes one of the series waits until this transaction ends, so that two
    cannot have the same; a rollback gives it back.
    """
    return take_several(connection, office_id, name, year, 1)[0]


def take_several(connection: Connection, office_id: int, name: str, year: int, count: int) -> range:
    """So many numbers, which follow one another; as take."""
    which = {"office": office_id, "series": name, "of_year": year, "more": count}
    taken = connection.execute(_NEXT, which).scalar()
    if taken is None:
        taken = connection.execute(_FIRST, which).scalar_one()
    return range(int(taken) - count + 1, int(taken) + 1)
