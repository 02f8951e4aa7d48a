"""The contents of a database for backup and restore: its tables in order, its chains, and reporting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from workflow.base.errors import Damaged
from workflow.base.messages import N_
from workflow.storage import database, ledger
from workflow.storage.tables import TABLES
from workflow.upkeep.backup_file import Manifest

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Seen = Callable[[int, int], None]
CHUNK = 200
# The index key is known by this mark: what is found by it must be what was marked by it.
MARKED = "disclosure backup"
VERSIONS = "alembic_version"
# Tables that are not ours: those of the queue in PostgreSQL, and the index that the database keeps itself.
_FOREIGN = ("procrastinate_", "search_index")


class Progress:
    """Counts rows and files, and tells who asked."""

    def __init__(self, total: int, seen: Seen | None) -> None:
        self.done, self.total, self.seen = 0, total, seen

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self.done += count
        if self.seen is not None:
            self.seen(self.done, self.total)


def names_of(connection: Connection, revision: str) -> set[str]:
    """The names of our tables in the database; of an older schema, of all that could be ours."""
    names = set(sa.inspect(connection).get_table_names()) - {VERSIONS}
    if revision == database.SCHEMA:
        return names & set(TABLES)
    return {name for name in names if not name.startswith(_FOREIGN)}


def tables_of(connection: Connection, names: set[str]) -> list[sa.Table]:
    """These tables as the database has them, those first to which others refer."""
    metadata = sa.MetaData()
    metadata.reflect(connection, only=sorted(names))
    return [table for table in metadata.sorted_tables if table.name in names]


def walk(connection: Connection, manifest: Manifest) -> None:
    """Every chain holds, and ends where the manifest says."""
    offices = sa.select(TABLES["office"].c.id).order_by(TABLES["office"].c.id)
    if list(connection.execute(offices).scalars()) != [office["id"] for office in manifest.offices]:
        raise unfit("office")
    for office in manifest.offices:
        for _ in ledger.walk(connection, office["id"]):
            pass
        head = ledger.head(connection, office["id"])
        if (head.seq, head.hash) != (office["seq"], office["hash"]):
            raise unfit("chain_head")


def scalar(connection: Connection, query: Any) -> Any:
    """The one value that a query gives."""
    return connection.execute(query).scalar()


def summary(archive: Path, manifest: Manifest) -> dict[str, Any]:
    """What is in an archive, for whoever asked for it."""
    return {
        "archive": str(archive),
        "bytes": archive.stat().st_size,
        "created_at": manifest.created_at,
        "schema": manifest.schema,
        "database": manifest.database,
        "offices": manifest.offices,
        "rows": {name: part.rows for name, part in manifest.tables.items()},
        "files": len(manifest.files),
        "missing": manifest.missing,
        "key": manifest.key is not None,
    }


def unfit(table: str) -> Damaged:
    """The error for a table of an archive that is not what its schema or its chain says."""
    return Damaged(
        N_("The table {table} of the backup does not fit its schema."),
        field="archive",
        table=table[:80],
        way_on=N_("Nothing was restored. Take another backup."),
    )
