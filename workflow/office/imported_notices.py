"""Notices on days off that were imported here, until the project brings them itself: those in the database.

They are kept in the database, for every officer and machine, and as files in the data folder (notice_folder),
for the calculators that need no database.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from workflow.base import tables
from workflow.base.errors import DisclosureError
from workflow.calendar import Notice, notice_tables
from workflow.calendar.notice_folder import from_files
from workflow.storage.database import Store
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

NOTICES = TABLES["notice"]
_CONTENTS = select(NOTICES.c.content).order_by(NOTICES.c.promulgated, NOTICES.c.id)


def everywhere(database: str | None = None) -> tuple[Notice, ...]:
    """The notices imported on this machine, and those in the database if there is one to look into."""
    found = {notice.id: notice for notice in from_files()}

    try:
        store = Store(database)
        try:
            with store.reading() as connection:
                found.update((notice.id, notice) for notice in imported(connection))
        finally:
            store.close()
    except DisclosureError:
        # No database, or one whose fault is reported elsewhere: use the files alone.
        pass
    return notice_tables.in_order(found.values())


def imported(connection: Connection) -> tuple[Notice, ...]:
    """The notices imported into this database."""
    return _parsed(tuple(connection.execute(_CONTENTS).scalars()))


@lru_cache(maxsize=8)
def _parsed(contents: tuple[str, ...]) -> tuple[Notice, ...]:
    return notice_tables.in_order(
        notice for content in contents for notice in notice_tables.of_table(tables.parse(content, "notice"))
    )
