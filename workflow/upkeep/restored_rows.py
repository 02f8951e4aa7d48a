"""The rows and files of a backup, put into an empty database and an empty folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

import migrations
from workflow.base.errors import Malformed
from workflow.base.messages import N_
from workflow.storage import file_store
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep.backup_contents import CHUNK, Progress, names_of, tables_of, unfit
from workflow.upkeep.backup_file import Source

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


# The highest whole number of a column that is not made for higher ones.
_HIGHEST = 2**31


def migrate(connection: Connection, revision: str) -> None:
    """Bring an empty database to the schema of the backup."""
    from alembic.util import CommandError

    try:
        migrations.upgrade(connection, revision)
    except CommandError as fault:
        raise Malformed(
            N_("This program does not know the schema {found}: {detail}"),
            field="archive",
            found=revision,
            detail=str(fault),
        ) from None


def insert(connection: Connection, source: Source, progress: Progress) -> None:
    """Put all rows of the backup into the tables."""
    manifest = source.manifest
    given, present = set(manifest.tables), names_of(connection, manifest.schema)
    # Exactly the tables of the schema: none missing, none unknown.
    for name in sorted((set(TABLES) & present) - given) + sorted(given - present):
        raise unfit(name)
    tables = tables_of(connection, given)
    for table in tables:
        readers = {column.name: _reader(column) for column in table.columns}
        chunk: list[dict[str, Any]] = []
        for row in source.rows(table.name):
            chunk.append(_values(table, readers, row))
            if len(chunk) == CHUNK:
                connection.execute(sa.insert(table), chunk)
                progress.step(len(chunk))
                chunk.clear()
        if chunk:
            connection.execute(sa.insert(table), chunk)
            progress.step(len(chunk))
    if connection.dialect.name == "postgresql":
        _set_sequences(connection, tables)


def _reader(column: sa.Column[Any]) -> Callable[[Any], Any]:
    kind = column.type.python_type
    highest = 2**63 if isinstance(column.type, sa.BigInteger) else _HIGHEST

    def read(value: Any) -> Any:
        if value is None and column.nullable:
            return None
        if kind in (date, datetime) and isinstance(value, str):
            return kind.fromisoformat(value)
        if type(value) is not kind or (kind is int and not -highest <= value < highest):
            raise ValueError(column.name)
        if kind is str:
            value.encode()  # a lone surrogate is not text
        return value

    return read


def _values(table: sa.Table, readers: dict[str, Callable[[Any], Any]], row: dict[str, Any]) -> dict[str, Any]:
    if row.keys() != readers.keys():
        raise unfit(table.name)
    try:
        return {name: readers[name](value) for name, value in row.items()}
    except ValueError:
        raise unfit(table.name) from None


def _set_sequences(connection: Connection, tables: list[sa.Table]) -> None:
    """PostgreSQL's sequences do not know the rows that were inserted with their ids: set them."""
    keys = [column for table in tables for column in table.primary_key.columns]
    named = [sa.func.pg_get_serial_sequence(f'"{key.table.name}"', key.name) for key in keys]
    if not named:
        return
    sequences = connection.execute(sa.select(*named)).one()
    newest = [
        sa.func.setval(
            sequence, sa.select(sa.func.coalesce(sa.func.max(key), 0) + 1).scalar_subquery(), False
        )
        for key, sequence in zip(keys, sequences, strict=True)
        if sequence is not None
    ]
    if newest:
        connection.execute(sa.select(*newest))


def put_files(store: Store, source: Source, progress: Progress) -> None:
    """Put the files of the backup into the store, each under its hash."""
    folder = file_store.folder(store.folder)
    for sha256, part in source.manifest.files.items():
        kept = file_store.put(folder, source.file(sha256), limit=part.size)
        if kept.sha256 != sha256:
            raise unfit(f"files/{sha256}")
        progress.step()
