"""Backup: a whole database with its files in one archive, taken in one snapshot while work goes on.

It is there whole or not at all, and of no particular database: what was taken from SQLite goes back into
PostgreSQL, and the reverse. The way back is workflow/upkeep/restore.py, offered here too.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.base import dates, whole_files
from workflow.base.errors import Conflict, Damaged, Malformed, NotFound
from workflow.base.messages import N_
from workflow.office import founding
from workflow.office.seat import Seat
from workflow.storage import database, encryption, file_store
from workflow.storage.database import Store
from workflow.upkeep.backup_contents import (
    Progress,
    Seen,
    begun,
    count_of,
    files_named,
    keyring_of,
    names_of,
    one_snapshot,
    revision_of,
    rows_of,
    summary,
    tables_of,
    walk,
)
from workflow.upkeep.backup_file import Manifest, Writer
from workflow.upkeep.backup_zip import WEB_KEY
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
    revision = revision_of(store)
    moment = dates.now()
    if out.is_dir():
        out = out / f"disclosure-{moment.astimezone(dates.CHINA):%Y%m%d-%H%M%S}.zip"
    if out.exists():
        raise _taken(out)
    ring = keyring_of(store, needed=with_key)
    with store.reading(checked=False) as connection, whole_files.draft(out.parent) as new:
        one_snapshot(connection)
        manifest = begun(connection, revision, moment, ring)
        with Writer(new.out, moment) as archive:
            _write(connection, archive, manifest, file_store.folder(store.folder), seen)
            if with_key:
                manifest.key = archive.key(encryption.key_file(store.folder).read_bytes())
                web_key = encryption.web_key_file(store.folder)
                if web_key.exists():
                    manifest.web_key = archive.member(WEB_KEY, [web_key.read_bytes()])
            archive.manifest(manifest)
        try:
            new.keep(out, replace=False)
        except FileExistsError:
            raise _taken(out) from None
    return summary(str(out), out.stat().st_size, manifest)


def record(seat: Seat, with_key: bool) -> None:
    """Record who takes a backup that opens personal data, before it is made; only an approver may."""
    founding.require_manager(seat)
    with seat.store.writing() as connection:
        founding.entry(connection, seat.office.id, "backup_made", seat.officer.actor, {"with_key": with_key})


def _write(
    connection: Connection, archive: Writer, manifest: Manifest, folder: Path, seen: Seen | None
) -> None:
    tables = tables_of(connection, names_of(connection, manifest.schema))
    kept = files_named(connection, tables)
    progress = Progress(count_of(connection, tables) + len(kept), seen)
    for table in tables:
        manifest.tables[table.name] = archive.rows(table.name, rows_of(connection, table, progress))
    if manifest.schema == database.SCHEMA:
        walk(connection, manifest)
    for sha256 in kept:
        try:
            with file_store.opened(folder, sha256) as source:
                manifest.files[sha256] = archive.file(sha256, source)
        except (NotFound, Damaged, Malformed):
            manifest.missing.append(sha256)
        progress.step()


def _taken(out: Path) -> Conflict:
    return Conflict(
        N_("There is a file already: {path}"),
        field="out",
        path=str(out),
        way_on=N_("A backup never replaces another file. Choose another name, or give a folder."),
    )
