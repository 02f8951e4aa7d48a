"""The offices of a database: all, one by its row, and those below one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from workflow.office.profile import Office, of_row
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.engine import Connection


def by_id(connection: Connection, office_id: int) -> Office:
    """An office by the number of its row."""
    return of_row(connection.execute(_one(), {"office": office_id}).one())


def below(offices: list[Office], key: str) -> list[Office]:
    """The organs below an office, directly or through others, in the order in which they were founded."""
    above = {one.key: str(one.entry("superior")) for one in offices}

    def is_below(one: str) -> bool:
        seen: set[str] = set()
        while (one := above.get(one, "")) and one not in seen:
            if one == key:
                return True
            seen.add(one)
        return False

    return [one for one in offices if one.key != key and is_below(one.key)]


def listed(connection: Connection) -> list[Office]:
    """All offices of the database."""
    return [of_row(row) for row in connection.execute(_all())]


@cache
def _one() -> Select[Any]:
    from sqlalchemy import bindparam, select

    return select(TABLES["office"]).where(TABLES["office"].c.id == bindparam("office"))


@cache
def _all() -> Select[Any]:
    from sqlalchemy import select

    return select(TABLES["office"]).order_by(TABLES["office"].c.id)
