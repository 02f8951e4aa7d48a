"""Backup: a whole database with its files in one archive, taken in one snapshot while work goes on.

It is there whole or not at all, and of no particular database: what was taken from SQLite goes back into
PostgreSQL, and the reverse. The way back is workflow/upkeep/restore.py, offered here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from workflow.base import dates, whole_files
from workflow.base.errors import Conflict, Damaged, DisclosureError, Malformed, NotFound
from workflow.base.messages import N_
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.storage import database, encryption, file_store
from workflow.storage.database import Store
from workflow.upkeep.backup_contents import (
    CHUNK,
    MARKED,
    Progress,
    Seen,
    names_of,
    scalar,
    summary,
    tables_of,
    walk,
)
from workflow.upkeep.backup_file import Manifest, Writer
from workflow.upkeep.restore import examine, restore

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

__all__ = ["backup", "examine", "record", "restore"]


def backup(store: Store, out: Path, *, with_key: bool = False, seen: Seen | None = None) -> dict[str, Any]:
    """Write a backup to `out` (a new file, or a folder in which it gets a name by the hour); what is in it.

    `with_key` puts the key file in: such a backup opens all personal data. `seen(done, total)` counts rows
    and files. A file that is missing or damaged does not hold up the rest: its digest is in `missing` of what
    is returned, and of the manifest. Conflict if `out` is there, Environment if there is no database or the
    disk takes no more, Damaged if a chain of the ledger is broken; nothing is then left of it.
    """
    revision = _revision(store)
    moment = dates.now()
    if out.is_dir():
        out = out / f"disclosure-{moment.astimezone(dates.CHINA):%Y%m%d-%H%M%S}.zip"
    if out.exists():
        raise _taken(out)
    ring = _ring(store, needed=with_key)
    with store.reading(checked=False) as connection, whole_files.draft(out.parent) as new:
        _one_snapshot(connection)
        manifest = Manifest(
            schema=revision,
            created_at=moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
            database=connection.dialect.name,
            index_mark=encryption.blind_index(ring.index, MARKED) if ring else None,
        )
        with Writer(new.out, moment) as archive:
            _write(connection, archive, manifest, file_store.folder(store.folder), seen)
            if with_key:
                manifest.key = archive.key(encryption.key_file(store.folder).read_bytes())
            archive.manifest(manifest)
        try:
            new.keep(out, replace=False)
        except FileExistsError:
            raise _taken(out) from None
    return summary(out, manifest)


def record(seat: Seat, with_key: bool) -> None:
    """Record who takes a backup that opens personal data, before it is made; only an approver may."""
    founding.require_manager(seat)
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, "backup_made", seat.officer.actor, {"with_key": with_key})


def _revision(store: Store) -> str:
    # An older schema is backed up too: that is what has to be done before it is upgraded.
    found = store.schema()
    if found is None or found > database.SCHEMA:
        store.check()
    assert found is not None
    return found


def _ring(store: Store, *, needed: bool) -> encryption.Keyring | None:
    try:
        return encryption.load(encryption.key_file(store.folder))
    except DisclosureError:
        if needed:
            raise
        return None


def _one_snapshot(connection: Connection) -> None:
    # SQLite reads in one snapshot from BEGIN on; PostgreSQL only where it is told to.
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _write(
    connection: Connection, archive: Writer, manifest: Manifest, folder: Path, seen: Seen | None
) -> None:
    tables = tables_of(connection, names_of(connection, manifest.schema))
    total = sum(scalar(connection, sa.select(sa.func.count()).select_from(table)) for table in tables)
    kept = _files_named(connection, tables)
    progress = Progress(total + len(kept), seen)
    for table in tables:
        manifest.tables[table.name] = archive.rows(table.name, _rows(connection, table, progress))
    named = {table.name: table for table in tables}
    query = sa.select(named["office"], named["chain_head"]).join(named["chain_head"])
    for row in connection.execute(query.order_by(named["office"].c.id)):
        manifest.offices.append(
            {"id": row.id, "key": row.key, "name": row.name, "seq": row.seq, "hash": row.hash}
        )
    if manifest.schema == database.SCHEMA:
        walk(connection, manifest)
    for sha256 in kept:
        try:
            with file_store.opened(folder, sha256) as source:
                manifest.files[sha256] = archive.file(sha256, source)
        except (NotFound, Damaged, Malformed):
            manifest.missing.append(sha256)
        progress.step()


def _rows(connection: Connection, table: sa.Table, progress: Progress) -> Iterator[dict[str, Any]]:
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


def _files_named(connection: Connection, tables: list[sa.Table]) -> list[str]:
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


def _taken(out: Path) -> Conflict:
    return Conflict(
        N_("There is a file already: {path}"),
        field="out",
        path=str(out),
        way_on=N_("A backup never replaces another file. Choose another name, or give a folder."),
    )
