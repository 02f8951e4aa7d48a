"""What the database refuses or cannot do, as errors that a person can act on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from workflow.base.errors import Conflict, Environment, Malformed, Refused
from workflow.base.messages import N_
from workflow.base.shown_url import said_of, shown
from workflow.storage.database_url import sqlite_path

# What PostgreSQL says where a role lacks a right, and what the functions for officers' roles say.
_REFUSED = ("42501", "DG001")
# With less room on its disk (bytes), a database cannot be opened.
_ROOM = 64 * 1024


@contextmanager
def translated(database_url: str) -> Iterator[None]:
    """Faults of the database as errors that a person can act on."""
    from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

    try:
        yield
    except UnicodeEncodeError as fault:
        raise Malformed(
            N_("A value holds the sign U+{code}, which is no character."),
            code=f"{ord(fault.object[fault.start]):04X}",
            way_on=N_("Type it again, in UTF-8."),
        ) from None
    except IntegrityError as fault:
        raise Conflict(
            N_("The database refused a value that is already there or does not fit: {detail}"),
            detail=_first_line(database_url, fault),
            way_on=N_("Look at the case again and repeat what is still wanted."),
        ) from fault
    except (OperationalError, DatabaseError) as fault:
        detail = _first_line(database_url, fault)
        if any(
            word in detail for word in ("locked", "busy", "lock timeout", "could not serialize", "deadlock")
        ):
            raise Conflict(
                N_("Another program holds the database: {detail}"),
                detail=detail,
                way_on=N_("Try again in a moment."),
            ) from fault
        if getattr(fault.orig, "sqlstate", None) in _REFUSED:
            raise Refused(
                N_("The database refused this: {detail}"),
                rule="house:binding",
                detail=detail,
                way_on=N_("Nothing was written. Who may do what: disclosure officer list"),
            ) from fault
        if _is_full(database_url):
            raise Environment(
                N_("The disk of {place} is full."),
                place=shown(database_url),
                way_on=N_("Nothing was written. Make room on that disk, then repeat."),
            ) from fault
        raise Environment(
            N_("The database at {place} failed: {detail}"),
            place=shown(database_url),
            detail=detail,
            way_on=N_("Nothing was written. See what is wrong with: disclosure doctor"),
        ) from fault


def _is_full(database_url: str) -> bool:
    """Whether the disk of an SQLite database has no room: SQLite calls that an I/O error where it would only
    read, which needs a small file beside the database.
    """
    path = sqlite_path(database_url)
    try:
        left = os.statvfs(path.parent) if path else None
    except OSError:
        return False
    return left is not None and left.f_bavail * left.f_frsize < _ROOM


def _first_line(database_url: str, fault: Exception) -> str:
    said = str(getattr(fault, "orig", None) or fault).strip().splitlines()[0]
    return said_of(database_url, said)
