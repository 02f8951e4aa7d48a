"""Case numbers for the shell. It asks at every tab: SQLite answers without the libraries that acts need."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from workflow.reports.views import case_list
from workflow.storage.database import SCHEMA, Store, sqlite_path

MOST = 50
_NUMBERS = """
    SELECT number, applicant_name FROM case_file
    WHERE substr(number, 1, length(:start)) = :start AND (SELECT version_num FROM alembic_version) = :schema
    ORDER BY id DESC LIMIT :most
"""


def numbers(database_url: str | None, start: str) -> list[tuple[str, str]]:
    """Case numbers that begin with a text, newest first, with the applicant's name.

    An SQLite database that is not there, or not ours, completes to nothing; of another, errors as the store
    has them.
    """
    store = Store(database_url)
    path = sqlite_path(store.url)
    if path is not None:
        return _of_file(path, start)
    with store.reading() as connection:
        return case_list.numbers(connection, None, start, MOST)


def _of_file(path: Path, start: str) -> list[tuple[str, str]]:
    try:
        # Opened for writing (never to create it), so that the last connection tidies up the log.
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=1)
        ) as connection:
            connection.execute("PRAGMA query_only = ON")
            return connection.execute(_NUMBERS, {"start": start, "schema": SCHEMA, "most": MOST}).fetchall()
    except sqlite3.Error:
        return []
