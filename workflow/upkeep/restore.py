"""Restore: a backup put into a database that holds no office, of one kind or another.

Everything in the archive is compared with its manifest first, then written in one transaction with the
schema, and the chain of every office is walked before the commit. Killed at any moment, it leaves the
database as it was; files that were already put back lie under their own hash and disturb nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from workflow.base import whole_files
from workflow.base.errors import Conflict, Environment
from workflow.base.messages import N_
from workflow.base.shown_url import shown
from workflow.office import identity
from workflow.storage import database, database_url, encryption
from workflow.storage.database import Store
from workflow.storage.tables import TABLES
from workflow.upkeep.backup_contents import MARKED, VERSIONS, Progress, Seen, summary, walk
from workflow.upkeep.backup_file import Manifest, Reader, Source
from workflow.upkeep.restored_rows import insert, migrate, put_files

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def examine(archive: Path, *, seen: Seen | None = None) -> dict[str, Any]:
    """Read a backup to its end and compare all of it with its manifest; what is in it. Errors as
    restore().
    """
    with Reader(archive) as source:
        _compare(source, Progress(source.manifest.rows + len(source.manifest.files), seen))
        return summary(source.shown, source.size, source.manifest)


def restore(store: Store, archive: Path | Source, *, seen: Seen | None = None) -> dict[str, Any]:
    """Put a backup into a database that holds no office, and bring it to this program's schema; what was put
    in.

    NotFound, Malformed or Damaged where the archive is not there, no backup, or not what was written.
    Conflict if the database holds an office, or the key file here is another one; Environment if the backup
    is of a newer program, or the key file is missing. Nothing is then changed.
    """
    identity.require_keeper()
    if isinstance(archive, Path):
        with Reader(archive) as source:
            return put_back(store, source, seen=seen)
    return put_back(store, archive, seen=seen)


def put_back(store: Store, source: Source, *, seen: Seen | None = None) -> dict[str, Any]:
    """As restore(), whoever asks: into a place that is nobody's."""
    manifest = source.manifest
    if manifest.schema > database.SCHEMA:
        raise Environment(
            N_("The backup has schema {found}, newer than this program's {ours}."),
            found=manifest.schema,
            ours=database.SCHEMA,
            way_on=N_("Use the newer program."),
        )
    progress = Progress(2 * (manifest.rows + len(manifest.files)), seen)
    _compare(source, progress)
    key, web_key = _wanted_key(store, source), _wanted_web_key(store, source)
    with _made(store), store.writing(checked=False) as connection:
        _require_no_office(connection, store, manifest)
        migrate(connection, manifest.schema)
        insert(connection, source, progress)
        if manifest.schema != database.SCHEMA:
            migrate(connection, database.SCHEMA)
        walk(connection, manifest)
        put_files(store, source, progress)
        if key is not None:
            _put_key(encryption.key_file(store.folder), key)
        if web_key is not None:
            _put_key(encryption.web_key_file(store.folder), web_key)
    return summary(source.shown, source.size, manifest) | source.about()


def _compare(source: Source, progress: Progress) -> None:
    for table, part in source.manifest.tables.items():
        for _ in source.rows(table):
            pass
        progress.step(part.rows)
    for sha256 in source.manifest.files:
        for _ in source.file(sha256):
            pass
        progress.step()
    source.key()


def _wanted_key(store: Store, source: Source) -> bytes | None:
    """The key file to be put here, None where the one that is here opens the backup; else refuse."""
    path, data = encryption.key_file(store.folder), source.key()
    here = encryption.load(path) if path.exists() else None
    if data is None:
        if here is None:
            raise Environment(
                N_(
                    "The backup holds no key file, and there is none at {path}: its personal data could not be read."
                ),
                path=str(path),
                way_on=N_("Put the copy that was kept of the key file there (mode 0600), then repeat."),
            )
        _require_opens(here, source, path)
        return None
    with whole_files.draft(path.parent) as new:
        new.write(data)
        new.out.flush()
        given = encryption.load(new.path)
    _require_opens(given, source, path)
    if here is None:
        return data
    # A key file that was rotated since then opens the backup as well.
    if here.index != given.index or not given.keys.items() <= here.keys.items():
        raise _other_key(path)
    return None


def _wanted_web_key(store: Store, source: Source) -> bytes | None:
    """The keys of the public counter to be put here, None where they are here already; else refuse: what
    applicants sealed to the one does not open with the other.
    """
    path, data = encryption.web_key_file(store.folder), source.web_key()
    if data is None or not path.exists():
        return data
    if path.read_bytes() != data:
        raise _other_key(path)
    return None


def _put_key(path: Path, data: bytes) -> None:
    # Never deleted again: another program may have sealed data with it meanwhile.
    try:
        whole_files.write(path, data, replace=False)
    except FileExistsError:
        raise _other_key(path) from None


def _require_opens(ring: encryption.Keyring, source: Source, path: Path) -> None:
    mark = source.manifest.index_mark
    if mark is not None and mark != encryption.blind_index(ring.index, MARKED):
        raise _other_key(path)
    if "case_key" in source.manifest.tables:
        for row in source.rows("case_key"):
            wrapped = row.get("wrapped")
            if wrapped and isinstance(wrapped, str):
                encryption.unwrap(ring, row.get("case_id", 0), wrapped)


def _other_key(path: Path) -> Conflict:
    return Conflict(
        N_("The key file {path} is not the one of this backup."),
        path=str(path),
        way_on=N_(
            "Name another place for the key file by DISCLOSURE_KEY_FILE, or move this one away; keep both."
        ),
    )


@contextmanager
def _made(store: Store) -> Iterator[None]:
    """The file of a new SQLite database, for its owner alone; it goes again if nothing came of it."""
    path = database_url.sqlite_path(store.url)
    new = path is not None and _claim(path)
    try:
        yield
    except BaseException:
        store.close()
        if path is not None and new and store.schema() is None:
            store.close()
            for ending in ("", "-wal", "-shm"):
                path.with_name(path.name + ending).unlink(missing_ok=True)
        raise


def _claim(path: Path) -> bool:
    try:
        whole_files.private_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    except OSError as fault:
        raise Environment(
            N_("{path} cannot be written: {detail}"),
            path=str(path),
            detail=fault.strerror or str(fault),
            way_on=N_("Check the owner and the rights of that folder, then repeat."),
        ) from None
    return True


def _require_no_office(connection: Connection, store: Store, manifest: Manifest) -> None:
    place = shown(store.url)
    if sa.inspect(connection).has_table("office"):
        if connection.dialect.name == "postgresql":
            # No office can be created meanwhile; SQLite has one writer in any case.
            connection.exec_driver_sql("LOCK TABLE office IN SHARE ROW EXCLUSIVE MODE")
        name = connection.execute(sa.select(TABLES["office"].c.name).limit(1)).scalar()
        if name is not None:
            raise Conflict(
                N_("The database {place} already holds an office ({name}); a restore replaces nothing."),
                place=place,
                name=name,
                way_on=N_("Name a new database by DISCLOSURE_DATABASE_URL and restore into that."),
            )
    if sa.inspect(connection).has_table(VERSIONS):
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found is not None and found > manifest.schema:
            raise Conflict(
                N_(
                    "The backup has the older schema {older}; the database {place} was already made with {found}."
                ),
                older=manifest.schema,
                place=place,
                found=found,
                way_on=N_("Restore it into an empty database: it is upgraded on the way."),
            )
