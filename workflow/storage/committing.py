"""The commit of a transaction, whose answer may be lost: then it is looked up whether it was done.

Where the connection breaks while the commit is under way, the server may have done it, may do it in a moment,
or never. So the same gate is waited at as by every writer of the office: who comes in knows that the other
transaction is at its end, and that its entry is either in the ledger or never will be.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Environment
from workflow.base.messages import N_

if TYPE_CHECKING:
    from sqlalchemy import TextClause
    from sqlalchemy.engine import Connection, Engine

# Under which a connection knows the entry that its transaction wrote last.
LAST_ENTRY = "disclosure_last_entry"
# Which of our advisory locks is meant: a number of our own, the other is the office's.
GATE = 0x47_49_44
# A server that restarts answers again within a few seconds: so long is waited between the questions.
PAUSES = [0.2, 0.5, 1.0, 2.0]
_THERE = "SELECT 1 FROM ledger WHERE office_id = :office AND seq = :seq AND hash = :hash"


def alone() -> TextClause:
    """The statement that waits at an office's gate until nobody writes there (PostgreSQL alone)."""
    from sqlalchemy import text

    return text("SELECT pg_advisory_xact_lock(:gate, :office)").bindparams(gate=GATE)


def commit(engine: Engine, connection: Connection, transaction: Any) -> None:
    """Commit. Where the connection is lost meanwhile, look whether the entry is there: what was recorded is
    not said not to be, and nobody is invited to do it twice. Environment where that cannot be known.
    """
    from sqlalchemy.exc import DBAPIError

    last = connection.info.pop(LAST_ENTRY, None)
    try:
        transaction.commit()
    except DBAPIError as fault:
        if not (fault.connection_invalidated or connection.invalidated):
            raise
        if last is None:
            raise _not_known(
                N_("Look before you repeat it. Whether the database is back says: disclosure doctor")
            ) from fault
        if not recorded(engine, last):
            raise


def recorded(engine: Engine, last: tuple[int, int, str]) -> bool:
    """Whether an entry (office, sequence, hash) is in the ledger, once nobody writes there any more;
    Environment where that cannot be known.
    """
    from sqlalchemy.exc import DBAPIError

    for pause in [*PAUSES, None]:
        try:
            with engine.connect() as connection:
                return _there(connection, last)
        except DBAPIError as fault:
            away = fault.connection_invalidated or fault.statement is None
            if pause is None or not away:
                raise _not_known(
                    N_("Look before you repeat it, when it is back: disclosure history CASE")
                ) from fault
            time.sleep(pause)
    raise AssertionError("unreachable")


def _there(connection: Connection, last: tuple[int, int, str]) -> bool:
    from sqlalchemy import text

    given = dict(zip(("office", "seq", "hash"), last, strict=True))
    if connection.dialect.name == "postgresql":
        connection.execute(alone(), {"office": given["office"]})
    return connection.execute(text(_THERE), given).first() is not None


def _not_known(way_on: str) -> Environment:
    return Environment(
        N_("The database went away while this was being recorded: whether it was is not known."),
        way_on=way_on,
    )
