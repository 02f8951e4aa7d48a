"""Empty databases that are migrated once: for tests of what a database holds, not of how its schema came to
be.

Alembic takes a quarter of a second from an empty database to the newest schema, nearly all of it in Python.
What it says to the database meanwhile comes out of the revisions and the kind of database alone; so the next
empty database in this process is told the same. Any other, and revisions from any other folder, are left to
Alembic. Tests of migrations themselves (tests/storage) run each of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

import migrations

_upgrade = migrations.upgrade
# What makes a schema: statements and what they are given, in order.
_kept: dict[Hashable, list[tuple[str, Any]]] = {}
# What only asks.
_LOOKS = ("SELECT", "PRAGMA")


@contextmanager
def once() -> Iterator[None]:
    """Meanwhile Alembic runs once for each kind of database and revision."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "upgrade", _once)
        yield


def _once(connection: sa.Connection, revision: str = "head") -> None:
    if sa.inspect(connection).get_table_names():
        _upgrade(connection, revision)
        return
    revisions = migrations.config(connection).get_main_option("script_location")
    key = (connection.dialect.name, revisions, revision)
    if key not in _kept:
        _kept[key] = _listened(connection, revision)
        return
    for statement, given in _kept[key]:
        connection.exec_driver_sql(statement, given or None)


def _listened(connection: sa.Connection, revision: str) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = []

    def executed(_c: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        if not statement.lstrip().startswith(_LOOKS):
            said.append((statement, given))

    event.listen(connection, "before_cursor_execute", executed)
    try:
        _upgrade(connection, revision)
    finally:
        event.remove(connection, "before_cursor_execute", executed)
    return said
