"""Whom the database itself knows: the role under which this session logged in to PostgreSQL.

An officer works under a role of his own that may not write the ledger; the functions of
workflow/upkeep/database_rights append for him, and compare. The owner of the tables goes round all of that,
and SQLite has no roles: for them nothing vouches here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ASK = text(
    "SELECT session_user::text AS login, pg_has_role(session_user, c.relowner, 'MEMBER') AS owns,"
    " to_regprocedure('disclosure_bound()') IS NOT NULL AS guarded"
    " FROM pg_class c WHERE c.oid = to_regclass('ledger')"
)
_KEPT = "disclosure_session"


@dataclass(frozen=True, slots=True)
class Session:
    """The role of a connection; `bound`: the database compares it with the officer of each entry."""

    login: str
    bound: bool


_NOBODY = Session("", bound=False)


def of(connection: Connection) -> Session:
    """Under which role this connection works; asked once a connection, for it never changes."""
    if connection.dialect.name != "postgresql":
        return _NOBODY
    found = connection.info.get(_KEPT)
    if found is None:
        row = connection.execute(_ASK).first()
        if row is None:
            return _NOBODY  # before there is a schema
        found = connection.info[_KEPT] = Session(row.login, bound=row.guarded and not row.owns)
    return found
