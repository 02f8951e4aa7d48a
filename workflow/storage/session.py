"""Whom the database itself knows: the role under which this session logged in to PostgreSQL.

An officer works under a role of his own that may not write the ledger; the functions of
workflow/upkeep/database_rights append for him, and compare. The owner of the tables goes round all of that,
and SQLite has no roles: for them nothing vouches here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from workflow.storage import unsent
from workflow.storage.committing import GATE, alone
from workflow.storage.database import ENTERED

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_ASK = text(
    "SELECT session_user::text AS login, pg_has_role(session_user, c.relowner, 'MEMBER') AS owns,"
    " to_regprocedure('disclosure_bound()') IS NOT NULL AS guarded"
    " FROM pg_class c WHERE c.oid = to_regclass('ledger')"
)
_KEPT = "disclosure_session"
_ALONE = alone()
_TOGETHER = text("SELECT pg_advisory_xact_lock_shared(:gate, :office)")
# Not where the head of an earlier version has no tree beside it yet: the next entry builds that, alone.
_WHOLE = text("SELECT seq = 0 OR peaks IS NOT NULL FROM chain_head WHERE office_id = :office")
# Under which a connection knows the offices whose tree it has found: it never goes away again.
_FOUND = "disclosure_trees"


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


def enter_alone(connection: Connection, office_id: int) -> None:
    """Wait at the office's gate until nobody writes rows of its cases, and keep others out until the commit.
    Who came in together with others stays so.

    PostgreSQL alone: on SQLite a transaction that writes is alone from its beginning.
    """
    if connection.dialect.name == "postgresql" and connection.info.get(ENTERED) != office_id:
        connection.execute(_ALONE, {"office": office_id})


def enter_together(connection: Connection, office_id: int, *, now: bool = False) -> bool:
    """Come in through the office's gate beside others, each to write the rows of a single case and leave its
    entry to the commit (workflow.storage.sealing). False where that is not possible: the caller locks the
    chain first. Without `now`, with the next question that is asked.

    Everybody takes the row of his case first, then the numbers that he needs, and the chain last, and nobody
    wants a second case: so none waits for one who waits for him.
    """
    if connection.dialect.name != "postgresql" or of(connection).bound:
        return False
    found = connection.info.setdefault(_FOUND, set())
    if office_id not in found:
        if not connection.execute(_WHOLE, {"office": office_id}).scalar():
            return False
        found.add(office_id)
    connection.info[ENTERED] = office_id
    # The server has to have answered that before it is sent the commit: whoever looks afterwards what became
    # of a commit whose answer was lost waits at the gate for it.
    if now:
        connection.execute(_TOGETHER, {"gate": GATE, "office": office_id})
    unsent.begin(connection)
    if not now:
        unsent.leave(connection, _TOGETHER, {"gate": GATE, "office": office_id})
    return True
