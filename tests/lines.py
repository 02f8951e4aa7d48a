"""Connections to PostgreSQL that are opened once: for tests of what a database holds and does, not of how it
is reached.

Each new connection is a new process of the server, which learns all tables anew before it answers the first
question: that is a third of what the server does in most tests. Whoever closes a connection to a lent
database meanwhile leaves it to the next who wants one. The server has made it as new before: DISCARD ALL ends
whatever a session has set, prepared or locked (https://www.postgresql.org/docs/current/sql-discard.html).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import pq

from tests import postgres

_connect = psycopg.Connection.connect
# How the program reaches a database: other connections are other sessions.
_USUAL = {"host", "port", "user", "dbname", "context"}


class Line(psycopg.Connection[Any]):
    """A connection that rests when it is closed, if nothing is under way on it."""

    resting_at: postgres.Server
    database: str
    _left = False

    @property
    def closed(self) -> bool:
        """Whether it is closed for whoever had it."""
        return self._left or super().closed

    def close(self) -> None:
        """Leave it to the next."""
        idle = self.pgconn.transaction_status == pq.TransactionStatus.IDLE
        if self.closed or not idle or not self.resting_at.rest(self.database, self.pgconn):
            super().close()
        self._left = True


@contextmanager
def kept() -> Iterator[None]:
    """Meanwhile connections to lent databases are kept when they are closed, and used again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg, "connect", _opened)
        yield


def _opened(*given: Any, **more: Any) -> psycopg.Connection[Any]:
    server = postgres.running(str(more.get("host")))
    database = str(more.get("dbname"))
    usual = set(more) == _USUAL and server is not None and more["user"] == server.user
    if given or not usual or server is None or not server.is_lent(database):
        return _connect(*given, **more)
    line = _as_new(server, database, more["context"]) or Line.connect(**more)
    line.resting_at, line.database = server, database
    return line


def _as_new(server: postgres.Server, database: str, context: Any) -> Line | None:
    while (found := server.rested(database)) is not None:
        line = Line(found)
        try:
            line.autocommit = True
            line.execute("DISCARD ALL", prepare=False)
        except psycopg.Error:
            # The server has ended it meanwhile.
            found.finish()
            continue
        line.autocommit = False
        line._adapters = psycopg.adapt.AdaptersMap(context.adapters)
        return line
    return None
