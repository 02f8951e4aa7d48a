"""Keys of cases read through a connection: wrapped in the database, unwrapped with the key file."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from workflow.base.errors import DisclosureError
from workflow.cases.entry import Entry
from workflow.storage import encryption, key_mark, sealed_texts
from workflow.storage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.engine import Connection

KEYS = TABLES["case_key"]
_WRAPPED = select(KEYS.c.wrapped).where(KEYS.c.case_id == bindparam("case"))
_WRAPPED_OF = select(KEYS.c.case_id, KEYS.c.wrapped).where(
    KEYS.c.case_id.in_(bindparam("cases", expanding=True))
)
# Under this name an engine carries the folder beside which the key file lies (see store).
FOLDER = "disclosure_folder"


@lru_cache(maxsize=8)
def _ring(path: str, _changed: int, _size: int) -> encryption.Keyring:
    return encryption.load(Path(path))


def forget() -> None:
    """Hold no master key any longer than the command that needed it, where the process goes on."""
    _ring.cache_clear()
    encryption.forget()


def ring(connection: Connection) -> encryption.Keyring | None:
    """The master keys that belong to this database; None where there is no key file."""
    folder = connection.get_execution_options().get(FOLDER)
    if folder is None:
        return None
    path = encryption.key_file_name(folder)
    try:
        found = os.stat(path)
    except OSError:
        return None
    return _ring(path, found.st_mtime_ns, found.st_size)


def of(connection: Connection, case_id: int) -> bytes | None:
    """The key of a case; None where the key file is not here, or the key was destroyed."""
    held = ring(connection)
    if held is None:
        return None
    wrapped = connection.execute(_WRAPPED, {"case": case_id}).scalar()
    return _unwrapped(connection, held, case_id, wrapped) if wrapped else None


def of_wrapped(connection: Connection, case_id: int, wrapped: str | None) -> bytes | None:
    """The same, where its wrapped key was read already."""
    held = ring(connection) if wrapped else None
    return _unwrapped(connection, held, case_id, wrapped) if held is not None and wrapped else None


def many(connection: Connection, case_ids: list[int]) -> Callable[[int], bytes | None]:
    """What tells the key of each of several cases, fetched together; None where it is not at hand."""
    held = ring(connection)
    if held is None:
        return lambda case_id: None
    rows = {one: wrapped for one, wrapped in connection.execute(_WRAPPED_OF, {"cases": case_ids}) if wrapped}

    def key_of(case_id: int) -> bytes | None:
        wrapped = rows.get(case_id)
        return _unwrapped(connection, held, case_id, wrapped) if wrapped else None

    return key_of


def _unwrapped(connection: Connection, held: encryption.Keyring, case_id: int, wrapped: str) -> bytes:
    try:
        return encryption.unwrap(held, case_id, wrapped)
    except DisclosureError:
        # Under the keys of another database nothing opens: that is not damage, and a backup does not mend it.
        key_mark.require(held, key_mark.kept(connection))
        raise


def opened(connection: Connection, case_id: int, entries: Iterable[Entry]) -> list[Entry]:
    """Entries of a case with their texts unsealed where its key is at hand, else with marks in
    their place.
    """
    listed = list(entries)
    if not any(sealed_texts.is_sealed(entry.payload) for entry in listed):
        return listed
    return shown(listed, of(connection, case_id))


def shown(entries: Iterable[Entry], key: bytes | None) -> list[Entry]:
    """Entries with their texts unsealed under the key of their case; without the key, with marks in their
    place.
    """
    return [sealed_texts.bare(entry) if key is None else sealed_texts.show(entry, key) for entry in entries]
