"""Checks of the data and of the office: database, key, files, disk, logins, calendar, law."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from workflow.base import messages
from workflow.base.messages import N_
from workflow.base.shown_url import shown
from workflow.storage import database as databases
from workflow.storage import database_url, encryption, file_store, key_mark
from workflow.upkeep.finding import Finding, Level
from workflow.upkeep.machine_checks import POSTGRES_PACKAGES, SIGN_PACKAGES

DISK_WARNING = 2 * 1024**3


DISK_FAILURE = 200 * 1024**2


def check_database(database: str | None) -> Iterator[Finding]:
    """The database and its schema."""
    opened = databases.Store(database)
    try:
        opened.check()
    finally:
        opened.close()
    yield Finding(
        "database",
        "ok",
        N_("The database {place} has the schema of this program"),
        params={"place": shown(opened.url)},
    )


def check_postgres(database: str | None) -> Iterator[Finding]:
    """The packages for PostgreSQL, where it is used."""
    wanted = not database_url.url(database).startswith("sqlite")
    missing = [name for name in POSTGRES_PACKAGES if importlib.util.find_spec(name) is None]
    if not missing:
        yield Finding("postgresql", "ok", N_("The packages for PostgreSQL are there"))
    else:
        yield Finding(
            "postgresql",
            "failure" if wanted else "ok",
            N_("Not there: {names} (only needed for PostgreSQL)"),
            N_("pip install 'disclosure[postgres]'"),
            {"names": messages.listed(missing)},
        )


def check_signing() -> Iterator[Finding]:
    """The package for signatures."""
    missing = [name for name in SIGN_PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding(
            "signing",
            "ok",
            N_("Not there: {names} (only needed to sign letters)"),
            N_("pip install 'disclosure[sign]'"),
            {"names": messages.listed(missing)},
        )
    else:
        yield Finding("signing", "ok", N_("The package for signing letters is there"))


def _folder(database: str | None) -> Path:
    return database_url.beside(database_url.url(database))


def check_key_file(database: str | None) -> Iterator[Finding]:
    """The key file and its rights."""
    path = encryption.key_file(_folder(database))
    if not path.exists() and no_database_yet(database):
        yield Finding(
            "key",
            "failure",
            N_("There is no key file {path} yet"),
            N_("It is made together with the database: disclosure init --office office.toml"),
            {"path": str(path)},
        )
        return
    ring = encryption.load(path)
    opened = databases.Store(database)
    try:
        if opened.schema() == databases.SCHEMA:
            with opened.reading() as connection:
                key_mark.require(ring, key_mark.kept(connection))
    finally:
        opened.close()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding(
            "key",
            "warning",
            N_("Others than its owner may read the key file {path} (mode {mode})"),
            N_("chmod 600 {path}"),
            {"path": str(path), "mode": f"{mode:04o}"},
        )
    else:
        yield Finding(
            "key",
            "ok",
            N_("The key file {path} can be read; keep a copy of it apart from the backups of the database"),
            params={"path": str(path)},
        )


def no_database_yet(database: str | None) -> bool:
    """Whether nothing was created yet where the database would lie."""
    opened = databases.Store(database)
    try:
        return opened.schema() is None
    finally:
        opened.close()


def check_files(database: str | None) -> Iterator[Finding]:
    """The folder of the file store."""
    path = file_store.folder(_folder(database))
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    good = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    yield Finding(
        "files",
        "ok" if good else "failure",
        N_("Files are kept in {path}") if good else N_("Files cannot be kept in {path}"),
        None if good else N_("Make {there} a folder that you may write, or name another by DISCLOSURE_FILES"),
        {"path": str(path), "there": str(there)},
    )


def check_disk(database: str | None) -> Iterator[Finding]:
    """Free space where data is written."""
    seen = set()
    for path in (_folder(database), file_store.folder(_folder(database))):
        there = next(place for place in (path, *path.absolute().parents) if place.exists())
        if there.stat().st_dev in seen:
            continue
        seen.add(there.stat().st_dev)
        free = shutil.disk_usage(there).free
        level: Level = "failure" if free < DISK_FAILURE else "warning" if free < DISK_WARNING else "ok"
        yield Finding(
            "disk",
            level,
            N_("{free} MB are free for {path}"),
            None if level == "ok" else N_("Make room on that disk: an act that finds none is refused"),
            {"free": free // 1024**2, "path": str(there)},
        )
