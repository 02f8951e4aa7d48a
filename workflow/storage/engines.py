"""How a database is opened: SQLAlchemy's engine for it, and what each of its connections is told first."""

from __future__ import annotations

import os
import select
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from workflow.storage import unsent

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine, Transaction
    from sqlalchemy.pool import PoolProxiedConnection

BUSY_MS = 10_000
# Under which a connection knows, while a transaction begins, that it will write.
_WRITES = "disclosure_writes"
# The engine that was made ahead, by its URL.
_ahead: dict[str, Engine] = {}
# All that this process has made.
_open: WeakSet[Engine] = WeakSet()


def engine(database_url: str) -> Engine:
    """The engine of a database: the one that was made ahead for it, or a new one. What SQLAlchemy raises for
    a URL that it cannot use is raised.
    """
    found = _ahead.get(database_url)
    if found is None:
        found = _made(database_url)
        _share_statements(found)
    return found


def prepare(database_url: str) -> None:
    """Make the engine of an SQLite database ahead, for the processes that are forked from this one. The
    database is not touched: what an engine does once, at its first connection, it does in memory.
    """
    prefix = "sqlite:///"
    # One that is named from a folder is another one for each caller.
    if not database_url.startswith(prefix + os.sep) or "?" in database_url:
        return
    from sqlalchemy.dialects.sqlite import dialect as sqlite

    driver = sqlite.import_dbapi()
    place = [":memory:"]

    def connected() -> Any:
        return driver.connect(place[0], timeout=BUSY_MS / 1000, check_same_thread=False)

    made = _made(database_url, creator=connected)
    _share_statements(made)
    made.connect().close()
    made.dispose()
    place[0] = database_url.removeprefix(prefix)
    _ahead.clear()
    _ahead[database_url] = made


def close() -> None:
    """Close the connections that rest, as the end of an interpreter does: the last one to an SQLite database
    brings the log into its file, which then is whole by itself.
    """
    for made in list(_open):
        # The engine's own way makes a new pool besides, which nobody uses any more.
        made.pool.dispose()


def keep_dialect(made: Engine) -> None:
    """Let the engines that follow have the dialect of one that has connected."""
    shared = _shared(_alike(made))
    shared["dialect"] = shared["dialect"] or made.dialect


def _alike(made: Engine) -> URL | None:
    """What engines have in common that may share: on SQLite nothing has to be; on PostgreSQL a dialect knows
    what it found in its database.
    """
    return None if made.dialect.name == "sqlite" else made.url


@lru_cache(maxsize=8)
def _shared(_: URL | None) -> dict[str, Any]:
    """Shared by the engines of this process that are alike: the dialect of the first one that connected, and
    compiled statements.
    """
    from sqlalchemy.util import LRUCache

    return {"dialect": None, "compiled": LRUCache(500)}


def _share_statements(made: Engine) -> None:
    """Let an engine reuse statements compiled by another one, as one process may serve many databases in
    turn. SQLAlchemy keys compiled statements by the dialect object, so that is shared too.
    """
    shared = _shared(_alike(made))
    made.update_execution_options(compiled_cache=shared["compiled"])
    if shared["dialect"] is not None:
        # At the first connection its own dialect would ask what the shared one knows.
        made.dialect.initialize = lambda connection: None  # type: ignore[method-assign]
        made.dialect = made.pool._dialect = shared["dialect"]  # noqa: SLF001  (no public way)


def _made(database_url: str, **more: Any) -> Engine:
    from sqlalchemy import create_engine, event

    if database_url.startswith("sqlite"):
        made = create_engine(database_url, connect_args={"timeout": BUSY_MS / 1000}, **more)
        event.listen(made, "connect", _prepare_sqlite)
        # Not by the event of the same name: an engine that listens to any asks at every statement who does.
        made.dialect.do_begin = _begin_sqlite  # type: ignore[method-assign]
    else:
        # No table of ours has such a column: whether there is that type need not be asked.
        known = {"use_native_hstore": False} if database_url.startswith("postgresql") else {}
        made = create_engine(database_url, **known)
        event.listen(made, "connect", _prepare_postgres)
        event.listen(made, "checkout", _require_line)
        made.dialect.do_execute = unsent.execute  # type: ignore[method-assign]
        made.dialect.do_executemany = unsent.execute_many  # type: ignore[method-assign]
    _open.add(made)
    return made


def _prepare_sqlite(connection: Any, _: Any) -> None:
    # The driver must not open transactions by itself: writers take the lock at once (BEGIN IMMEDIATE).
    connection.isolation_level = None
    cursor = connection.cursor()
    # How long a lock is waited for, the driver was told when it connected.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgres(connection: Any, _: Any) -> None:
    # As on SQLite: a writer that waits longer than this gets an error instead of hanging.
    told = [f"SET lock_timeout = {BUSY_MS}"]
    # A client that was stopped in the middle of an act does not keep the others out for ever.
    told.append(f"SET idle_in_transaction_session_timeout = {6 * BUSY_MS}")
    # One message, outside of any transaction: every command waits for it.
    connection.autocommit = True
    connection.execute("; ".join(told))
    connection.autocommit = False


def _require_line(connection: Any, *_: Any) -> None:
    """Another connection is made where the server has ended one that rested. It says so, or closes the line:
    whether anything came is seen here, and asking it each time would cost every act a message more.
    """
    from sqlalchemy.exc import DisconnectionError

    if connection.closed:
        raise DisconnectionError
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    if line.poll(0):
        raise DisconnectionError


def _begin_sqlite(dbapi_connection: PoolProxiedConnection) -> None:
    cursor = dbapi_connection.cursor()
    cursor.execute("BEGIN IMMEDIATE" if _WRITES in dbapi_connection.info else "BEGIN")
    cursor.close()


def begin_writing(connection: Connection) -> Transaction:
    """Begin a transaction that writes; on SQLite it waits here until no other one does."""
    connection.info[_WRITES] = True
    try:
        return connection.begin()
    finally:
        connection.info.pop(_WRITES, None)


def end_reading(connection: Connection) -> None:
    """End a transaction that only read. On PostgreSQL by a commit: after a rollback the driver has every
    statement prepared anew. Whatever was read is there, so that a line that breaks now harms nobody.
    """
    from sqlalchemy.exc import DBAPIError

    if connection.dialect.name != "sqlite" and connection.in_transaction() and not connection.invalidated:
        with suppress(DBAPIError):
            connection.commit()
