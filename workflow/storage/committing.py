"""The commit of a transaction, whose answer may be lost: then it is looked up whether it was done.

Where the connection breaks while the commit is under way, the server may have done it, may do it in a moment,
or never. So the same gate is waited at as by every writer of the office: who comes in knows that the other
transaction is at its end, and that its entry is either in the ledger or never will be.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workflow.base.errors import Environment
from workflow.base.messages import N_
from workflow.storage import sealing, unsent

if TYPE_CHECKING:
    from sqlalchemy import Row, TextClause
    from sqlalchemy.engine import Connection, Engine

# Under which a connection knows the entry that its transaction wrote last, by columns that no other shares.
LAST_ENTRY = "disclosure_last_entry"
# Which of our advisory locks is meant: a number of our own, the other is the office's.
GATE = 0x47_49_44
# A server that restarts answers again within a few seconds: so long is waited between the questions.
PAUSES = [0.2, 0.5, 1.0, 2.0]
# An entry that the commit itself chains has no number yet: its moment and its sealed texts are its own.
_OWN = ("office_id", "case_id", "n", "recorded_at", "actor", "event", "payload")


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
    entries, left = sealing.taken(connection), unsent.end(connection)
    if entries:
        last = {name: entries[-1].given[name] for name in _OWN}
    try:
        if entries or left:
            sealing.commit(connection, transaction, entries, left)
        else:
            transaction.commit()
    except DBAPIError as fault:
        if not (fault.connection_invalidated or connection.invalidated):
            raise
        if last is None:
            raise _not_known(
                N_("Look before you repeat it. Whether the database is back says: disclosure doctor")
            ) from fault
        found = recorded(engine, last)
        if found is None:
            raise
        for place, one in enumerate(reversed(entries)):
            one.chained(found.seq - place, found.hash if not place else "")


def recorded(engine: Engine, last: Mapping[str, Any]) -> Row[Any] | None:
    """The number and hash of an entry with these columns, once nobody writes to its office any more; None
    where there is none, Environment where that cannot be known.
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


def _there(connection: Connection, last: Mapping[str, Any]) -> Row[Any] | None:
    from sqlalchemy import text

    if connection.dialect.name == "postgresql":
        connection.execute(alone(), {"office": last["office_id"]})
    wanted = " AND ".join(f"{name} = :{name}" for name in last)
    query = f"SELECT seq, hash FROM ledger WHERE {wanted}"  # noqa: S608  (names of columns alone)
    return connection.execute(text(query), last).first()


def _not_known(way_on: str) -> Environment:
    return Environment(
        N_("The database went away while this was being recorded: whether it was is not known."),
        way_on=way_on,
    )
