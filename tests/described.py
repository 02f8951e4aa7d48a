"""Tables that are described once: for tests of what a backup holds and does, not of how columns are found.

To learn how the tables look, SQLAlchemy asks the database some hundred questions, which takes longer than
all else in a small backup. Databases of one schema look the same: they are described once in this process.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from workflow.upkeep import backup, backup_contents, restored_rows

_described: dict[Hashable, list[sa.Table]] = {}
_asked = backup_contents.tables_of
# What tells one schema from another. (Where PostgreSQL puts long values has a number of its own in every
# database, and is none of our tables.)
_SCHEMA = {
    "sqlite": "SELECT sql FROM sqlite_master ORDER BY rowid",
    "postgresql": """
        SELECT (attrelid::regclass, attnum, attname, atttypid, atttypmod, attnotnull)::text
        FROM pg_attribute WHERE attrelid >= 16384 AND attnum > 0
        AND attrelid NOT IN (SELECT oid FROM pg_class WHERE relnamespace = 'pg_toast'::regnamespace)
        UNION ALL SELECT (conrelid::regclass, pg_get_constraintdef(oid))::text
        FROM pg_constraint WHERE oid >= 16384 ORDER BY 1
    """,
}


@contextmanager
def once() -> Iterator[None]:
    """Meanwhile no backup and no restore asks again how tables look."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (backup, backup_contents, restored_rows):
            patch.setattr(module, "tables_of", _once)
        yield


def _once(connection: sa.Connection, names: set[str]) -> list[sa.Table]:
    said = connection.exec_driver_sql(_SCHEMA[connection.dialect.name]).scalars().all()
    schema = (*said, *sorted(names))
    if schema not in _described:
        _described[schema] = _asked(connection, names)
    return _described[schema]
