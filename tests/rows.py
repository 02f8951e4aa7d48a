"""What is in a PostgreSQL database of the tests, beside its schema: taken out as bytes, put back, removed.

All of it goes by a superuser's connection beside the program's own, past every trigger and foreign key.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
_PAST_TRIGGERS = "SET LOCAL session_replication_role = replica"
# So long is PostgreSQL's binary copy of a table without rows:
# https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.55.9.4
_NO_ROW = 21


@dataclass(frozen=True)
class Rows:
    """Of each table that has rows PostgreSQL's binary copy of them; of each sequence the last number that it
    gave, None before its first.
    """

    tables: dict[str, bytes] = field(default_factory=dict)
    sequences: dict[str, int | None] = field(default_factory=dict)


def state(connection: psycopg.Connection[Any]) -> str:
    """What is another one as soon as any transaction that writes began or ended, anywhere on the server."""
    row = connection.execute("SELECT pg_current_snapshot()::text").fetchone()
    assert row is not None
    return str(row[0])


def taken(connection: psycopg.Connection[Any]) -> Rows:
    """All that is there."""
    tables = {}
    for (name,) in connection.execute(_TABLES).fetchall():
        with connection.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as copy:  # type: ignore[arg-type]
            rows = b"".join(map(bytes, copy))
        if len(rows) > _NO_ROW:
            tables[name] = rows
    return Rows(tables, dict(connection.execute(_SEQUENCES).fetchall()))


def put(connection: psycopg.Connection[Any], rows: Rows, before: Rows) -> None:
    """Make the database have these rows; `before` is what it has now, so that what is the same stays."""
    changed = [
        name
        for name in sorted({*rows.tables, *before.tables})
        if rows.tables.get(name) != before.tables.get(name)
    ]
    steps = [
        _PAST_TRIGGERS,
        *(f'DELETE FROM "{name}"' for name in changed if name in before.tables),
        *(
            _numbered(name, last)
            for name, last in rows.sequences.items()
            if last != before.sequences.get(name)
        ),
    ]
    with connection.transaction():
        connection.execute("; ".join(steps))  # type: ignore[arg-type]
        for name in changed:
            if name in rows.tables:
                with connection.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copy:  # type: ignore[arg-type]
                    copy.write(rows.tables[name])


def remove(connection: psycopg.Connection[Any]) -> None:
    """Remove every row of every table, whatever may be removed otherwise; numbers begin anew."""
    tables = [name for (name,) in connection.execute(_TABLES)]
    sequences = [name for name, _ in connection.execute(_SEQUENCES)]
    steps = [
        _PAST_TRIGGERS,
        *(f'DELETE FROM "{name}"' for name in tables),
        *(_numbered(name, None) for name in sequences),
    ]
    with connection.transaction():
        connection.execute("; ".join(steps))  # type: ignore[arg-type]


def _numbered(sequence: str, last: int | None) -> str:
    return f"SELECT setval('\"{sequence}\"', {1 if last is None else last}, {str(last is not None).lower()})"
