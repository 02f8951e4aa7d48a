"""The contents of a database for backup and restore: its tables in order, its chains, and reporting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from workflow.base.errors import Damaged, DisclosureError
from workflow.base.messages import N_
from workflow.storage import database, encryption, key_mark, ledger
from workflow.storage.database import Store
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


def revision_of(store: Store) -> str:
    """The schema of a database that can be backed up; Environment where there is none."""
    # An older schema is backed up too: that is what has to be done before it is upgraded.
    found = store.schema()
    if found is None or found > database.SCHEMA:
        store.check()
    assert found is not None
    return found


def keyring_of(store: Store, *, needed: bool) -> encryption.Keyring | None:
    """The key file that is here, if it belongs to this database; None where there is none such, and it is not
    needed."""
    try:
        ring = encryption.load(encryption.key_file(store.folder))
        with store.reading(checked=False) as connection:
            if sa.inspect(connection).has_table(key_mark.MARKS.name):
                key_mark.require(ring, key_mark.kept(connection))
    except DisclosureError:
        if needed:
            raise
        return None
    return ring


def one_snapshot(connection: Connection) -> None:
    """From now on the connection sees one moment."""
    # SQLite reads in one snapshot from BEGIN on; PostgreSQL only where it is told to.
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


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


def begun(
    connection: Connection, revision: str, moment: datetime, ring: encryption.Keyring | None
) -> Manifest:
    """The manifest of a backup that is begun now: what is known before its tables are read."""
    manifest = Manifest(
        schema=revision,
        created_at=moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        database=connection.dialect.name,
        index_mark=encryption.blind_index(ring.index, MARKED) if ring else None,
    )
    named = {table.name: table for table in tables_of(connection, {"office", "chain_head"})}
    query = sa.select(named["office"], named["chain_head"]).join(named["chain_head"])
    for row in connection.execute(query.order_by(named["office"].c.id)):
        manifest.offices.append(
            {"id": row.id, "key": row.key, "name": row.name, "seq": row.seq, "hash": row.hash}
        )
    return manifest


def count_of(connection: Connection, tables: list[sa.Table]) -> int:
    """The rows of these tables."""
    counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in tables]
    return sum(connection.execute(sa.select(*counts)).one()) if counts else 0


def rows_of(connection: Connection, table: sa.Table, progress: Progress) -> Iterator[dict[str, Any]]:
    """The rows of a table in the order of its primary key."""
    query = sa.select(table).order_by(*table.primary_key.columns)
    found = connection.execute(query, execution_options={"yield_per": CHUNK}).mappings()
    try:
        for part in found.partitions():
            for row in part:
                yield dict(row)
            progress.step(len(part))
    except ValueError as fault:
        raise Damaged(
            N_("The table {table} holds a value that does not belong there: {detail}"),
            table=table.name,
            detail=str(fault),
            way_on=N_("Keep the database as it is and compare it with a backup."),
        ) from None


def files_named(connection: Connection, tables: list[sa.Table]) -> list[str]:
    """The digests of all files to which a row refers: those of every column that has this name. The files of
    a case that was destroyed are gone, and not missing."""
    cases = next((table for table in tables if table.name == "case_file"), None)
    found: set[str] = set()
    for table in tables:
        if "sha256" not in table.c:
            continue
        query = sa.select(table.c.sha256).distinct()
        if cases is not None and "destroyed_on" in cases.c and "case_id" in table.c:
            query = query.join(cases, cases.c.id == table.c.case_id).where(cases.c.destroyed_on.is_(None))
        found |= set(connection.execute(query).scalars())
    return sorted(value for value in found if value)


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


def summary(shown: str, size: int, manifest: Manifest) -> dict[str, Any]:
    """What is in a backup, for whoever asked for it."""
    return {
        "archive": shown,
        "bytes": size,
        "created_at": manifest.created_at,
        "schema": manifest.schema,
        "database": manifest.database,
        "offices": manifest.offices,
        "rows": {name: part.rows for name, part in manifest.tables.items()},
        "files": len(manifest.files),
        "missing": manifest.missing,
        "key": manifest.key is not None,
        "web_key": manifest.web_key is not None,
    }


def unfit(table: str) -> Damaged:
    """The error for a table of an archive that is not what its schema or its chain says."""
    return Damaged(
        N_("The table {table} of the backup does not fit its schema."),
        field="archive",
        table=table[:80],
        way_on=N_("Nothing was restored. Take another backup."),
    )
